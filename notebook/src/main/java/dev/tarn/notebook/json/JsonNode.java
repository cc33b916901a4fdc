package dev.tarn.notebook.json;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of JSON with its place.
 *
 * @param value a {@code Map<String, JsonNode>}, a {@code List<JsonNode>}, a {@link MappedText}, a {@link JsonNumber}, a
 *     {@link Boolean}, or null
 * @param text what the value was parsed from
 * @param start index in {@code text} of the value's first character
 * @param end index after its last one
 */
public record JsonNode(@Nullable Object value, MappedText text, int start, int end) {

    /** The members of an object in their order; none of another value. */
    @SuppressWarnings("unchecked") // Only the parser makes nodes.
    public Map<String, JsonNode> members() {
        return value instanceof Map ? (Map<String, JsonNode>) value : Map.of();
    }

    /** The items of an array; none of another value. */
    @SuppressWarnings("unchecked")
    public List<JsonNode> items() {
        return value instanceof List ? (List<JsonNode>) value : List.of();
    }

    /** The value that is reached by these names of members. */
    public Optional<JsonNode> at(String... path) {
        Optional<JsonNode> found = Optional.of(this);
        for (String name : path) {
            found = found.flatMap(node -> Optional.ofNullable(node.members().get(name)));
        }
        return found;
    }

    /** The text that is reached by these names, unless it is another value or not there. */
    public Optional<String> string(String... path) {
        return at(path).flatMap(JsonNode::mapped).map(MappedText::text);
    }

    /** The text with the places of its characters, if this is one. */
    public Optional<MappedText> mapped() {
        return value instanceof MappedText mapped ? Optional.of(mapped) : Optional.empty();
    }

    public boolean isObject() {
        return value instanceof Map;
    }

    public boolean isArray() {
        return value instanceof List;
    }

    /** Whether it is {@code true}. */
    public boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }

    public SourceSpan span() {
        return text.span(start, end - start);
    }

    /** The same as maps, lists, strings, booleans, {@link JsonNumber} and null. */
    public @Nullable Object plain() {
        if (value instanceof Map) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            members().forEach((name, node) -> map.put(name, node.plain()));
            return map;
        }
        if (value instanceof List) {
            List<@Nullable Object> list = new ArrayList<>();
            items().forEach(node -> list.add(node.plain()));
            return list;
        }
        return value instanceof MappedText mapped ? mapped.text() : value;
    }
}
