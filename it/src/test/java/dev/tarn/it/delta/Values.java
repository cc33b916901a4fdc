package dev.tarn.it.delta;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a value so that two texts are the same only if the values are, whoever read them. */
final class Values {

    /** A struct, whose fields are told in their order. */
    record Struct(List<String> names, List<@Nullable Object> values) {}

    /** A map, whose entries have no order. */
    record Entries(List<@Nullable Object> keys, List<@Nullable Object> values) {}

    private Values() {}

    static String text(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof Double || value instanceof Float) {
            // A float is widened, which keeps each value; NaN, -0.0 and 0.0 stay apart.
            return Double.toString(((Number) value).doubleValue());
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString() + "m";
        }
        if (value instanceof byte[] bytes) {
            return "0x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Values::text).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Struct struct) {
            return row(struct.names, struct.values);
        }
        if (value instanceof Entries entries) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < entries.keys.size(); i++) {
                texts.add(text(entries.keys.get(i)) + " -> " + text(entries.values.get(i)));
            }
            return texts.stream().sorted().collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Boolean
                || value instanceof Byte
                || value instanceof Short
                || value instanceof Integer
                || value instanceof Long
                || value instanceof LocalDate
                || value instanceof LocalDateTime
                || value instanceof Instant) {
            return value.toString();
        }
        throw new IllegalArgumentException("no text for " + value.getClass());
    }

    static String row(List<String> names, List<?> values) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            texts.add(names.get(i) + "=" + text(values.get(i)));
        }
        return "(" + String.join(", ", texts) + ")";
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static LocalDateTime wall(long micros) {
        return LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC);
    }

    /** The type of a schema's JSON as Spark's SQL writes it. */
    static String type(Object json) {
        if (json instanceof Map<?, ?> nested) {
            return switch (String.valueOf(nested.get("type"))) {
                case "array" -> "array<" + type(part(nested, "elementType")) + ">";
                case "map" -> "map<" + type(part(nested, "keyType")) + "," + type(part(nested, "valueType")) + ">";
                default ->
                    columns(nested).stream()
                            .map(column -> column.replaceFirst(" (?=\\S*$)", ":"))
                            .collect(Collectors.joining(",", "struct<", ">"));
            };
        }
        return switch (String.valueOf(json)) {
            case "long" -> "bigint";
            case "integer" -> "int";
            case "short" -> "smallint";
            case "byte" -> "tinyint";
            default -> String.valueOf(json);
        };
    }

    /** The columns of a struct's JSON, such as {@code id bigint}. */
    static List<String> columns(Map<?, ?> struct) {
        List<String> columns = new ArrayList<>();
        for (Object field : (List<?>) part(struct, "fields")) {
            Map<?, ?> json = (Map<?, ?>) field;
            columns.add(json.get("name") + " " + type(part(json, "type")));
        }
        return columns;
    }

    private static Object part(Map<?, ?> json, String name) {
        Object part = json.get(name);
        if (part == null) {
            throw new IllegalArgumentException("no '" + name + "' in " + json);
        }
        return part;
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("'");
        text.codePoints().forEach(point -> {
            if (point == '\'' || point == '\\' || Character.isISOControl(point)) {
                quoted.append(String.format("\\u%04x", point));
            } else {
                quoted.appendCodePoint(point);
            }
        });
        return quoted.append('\'').toString();
    }
}
