package dev.tarn.lake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON of a Delta log as plain maps, lists and values. */
final class Json {
    private static final JSON JR = JSON.std
            .with(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS)
            .with(JSON.Feature.WRITE_NULL_PROPERTIES)
            .with(JSON.Feature.PRESERVE_FIELD_ORDERING);

    /** For rows of a checkpoint, whose parsed statistics may hold NaN and infinities, which are not JSON. */
    private static final JSON LENIENT = JSON.builder(JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(JSON.Feature.PRESERVE_FIELD_ORDERING)
            .build();

    private Json() {}

    /** Reads one object; text after it is an error, because it may be an action that lost its line break. */
    static Map<String, Object> object(String text) throws IOException {
        try (JsonParser parser = JR.createParser(text)) {
            Map<String, Object> object = JR.mapFrom(parser);
            if (object == null) {
                throw new IOException("not an object");
            }
            if (parser.nextToken() != null) {
                throw new IOException("more than one value");
            }
            return object;
        }
    }

    static Map<String, Object> checkpointRow(String text) throws IOException {
        return LENIENT.mapFrom(text);
    }

    static String text(Map<String, ?> object) {
        try {
            return JR.asString(object);
        } catch (IOException impossible) {
            throw new IllegalStateException("JSON of " + object, impossible);
        }
    }

    static String text(List<?> values) {
        try {
            return JR.asString(values);
        } catch (IOException impossible) {
            throw new IllegalStateException("JSON of " + values, impossible);
        }
    }

    /** The JSON of a value that was read from JSON. */
    static String any(Object value) {
        try {
            return JR.asString(value);
        } catch (IOException impossible) {
            throw new IllegalStateException("JSON of " + value, impossible);
        }
    }

    @SuppressWarnings("unchecked")
    static Optional<Map<String, Object>> child(Map<String, Object> parent, String key) {
        return parent.get(key) instanceof Map<?, ?> child ? Optional.of((Map<String, Object>) child) : Optional.empty();
    }

    static Optional<String> string(Map<String, Object> parent, String key) {
        return parent.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    static Optional<Long> number(Map<String, Object> parent, String key) {
        return parent.get(key) instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> objects(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream()
                        .filter(Map.class::isInstance)
                        .map(each -> (Map<String, Object>) each)
                        .toList()
                : List.of();
    }

    static List<String> strings(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
