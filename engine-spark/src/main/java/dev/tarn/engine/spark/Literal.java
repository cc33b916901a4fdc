package dev.tarn.engine.spark;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes names and values as Spark's SQL reads them. */
final class Literal {

    private Literal() {}

    /** A quoted identifier. */
    static String name(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    static String names(List<String> names) {
        return names.stream().map(Literal::name).collect(Collectors.joining(", "));
    }

    /** A text; Spark reads backslashes in it. */
    static String text(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** A moment, also in a session whose TIMESTAMP has no time zone. */
    static String instant(Instant value) {
        return "TIMESTAMP_LTZ " + text(value.toString());
    }

    /** A text or a moment. */
    static String constant(Object value) {
        return value instanceof Instant moment ? instant(moment) : text(value.toString());
    }

    /** A value from YAML: text, number, truth value or NULL. */
    static String value(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof Double number) {
            return number.isInfinite() || number.isNaN() ? "double('" + number + "')" : number + "D";
        }
        return value instanceof String text ? text(text) : String.valueOf(value);
    }
}
