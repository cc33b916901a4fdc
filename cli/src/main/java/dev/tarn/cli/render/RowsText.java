package dev.tarn.cli.render;

import dev.tarn.core.source.Names;
import dev.tarn.lake.Snapshot;
import dev.tarn.lake.TableChanges;
import dev.tarn.lake.TableDiff;
import dev.tarn.lake.TableRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints rows of tables. */
public final class RowsText {

    /** A value that is longer is cut in text, so that a row stays on a line. */
    private static final int WIDTH = 60;

    private final Console console;
    private final boolean json;

    public RowsText(Console console, boolean json) {
        this.console = console;
        this.json = json;
    }

    /** Says where rows went. */
    public void wrote(Path file, long rows) {
        if (json) {
            Map<String, Object> answer = Json.answer("tarn/table-rows/v1", "written");
            answer.put("file", file.toString());
            answer.put("rows", rows);
            console.out().println(Json.text(answer));
        } else {
            console.err().println(TableText.count(rows, "row") + " written to " + file);
        }
    }

    /** The rows as CSV, with a line of names. */
    public void csv(TableRows rows, long limit) {
        try {
            Path file = Files.createTempFile("tarn-rows", ".csv");
            try {
                rows.write(file, TableRows.Format.CSV, limit);
                Files.copy(file, console.out());
                console.out().flush();
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public void head(Path table, long version, TableRows rows, long limit) {
        if (json) {
            Map<String, Object> answer = answer("tarn/table-head/v1", "listed", table);
            answer.put("version", version);
            put(answer, rows, limit);
            console.out().println(Json.text(answer));
        } else {
            print(rows, limit);
        }
    }

    public void changes(Path table, TableChanges changes, TableRows rows, long limit) {
        if (json) {
            Map<String, Object> answer = answer("tarn/table-changes/v1", "listed", table);
            answer.put("from_version", changes.fromVersion());
            answer.put("to_version", changes.toVersion());
            put(answer, rows, limit);
            console.out().println(Json.text(answer));
        } else {
            print(rows, limit);
        }
    }

    public void diff(Path table, Snapshot before, Path other, Snapshot after, TableDiff diff, long limit) {
        TableDiff.Counts counts = diff.counts();
        if (json) {
            Map<String, Object> answer = Json.answer("tarn/table-diff/v1", diff.isEmpty() ? "same" : "different");
            answer.put("before", side(table, before, counts.before()));
            answer.put("after", side(other, after, counts.after()));
            answer.put("columns", differences(diff.columns()));
            answer.put("properties", differences(diff.properties()));
            answer.put("added", counts.added());
            answer.put("removed", counts.removed());
            answer.put("changed", counts.changed());
            answer.put("rows", diff.rows().json(limit));
            console.out().println(Json.text(answer));
            return;
        }
        diff.columns().forEach(each -> console.out().println("column " + difference(each)));
        diff.properties().forEach(each -> console.out().println("property " + difference(each)));
        if (!counts.isNone()) {
            print(diff.rows(), limit);
            console.out().println();
        }
        console.out()
                .println(TableText.count(counts.added(), "row") + " added, " + TableText.number(counts.removed())
                        + " removed, " + TableText.number(counts.changed()) + " changed; "
                        + TableText.number(counts.before()) + " before, " + TableText.number(counts.after())
                        + " after");
    }

    private static Map<String, Object> side(Path table, Snapshot snapshot, long rows) {
        Map<String, Object> side = new LinkedHashMap<>();
        side.put("table", table.toString());
        side.put("version", snapshot.version());
        side.put("rows", rows);
        return side;
    }

    private static List<Map<String, @Nullable Object>> differences(List<TableDiff.Difference> all) {
        return all.stream()
                .map(each -> {
                    Map<String, @Nullable Object> json = new LinkedHashMap<>();
                    json.put("name", each.name());
                    json.put("before", each.before().orElse(null));
                    json.put("after", each.after().orElse(null));
                    return json;
                })
                .toList();
    }

    private static String difference(TableDiff.Difference each) {
        String name = "'" + each.name() + "' ";
        if (each.before().isEmpty()) {
            return name + "added: " + each.after().orElse("");
        }
        return each.after().isEmpty()
                ? name + "removed: " + each.before().orElse("")
                : name + "changed: " + each.before().orElse("") + " -> "
                        + each.after().orElse("");
    }

    private static Map<String, Object> answer(String schema, String status, Path table) {
        Map<String, Object> answer = Json.answer(schema, status);
        answer.put("table", table.toString());
        return answer;
    }

    private static void put(Map<String, Object> answer, TableRows rows, long limit) {
        answer.put("columns", rows.columns().stream().map(RowsText::column).toList());
        List<Map<String, Object>> values = rows.json(plusOne(limit));
        answer.put("rows", values.stream().limit(limit).toList());
        answer.put("truncated", values.size() > limit);
    }

    private static long plusOne(long limit) {
        return limit == Long.MAX_VALUE ? limit : limit + 1;
    }

    private static Map<String, Object> column(TableRows.Column column) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", column.name());
        json.put("type", column.type());
        return json;
    }

    private void print(TableRows rows, long limit) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(rows.columns().stream().map(column -> cut(column.name())).toList());
        List<List<@Nullable String>> values = rows.texts(plusOne(limit));
        values.stream()
                .limit(limit)
                .forEach(row -> lines.add(row.stream()
                        .map(value -> value == null ? "NULL" : cut(value))
                        .toList()));
        Columns.print(lines, lines.get(0).size(), console.out());
        if (values.size() > limit) {
            console.err().println("more rows follow; --limit shows them");
        }
    }

    static String cut(String value) {
        String line = Names.onOneLine(value);
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…";
    }
}
