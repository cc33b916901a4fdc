package dev.tarn.notebook.format;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import dev.tarn.notebook.json.JsonException;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.json.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses Jupyter notebooks of format 4, plain ones and those that Fabric and Synapse export. */
final class IpynbParser {

    private final SourceFile file;
    private final Problems problems;

    private IpynbParser(SourceFile file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    static Optional<Notebook> parse(SourceFile file, Problems problems) {
        try {
            return new IpynbParser(file, problems).notebook(JsonParser.parse(file));
        } catch (JsonException e) {
            problems.error(
                    ProblemCode.NOTEBOOK_SYNTAX,
                    e.span(),
                    "the notebook is not valid JSON: " + e.getMessage(),
                    "a merge that went wrong is a common reason");
            return Optional.empty();
        }
    }

    private Optional<Notebook> notebook(JsonNode root) {
        Optional<JsonNode> cells = root.at("cells").filter(JsonNode::isArray);
        if (cells.isEmpty()) {
            boolean old = root.at("worksheets").isPresent();
            problems.error(
                    ProblemCode.NOTEBOOK_SYNTAX,
                    root.span(),
                    old ? "the notebook has the old format 3" : "the JSON has no 'cells', so it is no notebook",
                    old ? "convert it: jupyter nbconvert --to notebook" : "a notebook is {\"cells\": [...], ...}");
            return Optional.empty();
        }
        List<Cell> found = new ArrayList<>();
        cells.orElseThrow().items().forEach(node -> found.add(cell(node, found.size() + 1)));
        return Optional.of(new Notebook(file, NotebookForm.IPYNB, "#", root.at("metadata"), found));
    }

    private Cell cell(JsonNode node, int number) {
        Optional<JsonNode> tags = node.at("metadata", "tags");
        boolean parameters = tags.stream()
                .flatMap(list -> list.items().stream())
                .anyMatch(tag -> tag.mapped().map(MappedText::text).equals(Optional.of("parameters")));
        return new Cell(number, kind(node), parameters, source(node), metadata(node), attachments(node));
    }

    private CellKind kind(JsonNode node) {
        String type = node.string("cell_type").orElse("");
        return switch (type) {
            case "code" -> CellKind.CODE;
            case "markdown" -> CellKind.MARKDOWN;
            case "raw" -> CellKind.RAW;
            default -> {
                SourceSpan span = node.at("cell_type").orElse(node).span();
                problems.error(
                        ProblemCode.NOTEBOOK_SYNTAX,
                        span,
                        "a cell has no 'cell_type' that is known",
                        "it is one of code, markdown, raw");
                yield CellKind.RAW;
            }
        };
    }

    /** A text, or texts that are joined as they are. */
    private MappedText source(JsonNode node) {
        Optional<JsonNode> source = node.at("source");
        if (source.isEmpty()) {
            problems.error(
                    ProblemCode.NOTEBOOK_SYNTAX,
                    node.span(),
                    "a cell has no 'source'",
                    "an empty cell has \"source\": []");
        }
        List<MappedText> parts = new ArrayList<>();
        source.flatMap(JsonNode::mapped).ifPresent(parts::add);
        for (JsonNode line : source.map(JsonNode::items).orElse(List.of())) {
            line.mapped().ifPresent(parts::add);
        }
        int length = parts.stream().mapToInt(part -> part.text().length()).sum();
        StringBuilder text = new StringBuilder(length);
        int[] origins = new int[length + 1];
        origins[0] = source.orElse(node).text().origin(source.orElse(node).start());
        for (MappedText part : parts) {
            for (int i = 0; i <= part.text().length(); i++) {
                origins[text.length() + i] = part.origin(i);
            }
            text.append(part.text());
        }
        return new MappedText(file, text.toString(), origins);
    }

    /** What a source file would say of the cell: the vendor's part first, then what else Fabric knows there. */
    private static Optional<Map<String, Object>> metadata(JsonNode node) {
        Map<String, Object> all = node.at("metadata").map(FabricParser::plain).orElse(Map.of());
        Map<String, Object> kept = new LinkedHashMap<>();
        if (all.get("microsoft") instanceof Map<?, ?> vendor) {
            vendor.forEach((key, value) -> kept.put(String.valueOf(key), value));
        }
        all.forEach((key, value) -> {
            if (!key.equals("microsoft") && !key.equals("tags")) {
                kept.put(key, value);
            } else if (key.equals("tags") && value instanceof List<?> list) {
                List<?> others =
                        list.stream().filter(tag -> !tag.equals("parameters")).toList();
                if (!others.isEmpty()) {
                    kept.put(key, others);
                }
            }
        });
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept);
    }

    private static List<Map<String, Object>> attachments(JsonNode node) {
        Map<String, Object> all =
                node.at("attachments").map(FabricParser::plain).orElse(Map.of());
        return all.entrySet().stream()
                .map(entry -> Map.of(entry.getKey(), entry.getValue()))
                .toList();
    }
}
