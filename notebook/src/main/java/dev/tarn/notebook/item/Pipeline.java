package dev.tarn.notebook.item;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A data pipeline as far as it runs notebooks.
 *
 * @param activities those that run a notebook, also inside loops and conditions, in the order of the file
 */
public record Pipeline(Item item, List<NotebookActivity> activities) {

    /**
     * An activity that runs a notebook.
     *
     * @param notebookId logical id of the notebook; empty when an expression computes it
     * @param parameters their values as JSON or expressions as they stand there
     * @param dependsOn names of activities
     */
    public record NotebookActivity(
            String name, String notebookId, Map<String, String> parameters, List<String> dependsOn, SourceSpan span) {}

    public static Pipeline read(Item item, Problems problems) {
        List<NotebookActivity> found = new ArrayList<>();
        ItemFile.read(item.folder().resolve("pipeline-content.json"), problems)
                .flatMap(root -> root.at("properties", "activities"))
                .ifPresent(list -> collect(list, found));
        return new Pipeline(item, List.copyOf(found));
    }

    private static void collect(JsonNode list, List<NotebookActivity> found) {
        for (JsonNode node : list.items()) {
            if (node.string("type").orElse("").equals("TridentNotebook")) {
                found.add(activity(node));
            }
            Optional<JsonNode> inside = node.at("typeProperties");
            for (String branch : List.of("activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities")) {
                inside.flatMap(p -> p.at(branch)).ifPresent(nested -> collect(nested, found));
            }
            inside.flatMap(p -> p.at("cases"))
                    .ifPresent(cases -> cases.items()
                            .forEach(one -> one.at("activities").ifPresent(nested -> collect(nested, found))));
        }
    }

    private static NotebookActivity activity(JsonNode node) {
        Map<String, String> parameters = new LinkedHashMap<>();
        node.at("typeProperties", "parameters")
                .ifPresent(all -> all.members()
                        .forEach((name, value) ->
                                parameters.put(name, text(value.at("value").orElse(value)))));
        List<String> dependsOn = node.at("dependsOn").map(JsonNode::items).orElse(List.of()).stream()
                .flatMap(d -> d.string("activity").stream())
                .toList();
        return new NotebookActivity(
                node.string("name").orElse(""),
                node.string("typeProperties", "notebookId").orElse(""),
                parameters,
                dependsOn,
                node.span());
    }

    private static String text(JsonNode value) {
        return value.string("value")
                .or(() -> value.mapped().map(MappedText::text))
                .orElseGet(() -> JsonWriter.line(value.plain()));
    }
}
