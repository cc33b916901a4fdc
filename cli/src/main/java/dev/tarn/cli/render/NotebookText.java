package dev.tarn.cli.render;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.Problems;
import dev.tarn.notebook.format.Cell;
import dev.tarn.notebook.format.CellKind;
import dev.tarn.notebook.format.LakehouseRef;
import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.item.Environment;
import dev.tarn.notebook.item.Item;
import dev.tarn.notebook.item.Lakehouse;
import dev.tarn.notebook.item.Pipeline;
import dev.tarn.notebook.item.VariableLibrary;
import dev.tarn.notebook.item.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Prints what notebooks and workspaces hold. */
public final class NotebookText {

    private static final int WIDEST = 60;

    private final Console console;

    public NotebookText(Console console) {
        this.console = console;
    }

    /** What is known of the whole, then a line for each cell. */
    public void notebook(Notebook notebook) {
        console.out().println(Names.onOneLine(summary(notebook)));
        if (notebook.cells().isEmpty()) {
            return;
        }
        console.out().println();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("cell", "kind", "language", "begins with", "line", "lines"));
        notebook.cells()
                .forEach(cell -> rows.add(List.of(
                        String.valueOf(cell.number()),
                        kind(cell),
                        cell.kind() == CellKind.CODE ? notebook.language(cell) : "",
                        beginning(cell),
                        String.valueOf(cell.span(1).line()),
                        String.valueOf(lines(cell)))));
        Columns.print(rows, 4, console.out());
    }

    private static String summary(Notebook notebook) {
        StringBuilder text = new StringBuilder(notebook.file().name())
                .append(": ")
                .append(notebook.form().name().toLowerCase(Locale.ROOT))
                .append(", kernel ")
                .append(notebook.kernel().orElse("not named"));
        notebook.lakehouse().ifPresent(ref -> text.append(", lakehouse ").append(name(ref)));
        notebook.environment().ifPresent(id -> text.append(", environment ").append(id));
        return text.toString();
    }

    private static String name(LakehouseRef ref) {
        return ref.name().isEmpty() ? ref.id() : ref.name();
    }

    private static String kind(Cell cell) {
        return (cell.parameters() ? "parameters" : cell.kind().name().toLowerCase(Locale.ROOT))
                + (cell.frozen() ? " (frozen)" : "");
    }

    private static String beginning(Cell cell) {
        String first = cell.source()
                .text()
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("")
                .strip();
        String shown = Names.onOneLine(first);
        return shown.length() > WIDEST ? shown.substring(0, WIDEST - 1) + "…" : shown;
    }

    private static long lines(Cell cell) {
        return cell.source().text().isEmpty() ? 0 : cell.source().text().lines().count();
    }

    /** The same as JSON, with the cells' sources. */
    public void notebookJson(Optional<Notebook> notebook, Problems problems) {
        Map<String, Object> json = Json.answer("tarn/notebook/v1", problems.hasErrors() ? "invalid" : "ok");
        notebook.ifPresent(found -> {
            json.put("file", found.file().name());
            json.put("form", found.form().name().toLowerCase(Locale.ROOT));
            json.put("kernel", found.kernel().orElse(null));
            json.put("lakehouse", found.lakehouse().map(NotebookText::name).orElse(null));
            json.put("environment", found.environment().orElse(null));
            json.put(
                    "cells",
                    found.cells().stream().map(cell -> cell(found, cell)).toList());
        });
        json.put("problems", ProblemJson.list(problems));
        console.out().println(Json.text(json));
    }

    private static Map<String, Object> cell(Notebook notebook, Cell cell) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cell", cell.number());
        json.put("kind", cell.kind().name().toLowerCase(Locale.ROOT));
        json.put("parameters", cell.parameters());
        json.put("frozen", cell.frozen());
        json.put("language", cell.kind() == CellKind.CODE ? notebook.language(cell) : null);
        json.put("line", cell.span(1).line());
        json.put("source", cell.source().text());
        return json;
    }

    /** A line for each item. */
    public void workspace(Workspace workspace, Problems problems) {
        if (workspace.items().isEmpty()) {
            console.out().println("no workspace items in " + workspace.root());
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("type", "name", "folder", "holds"));
        workspace
                .items()
                .forEach(item -> rows.add(List.of(
                        item.type(),
                        Names.onOneLine(item.name()),
                        Names.onOneLine(
                                workspace.root().relativize(item.folder()).toString()),
                        holds(item, problems))));
        Columns.print(rows, 4, console.out());
    }

    private static String holds(Item item, Problems problems) {
        return switch (item.type()) {
            case "Lakehouse" -> {
                Lakehouse lakehouse = Lakehouse.read(item, problems);
                yield lakehouse
                                .defaultSchema()
                                .map(s -> "schemas (default " + s + ")")
                                .orElse("no schemas")
                        + counted(lakehouse.shortcuts().size(), "shortcut");
            }
            case "VariableLibrary" -> {
                VariableLibrary library = VariableLibrary.read(item, problems);
                yield library.variables().size() + " variables"
                        + counted(library.valueSets().size(), "value set");
            }
            case "Environment" -> {
                Environment environment = Environment.read(item);
                yield "runtime " + environment.runtime().orElse("not named")
                        + counted(environment.libraries().size(), "package")
                        + counted(environment.wheels().size(), "wheel");
            }
            case "DataPipeline" -> {
                Pipeline pipeline = Pipeline.read(item, problems);
                yield pipeline.activities().isEmpty()
                        ? "no notebook"
                        : "runs "
                                + String.join(
                                        ", ",
                                        pipeline.activities().stream()
                                                .map(a -> a.name())
                                                .toList());
            }
            default -> "";
        };
    }

    private static String counted(int count, String noun) {
        return count == 0 ? "" : ", " + count + " " + noun + (count == 1 ? "" : "s");
    }

    public void workspaceJson(Workspace workspace, Problems problems) {
        List<Map<String, Object>> items =
                workspace.items().stream().map(item -> item(item, problems)).toList();
        Map<String, Object> json = Json.answer("tarn/workspace/v1", problems.hasErrors() ? "invalid" : "ok");
        json.put("root", workspace.root().toString());
        json.put("items", items);
        json.put("problems", ProblemJson.list(problems));
        console.out().println(Json.text(json));
    }

    private static Map<String, Object> item(Item item, Problems problems) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", item.type());
        json.put("name", item.name());
        json.put("folder", item.folder().toString());
        json.put("logicalId", item.logicalId().orElse(null));
        json.put("holds", holds(item, problems));
        return json;
    }

    /** A converted notebook: its text to the last byte, or where it was written. */
    public void converted(String text, String form, Optional<Path> file, boolean json) {
        if (json) {
            Map<String, Object> answer = Json.answer("tarn/notebook/v1", "ok");
            answer.put("form", form);
            answer.put("file", file.map(Path::toString).orElse(null));
            answer.put("text", file.isPresent() ? null : text);
            console.out().println(Json.text(answer));
        } else if (file.isPresent()) {
            console.err().println("wrote " + file.get());
        } else {
            console.out().writeBytes(text.getBytes(StandardCharsets.UTF_8));
            console.out().flush();
        }
    }
}
