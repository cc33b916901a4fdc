package dev.tarn.cli.verify;

import dev.tarn.core.project.NodeId;
import dev.tarn.core.story.Sensitive;
import dev.tarn.lake.DeltaField;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.Snapshot;
import dev.tarn.lake.TableDiff;
import dev.tarn.lake.TableRows;
import dev.tarn.lake.TableSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the Delta tables that two engines made of one target: names, order and types of the columns, and every value.
 *
 * <p>NULL equals NULL, NaN equals NaN, and 0.0 equals -0.0; otherwise no two values are taken for the same.
 *
 * @param engines the names of the two
 * @param key the columns that tell rows apart; empty to count equal rows
 * @param keyAsked whether it is an error if they do not; whole rows are counted otherwise
 * @param ignored columns whose values differ from run to run by their nature
 * @param sensitive columns whose values are not shown
 * @param limit rows to show
 */
record TableComparison(
        NodeId node,
        String target,
        List<String> engines,
        List<String> key,
        boolean keyAsked,
        Set<String> ignored,
        Sensitive.Names sensitive,
        int limit) {

    private static final String ABSENT = "absent";

    TableVerdict compare(Path first, Path second) {
        Optional<Snapshot> one = DeltaTable.forPath(first).snapshot();
        Optional<Snapshot> other = DeltaTable.forPath(second).snapshot();
        if (one.isEmpty() || other.isEmpty()) {
            String missing = one.isPresent() ? "on " + engines.get(1) : "on " + engines.get(0);
            return TableVerdict.trouble(
                    node,
                    target,
                    "was not written " + (one.isEmpty() && other.isEmpty() ? "on either engine" : missing));
        }
        try (TableSession session = TableSession.open()) {
            return compare(session, one.get(), other.get());
        } catch (LakeException e) {
            if (!key.isEmpty() && !keyAsked) {
                return withoutKey().compare(first, second);
            }
            return TableVerdict.trouble(node, target, "cannot be compared: " + e.getMessage() + " " + e.help());
        }
    }

    private TableComparison withoutKey() {
        return new TableComparison(node, target, engines, List.of(), false, ignored, sensitive, limit);
    }

    private TableVerdict compare(TableSession session, Snapshot first, Snapshot second) {
        TableDiff diff = session.diff(first, second, key, ignored);
        List<TableRows.Column> shown = diff.rows().columns();
        return new TableVerdict(
                node,
                target,
                Optional.empty(),
                columns(types(first), types(second)),
                sameOrder(first, second),
                diff.counts(),
                key,
                shown.stream()
                        .map(column -> column.name().equals(TableDiff.CHANGE) ? "engine" : column.name())
                        .toList(),
                diff.counts().isNone()
                        ? List.of()
                        : diff.rows().texts(limit).stream()
                                .map(row -> row(row, shown))
                                .toList());
    }

    private List<@Nullable String> row(List<@Nullable String> row, List<TableRows.Column> columns) {
        List<@Nullable String> shown = new ArrayList<>();
        shown.add(
                switch (String.valueOf(row.get(0))) {
                    case "removed" -> "only " + engines.get(0);
                    case "added" -> "only " + engines.get(1);
                    case "before" -> engines.get(0);
                    default -> engines.get(1);
                });
        for (int i = 1; i < row.size(); i++) {
            shown.add(sensitive.hides(columns.get(i).name()) ? Sensitive.MASK : row.get(i));
        }
        return shown;
    }

    private static Map<String, String> types(Snapshot snapshot) {
        Map<String, String> types = new LinkedHashMap<>();
        snapshot.schema()
                .fields()
                .forEach(field -> types.put(field.name(), field.type().text()));
        return types;
    }

    private static List<TableDiff.Difference> columns(Map<String, String> first, Map<String, String> second) {
        Set<String> names = new LinkedHashSet<>(first.keySet());
        names.addAll(second.keySet());
        return names.stream()
                .map(name -> new TableDiff.Difference(
                        name,
                        Optional.of(first.getOrDefault(name, ABSENT)),
                        Optional.of(second.getOrDefault(name, ABSENT))))
                .filter(each -> !each.before().equals(each.after()))
                .toList();
    }

    private static boolean sameOrder(Snapshot first, Snapshot second) {
        List<String> one = names(first);
        List<String> other = names(second);
        List<String> both = one.stream().filter(other::contains).toList();
        return both.equals(other.stream().filter(one::contains).toList());
    }

    private static List<String> names(Snapshot snapshot) {
        return snapshot.schema().fields().stream().map(DeltaField::name).toList();
    }
}
