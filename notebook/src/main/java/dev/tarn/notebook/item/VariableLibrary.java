package dev.tarn.notebook.item;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Problems;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Variables with other values in other stages.
 *
 * @param valueSets names of the sets, in their order
 * @param overrides for each set its values by the names of variables
 */
public record VariableLibrary(
        Item item, List<Variable> variables, List<String> valueSets, Map<String, Map<String, String>> overrides) {

    /**
     * A value that notebooks can ask for.
     *
     * @param type {@code String}, {@code Integer}, {@code Number}, {@code Boolean}, {@code DateTime}, …
     * @param value as text; other JSON values are written as such
     */
    public record Variable(String name, String type, String value) {}

    public static VariableLibrary read(Item item, Problems problems) {
        List<Variable> variables = new ArrayList<>();
        ItemFile.read(item.folder().resolve("variables.json"), problems)
                .flatMap(root -> root.at("variables"))
                .ifPresent(list -> list.items().forEach(node -> variable(node).ifPresent(variables::add)));
        List<String> sets = new ArrayList<>();
        ItemFile.read(item.folder().resolve("settings.json"), problems)
                .flatMap(root -> root.at("valueSetsOrder"))
                .ifPresent(list -> list.items()
                        .forEach(node -> node.mapped().map(MappedText::text).ifPresent(sets::add)));
        Map<String, Map<String, String>> overrides = new LinkedHashMap<>();
        for (String set : sets) {
            Map<String, String> values = new LinkedHashMap<>();
            ItemFile.read(item.folder().resolve("valueSets").resolve(set + ".json"), problems)
                    .flatMap(root -> root.at("variableOverrides"))
                    .ifPresent(list -> list.items()
                            .forEach(node ->
                                    node.string("name").ifPresent(name -> values.put(name, text(node.at("value"))))));
            overrides.put(set, values);
        }
        return new VariableLibrary(item, List.copyOf(variables), List.copyOf(sets), overrides);
    }

    private static Optional<Variable> variable(JsonNode node) {
        return node.string("name")
                .map(name -> new Variable(name, node.string("type").orElse("String"), text(node.at("value"))));
    }

    private static String text(Optional<JsonNode> value) {
        return value.map(node -> node.mapped().map(MappedText::text).orElseGet(() -> JsonWriter.line(node.plain())))
                .orElse("");
    }

    /** The variables with the values of a set; an empty name is the default set. */
    public List<Variable> in(String valueSet) {
        Map<String, String> values = overrides.getOrDefault(valueSet, Map.of());
        return variables.stream()
                .map(v -> new Variable(v.name(), v.type(), values.getOrDefault(v.name(), v.value())))
                .toList();
    }
}
