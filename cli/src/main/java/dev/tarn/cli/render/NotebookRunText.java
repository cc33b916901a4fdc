package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.notebook.format.Cell;
import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.run.CellFailure;
import dev.tarn.notebook.run.CellResult;
import dev.tarn.notebook.run.NotebookResult;
import dev.tarn.notebook.run.RunListener;
import dev.tarn.notebook.run.WrittenTables.Written;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints what the cells of a running notebook print and show, and how they end. */
public final class NotebookRunText implements RunListener {

    private static final int WIDEST = 60;

    private final Console console;
    private final boolean json;

    public NotebookRunText(Console console, boolean json) {
        this.console = console;
        this.json = json;
    }

    @Override
    public void printed(String stream, String text) {
        if (!json) {
            (stream.equals("stdout") ? console.out() : console.err()).print(text);
            console.out().flush();
        }
    }

    @Override
    public void shown(Map<String, Object> data) {
        if (!json) {
            console.out().println(data.getOrDefault("text/plain", ""));
        }
    }

    @Override
    public void notice(String text) {
        console.err().println(console.paint(Style.NOTE, "note") + ": " + text);
    }

    @Override
    public void finished(CellResult result) {
        if (json) {
            return;
        }
        String status = result.status().name().toLowerCase(Locale.ROOT);
        console.err()
                .println(console.paint(
                        Style.FAINT,
                        "  ".repeat(result.depth())
                                + String.format(
                                        Locale.ROOT,
                                        "cell %d  %s  %.2f s  %s",
                                        result.cell().number(),
                                        status,
                                        result.seconds(),
                                        beginning(result.cell()))));
    }

    private static String beginning(Cell cell) {
        String first = cell.source()
                .text()
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("")
                .strip();
        return first.length() > WIDEST ? first.substring(0, WIDEST - 1) + "…" : first;
    }

    /**
     * The end of the run.
     *
     * @param out the file with all outputs, if one was written
     */
    public void ended(String name, NotebookResult result, List<Written> tables, double seconds, Optional<Path> out) {
        if (json) {
            json(name, result, tables, seconds, out);
        }
        result.failure().ifPresent(this::failure);
        if (json) {
            return;
        }
        if (!tables.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("table written", "rows"));
            tables.forEach(table -> rows.add(List.of(
                    table.name(),
                    table.rows().isPresent()
                            ? String.format(Locale.ROOT, "%,d", table.rows().getAsLong())
                            : "?")));
            Columns.print(rows, 1, console.out());
        }
        result.exitValue().ifPresent(value -> console.out().println("exit value: " + value));
        long cells = result.cells().stream().filter(cell -> cell.depth() == 0).count();
        console.err()
                .println(String.format(
                        Locale.ROOT,
                        "notebook %s %s in %.2f s: %d cells",
                        Names.onOneLine(name),
                        result.succeeded() ? "succeeded" : "failed",
                        seconds,
                        cells));
    }

    private void failure(CellFailure failure) {
        Problems problems = new Problems();
        if (!failure.traceback().isEmpty() && !json) {
            console.err().println(failure.traceback());
            console.err().println();
        }
        String message = Names.onOneLine(failure.message().lines().findFirst().orElse(failure.type()));
        if (failure.span().isPresent()) {
            problems.error(ProblemCode.CELL_FAILED, failure.span().get(), message);
            new ProblemText(console).print(problems);
        } else {
            new ErrorText(console)
                    .environment(ProblemCode.CELL_FAILED, failure.message(), "see the output above", false);
        }
    }

    private void json(String name, NotebookResult result, List<Written> tables, double seconds, Optional<Path> out) {
        Map<String, Object> answer = Json.answer("tarn/notebook-run/v1", result.succeeded() ? "succeeded" : "failed");
        answer.put("notebook", name);
        answer.put("seconds", seconds);
        answer.put("exitValue", result.exitValue().orElse(null));
        answer.put("error", result.failure().map(NotebookRunText::failureJson).orElse(null));
        answer.put("notices", result.notices());
        answer.put("tables", tables.stream().map(NotebookRunText::table).toList());
        answer.put("cells", result.cells().stream().map(cell -> cell(cell)).toList());
        answer.put("file", out.map(Path::toString).orElse(null));
        console.out().println(Json.text(answer));
    }

    private static Map<String, @Nullable Object> failureJson(CellFailure failure) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(ProblemJson.described(
                ProblemCode.CELL_FAILED.id(), failure.message(), Optional.empty(), failure.span()));
        json.put("type", failure.type());
        json.put("traceback", failure.traceback());
        return json;
    }

    private static Map<String, @Nullable Object> table(Written table) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("table", table.name());
        json.put("version", table.version());
        json.put("rows", table.rows().isPresent() ? table.rows().getAsLong() : null);
        return json;
    }

    private static Map<String, Object> cell(CellResult result) {
        Notebook notebook = result.notebook();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", notebook.file().name());
        json.put("cell", result.cell().number());
        json.put("depth", result.depth());
        json.put("status", result.status().name().toLowerCase(Locale.ROOT));
        json.put("seconds", result.seconds());
        json.put("outputs", result.outputs());
        return json;
    }
}
