package dev.tarn.notebook.format;

import dev.tarn.notebook.json.JsonNumber;
import dev.tarn.notebook.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Prints notebooks as Jupyter writes them: format 4.5, one space of indentation, a line of source an item. */
public final class IpynbPrinter {

    private IpynbPrinter() {}

    /** The notebook without outputs. */
    public static String print(Notebook notebook) {
        return print(notebook, Map.of());
    }

    /**
     * The notebook with what its cells gave.
     *
     * @param outputs for a cell's number its {@code outputs} as nbformat has them
     */
    public static String print(Notebook notebook, Map<Integer, List<Map<String, Object>>> outputs) {
        List<Object> cells = new ArrayList<>();
        int executed = 0;
        for (Cell cell : notebook.cells()) {
            boolean ran = outputs.containsKey(cell.number());
            executed += ran ? 1 : 0;
            cells.add(cell(cell, outputs.getOrDefault(cell.number(), List.of()), ran ? executed : 0));
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("cells", cells);
        root.put("metadata", metadata(notebook));
        root.put("nbformat", new JsonNumber("4"));
        root.put("nbformat_minor", new JsonNumber("5"));
        return JsonWriter.indented(root, 1) + "\n";
    }

    private static Map<String, Object> cell(Cell cell, List<Map<String, Object>> outputs, int executed) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (!cell.attachments().isEmpty()) {
            Map<String, Object> all = new LinkedHashMap<>();
            cell.attachments().forEach(all::putAll);
            json.put("attachments", all);
        }
        json.put("cell_type", cell.kind().name().toLowerCase(java.util.Locale.ROOT));
        if (cell.kind() == CellKind.CODE) {
            json.put("execution_count", executed == 0 ? null : Integer.valueOf(executed));
        }
        json.put("id", id(cell));
        json.put("metadata", metadata(cell));
        if (cell.kind() == CellKind.CODE) {
            json.put("outputs", outputs);
        }
        json.put("source", lines(cell.source().text()));
        return json;
    }

    /** The same for the same cell, so that a file does not change without a reason. */
    private static String id(Cell cell) {
        String content = cell.number() + "\n" + cell.source().text();
        return UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static Map<String, Object> metadata(Cell cell) {
        Map<String, Object> vendor = new LinkedHashMap<>();
        Map<String, Object> json = new LinkedHashMap<>();
        cell.metadata().orElse(Map.of()).forEach((key, value) -> {
            boolean others = key.startsWith("language") || key.equals("frozen") || key.equals("editable");
            (others ? vendor : json).put(key, value);
        });
        if (!vendor.isEmpty()) {
            json.put("microsoft", vendor);
        }
        if (cell.parameters()) {
            List<Object> tags = new ArrayList<>(List.of("parameters"));
            if (json.get("tags") instanceof List<?> others) {
                tags.addAll(others);
            }
            json.put("tags", tags);
        }
        return json;
    }

    private static Map<String, Object> metadata(Notebook notebook) {
        Map<String, Object> json =
                new LinkedHashMap<>(notebook.metadata().map(FabricParser::plain).orElse(Map.of()));
        if (notebook.form() == NotebookForm.FABRIC) {
            String kernel = notebook.kernel().orElse("synapse_pyspark");
            Map<String, Object> spec = new LinkedHashMap<>();
            spec.put("display_name", kernel);
            spec.put("name", kernel);
            json.put("kernelspec", spec);
            json.put("language_info", Map.of("name", notebook.language()));
        }
        return json;
    }

    private static List<Object> lines(String text) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int next = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(start, next));
            start = next;
        }
        return lines;
    }
}
