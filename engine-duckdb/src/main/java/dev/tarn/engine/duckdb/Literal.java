package dev.tarn.engine.duckdb;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes names and values as DuckDB reads them. */
final class Literal {

    private Literal() {}

    /** A quoted identifier. */
    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String names(List<String> names) {
        return names.stream().map(Literal::name).collect(Collectors.joining(", "));
    }

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** Paths as DuckDB's readers take them: a name is a pattern there, so what a pattern would mean is put in brackets. */
    static String files(List<String> paths) {
        return paths.stream().map(Literal::file).collect(Collectors.joining(", ", "[", "]"));
    }

    static String file(String path) {
        return text(path.replaceAll("[\\[*?]", "[$0]"));
    }

    /** A named argument of a reader, behind others. */
    static String option(String name, @Nullable Object value) {
        return ", " + name(name) + " = " + value(value);
    }

    /** A text or a moment. */
    static String constant(Object value) {
        return value instanceof Instant ? text(value.toString()) + "::TIMESTAMPTZ" : text(value.toString());
    }

    /** A value from YAML: text, number, truth value, NULL, list or struct. */
    static String value(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Literal::value).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> text(String.valueOf(e.getKey())) + ": " + value(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Double number && (number.isInfinite() || number.isNaN())) {
            return "'" + number + "'::DOUBLE";
        }
        return value instanceof String text ? text(text) : String.valueOf(value);
    }
}
