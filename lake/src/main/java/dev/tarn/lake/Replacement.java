package dev.tarn.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a write takes out of a table before its own rows come in.
 *
 * @param reads what of the table decided about it
 * @param kind files that go, whichever of them there are when the commit is made
 * @param removed files that were found and go
 * @param kept files with the rows of those that stay
 * @param written the same files on the disk, and the files of changes
 */
record Replacement(
        Reads reads,
        Optional<Predicate<AddFile>> kind,
        List<AddFile> removed,
        List<AddFile> kept,
        List<Map<String, Object>> changeFiles,
        List<DataFiles.Written> written) {

    static Replacement nothing() {
        return new Replacement(Reads.nothing(), Optional.empty(), List.of(), List.of(), List.of(), List.of());
    }

    static Replacement everything() {
        return files(file -> true);
    }

    private static Replacement files(Predicate<AddFile> kind) {
        return new Replacement(Reads.nothing(), Optional.of(kind), List.of(), List.of(), List.of(), List.of());
    }

    /** The partitions of some new files. */
    static Replacement partitionsOf(List<AddFile> added, Metadata metadata) {
        Set<Map<String, Optional<String>>> partitions =
                added.stream().map(file -> partition(file, metadata)).collect(Collectors.toSet());
        return files(file -> partitions.contains(partition(file, metadata)));
    }

    /** Writers differ in how they write the same timestamp. */
    static Map<String, Optional<String>> partition(AddFile file, Metadata metadata) {
        return metadata.partitionColumns().stream().collect(Collectors.toMap(column -> column, column -> {
            DeltaField field = metadata.schema().field(column).orElseThrow();
            @Nullable String text = file.partitionValue(metadata.partitionKey(field));
            return Optional.ofNullable(PartitionText.canonical(column, field.type(), text));
        }));
    }

    /** Changes the rows for which a condition holds: files whose rows all match go as they are, others are written anew. */
    static RowOperation rows(
            Scratch scratch,
            Target target,
            Metadata metadata,
            Clock clock,
            List<AddFile> candidates,
            Expression condition) {
        return new RowOperation(
                scratch,
                target,
                metadata,
                clock,
                candidates,
                List.of(new RowClause(1, Optional.of(condition.sql()), Optional.empty())),
                Optional.empty());
    }

    /** Refuses rows of a write that its own condition would not replace. */
    static void checkRows(Connection duckdb, Path table, String rows, Expression condition) throws SQLException {
        String sql = "SELECT count(*) FROM (" + rows + ") AS target WHERE " + condition.sql() + " IS NOT TRUE";
        try (Scratch scratch = new Scratch(duckdb)) {
            long others = scratch.number(sql);
            if (others > 0) {
                throw NewSchema.invalid(
                        (others == 1 ? "1 row of the query does" : others + " rows of the query do")
                                + " not satisfy the condition of the overwrite of table '" + table + "': "
                                + condition.text().strip(),
                        "Filter the rows in the query, or overwrite by another condition.");
            }
        }
    }
}
