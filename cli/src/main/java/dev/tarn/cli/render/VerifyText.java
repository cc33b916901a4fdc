package dev.tarn.cli.render;

import dev.tarn.cli.verify.TableVerdict;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.source.Counted;
import dev.tarn.lake.TableDiff;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints what a comparison of two engines found. */
public final class VerifyText {

    private final Console console;
    private final List<String> engines;

    /** @param engines the names of the two */
    public VerifyText(Console console, List<String> engines) {
        this.console = console;
        this.engines = List.copyOf(engines);
    }

    /**
     * Prints it for a person.
     *
     * @param rest the nodes that only one engine runs, and why
     */
    public void print(List<TableVerdict> verdicts, Map<NodeId, String> rest) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("node", "target", "result", "rows"));
        verdicts.forEach(verdict -> rows.add(List.of(
                verdict.node().toString(),
                verdict.target(),
                result(verdict),
                verdict.trouble().isPresent() ? "" : rows(verdict.counts()))));
        Columns.print(rows, 3, console.out());
        verdicts.stream().filter(verdict -> !verdict.isSame()).forEach(this::explain);
        if (!rest.isEmpty()) {
            console.out().println();
            rest.forEach((node, reason) -> console.out().println("not compared: " + node + " " + reason));
        }
        long different = verdicts.stream().filter(verdict -> !verdict.isSame()).count();
        console.out().println();
        console.out()
                .println(
                        different == 0
                                ? Counted.of(verdicts.size(), "table") + " the same on " + String.join(" and ", engines)
                                : different + " of " + Counted.of(verdicts.size(), "table") + " not the same on "
                                        + String.join(" and ", engines));
    }

    private static String rows(TableDiff.Counts counts) {
        return Counted.number(counts.before())
                + (counts.before() == counts.after() ? "" : " / " + Counted.number(counts.after()));
    }

    private static String result(TableVerdict verdict) {
        if (verdict.isSame()) {
            return "same";
        }
        if (verdict.trouble().isPresent()) {
            return "not compared";
        }
        List<String> found = new ArrayList<>();
        if (!verdict.columns().isEmpty()) {
            found.add(Counted.of(verdict.columns().size(), "column"));
        }
        if (!verdict.order()) {
            found.add("order of columns");
        }
        if (verdict.differences() > 0) {
            found.add(Counted.of(verdict.differences(), "row"));
        }
        return "differs: " + String.join(", ", found);
    }

    private void explain(TableVerdict verdict) {
        console.out().println();
        String table = verdict.node() + " -> " + verdict.target();
        verdict.trouble().ifPresent(trouble -> console.out().println(table + " " + trouble));
        verdict.columns()
                .forEach(column -> console.out()
                        .println(table + ": column '" + column.name() + "' is "
                                + column.before().orElse("") + " on " + engines.get(0) + ", "
                                + column.after().orElse("") + " on " + engines.get(1)));
        if (!verdict.order()) {
            console.out().println(table + ": the columns come in another order");
        }
        if (verdict.differences() > 0) {
            console.out().println(table + ": " + counts(verdict));
            List<List<String>> lines = new ArrayList<>(List.of(verdict.header()));
            verdict.rows()
                    .forEach(row -> lines.add(row.stream()
                            .map(value -> value == null ? "NULL" : RowsText.cut(value))
                            .toList()));
            Columns.print(lines, verdict.header().size(), console.out());
        }
    }

    private String counts(TableVerdict verdict) {
        TableDiff.Counts counts = verdict.counts();
        String only = Counted.of(counts.removed(), "row") + " only on " + engines.get(0) + ", " + counts.added()
                + " only on " + engines.get(1);
        return verdict.key().isEmpty()
                ? only
                : only + ", " + counts.changed() + " not the same, by "
                        + verdict.key().stream().collect(Collectors.joining("', '", "'", "'"));
    }

    /** Prints it for a program. */
    public void json(Project project, List<TableVerdict> verdicts, Map<NodeId, String> rest) {
        boolean same = verdicts.stream().allMatch(TableVerdict::isSame);
        Map<String, Object> answer = Json.answer("tarn/verify/v1", same ? "same" : "different");
        answer.put("project", project.name());
        answer.put("engines", engines);
        answer.put("tables", verdicts.stream().map(this::json).toList());
        answer.put(
                "not_compared",
                rest.entrySet().stream()
                        .map(each -> Map.of("node", each.getKey().toString(), "reason", each.getValue()))
                        .toList());
        console.out().println(Json.text(answer));
    }

    private Map<String, @Nullable Object> json(TableVerdict verdict) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("node", verdict.node().toString());
        json.put("target", verdict.target());
        json.put("same", verdict.isSame());
        json.put("trouble", verdict.trouble().orElse(null));
        json.put(
                "columns",
                verdict.columns().stream()
                        .map(column -> {
                            Map<String, @Nullable Object> each = new LinkedHashMap<>();
                            each.put("name", column.name());
                            each.put(engines.get(0), column.before().orElse(null));
                            each.put(engines.get(1), column.after().orElse(null));
                            return each;
                        })
                        .toList());
        json.put("same_order_of_columns", verdict.order());
        json.put("key", verdict.key());
        json.put("rows", verdict.counts().before());
        json.put("other_rows", verdict.counts().after());
        json.put("only_first", verdict.counts().removed());
        json.put("only_second", verdict.counts().added());
        json.put("changed", verdict.counts().changed());
        json.put(
                "differences",
                verdict.rows().stream().map(row -> row(verdict.header(), row)).toList());
        return json;
    }

    private static Map<String, @Nullable Object> row(List<String> header, List<@Nullable String> row) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
            json.put(i == 0 ? "_engine" : header.get(i), row.get(i));
        }
        return json;
    }
}
