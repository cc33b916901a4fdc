package dev.tarn.notebook.format;

import dev.tarn.notebook.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Prints notebooks as Fabric's git integration writes them. */
public final class FabricPrinter {

    /** What Jupyter and the service's editor keep in a notebook, and no source file has. */
    private static final Set<String> JUPYTER = Set.of(
            "kernelspec",
            "language_info",
            "microsoft",
            "nteract",
            "widgets",
            "spark_compute",
            "synapse_widget",
            "save_output",
            "save_outputs",
            "trident",
            "notebook_environment");

    private final String comment;

    private FabricPrinter(String comment) {
        this.comment = comment;
    }

    /** The notebook as a source file. What such a file has no place for, outputs above all, is left out. */
    public static String print(Notebook notebook) {
        return new FabricPrinter(notebook.comment()).file(notebook);
    }

    private String file(Notebook notebook) {
        List<String> blocks = new ArrayList<>();
        blocks.add(comment + " Fabric notebook source\n");
        fileMetadata(notebook).ifPresent(m -> blocks.add(metadata(m)));
        for (Cell cell : notebook.cells()) {
            blocks.add(cell.kind() == CellKind.CODE ? code(cell) : markdown(cell));
            if (!cell.attachments().isEmpty()) {
                StringBuilder lines = new StringBuilder();
                cell.attachments()
                        .forEach(a -> lines.append(comment)
                                .append(" ATTA ")
                                .append(JsonWriter.line(a))
                                .append('\n'));
                blocks.add(block(Marker.ATTACHMENTS, lines.toString()));
            }
            cellMetadata(notebook, cell).ifPresent(m -> blocks.add(metadata(m)));
        }
        return String.join("\n", blocks);
    }

    /** Of a Jupyter notebook the parts that source files have, too. */
    private static Optional<Object> fileMetadata(Notebook notebook) {
        if (notebook.form() == NotebookForm.FABRIC) {
            return notebook.metadata().map(m -> m.plain());
        }
        Map<String, Object> kept = new LinkedHashMap<>();
        Map<String, Object> all = notebook.metadata().map(FabricParser::plain).orElse(Map.of());
        kept.put("kernel_info", all.getOrDefault("kernel_info", kernel(notebook)));
        if (all.get("dependencies") == null && all.get("trident") != null) {
            kept.put("dependencies", all.get("trident"));
        }
        all.forEach((key, value) -> {
            if (!JUPYTER.contains(key)) {
                kept.put(key, value);
            }
        });
        return Optional.of(kept);
    }

    private static Map<String, Object> kernel(Notebook notebook) {
        return notebook.isPurePython()
                ? Map.of("name", "jupyter", "jupyter_kernel_name", "python3.11")
                : Map.of("name", notebook.kernel().orElse("synapse_pyspark"));
    }

    private static Optional<Map<String, Object>> cellMetadata(Notebook notebook, Cell cell) {
        if (cell.kind() != CellKind.CODE
                || notebook.form() == NotebookForm.FABRIC
                || cell.metadata().isPresent()) {
            return cell.metadata();
        }
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("language", notebook.language(cell));
        made.put("language_group", notebook.isPurePython() ? "jupyter_python" : "synapse_pyspark");
        return Optional.of(made);
    }

    private String metadata(Object json) {
        return block(Marker.METADATA, prefixed(comment + " META ", JsonWriter.indented(json, 2)));
    }

    private String markdown(Cell cell) {
        return block(Marker.MARKDOWN, prefixed(comment + " ", cell.source().text()));
    }

    private String code(Cell cell) {
        String source = cell.source().text();
        String text = cell.magic().isPresent() ? prefixed(comment + " MAGIC ", source) : source + "\n";
        return block(cell.parameters() ? Marker.PARAMETERS : Marker.CELL, text);
    }

    private String block(Marker marker, String content) {
        return marker.line(comment) + "\n\n" + content;
    }

    private static String prefixed(String prefix, String text) {
        return prefix + text.replace("\n", "\n" + prefix) + "\n";
    }
}
