package dev.tarn.cli.verify;

import dev.tarn.core.project.NodeId;
import dev.tarn.lake.TableDiff;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the comparison of one target of a node found.
 *
 * @param target as the project names it
 * @param trouble why nothing could be compared, as a clause; empty if it was compared
 * @param columns those that are not the same: their types, or the text "absent", on the first engine and on the second
 * @param order whether the same columns come in the same order
 * @param counts of rows; removed ones are only on the first engine, added ones only on the second
 * @param key the columns by which rows were matched; none if whole rows were counted
 * @param header the names of {@code rows}' columns
 * @param rows the first that differ; their first value says where each is
 */
public record TableVerdict(
        NodeId node,
        String target,
        Optional<String> trouble,
        List<TableDiff.Difference> columns,
        boolean order,
        TableDiff.Counts counts,
        List<String> key,
        List<String> header,
        List<List<@Nullable String>> rows) {

    public TableVerdict {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        header = List.copyOf(header);
        rows = rows.stream().map(TableVerdict::copy).toList();
    }

    /** With NULLs, which {@code List.copyOf} does not take. */
    private static List<@Nullable String> copy(List<@Nullable String> row) {
        return Collections.unmodifiableList(new ArrayList<>(row));
    }

    static TableVerdict trouble(NodeId node, String target, String why) {
        return new TableVerdict(
                node,
                target,
                Optional.of(why),
                List.of(),
                true,
                new TableDiff.Counts(0, 0, 0, 0, 0),
                List.of(),
                List.of(),
                List.of());
    }

    /** Whether both engines made the same columns and rows. */
    public boolean isSame() {
        return trouble.isEmpty() && columns.isEmpty() && order && counts.isNone();
    }

    /** How many rows are not on both engines, or not the same. */
    public long differences() {
        return counts.added() + counts.removed() + counts.changed();
    }
}
