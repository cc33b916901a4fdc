package dev.tarn.core.transform;

import dev.tarn.core.transform.Type.Kind;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of an engine, where engines differ: how names, texts and types are written, and what gives the same result under
 * another name. Sessions are expected to work in UTC, Spark's with ANSI mode on, as is its default.
 */
public enum SqlDialect {
    DUCKDB {
        @Override
        public String name(String name) {
            return '"' + name.replace("\"", "\"\"") + '"';
        }

        @Override
        public String text(String value) {
            return "'" + value.replace("'", "''") + "'";
        }

        @Override
        public String value(@Nullable Object value) {
            boolean unwritable = value instanceof Double number && (number.isInfinite() || number.isNaN());
            return unwritable ? "'" + value + "'::DOUBLE" : plain(value);
        }

        @Override
        public String instant(Instant value) {
            return text(value.toString()) + "::TIMESTAMPTZ";
        }

        @Override
        public String begins(String value, String pattern) {
            return "regexp_matches(" + value + "::VARCHAR, " + text("^(?:" + pattern + ")") + ")";
        }

        @Override
        public String type(Type type) {
            return switch (type.kind()) {
                case INT -> "INTEGER";
                case STRING -> "VARCHAR";
                case BINARY -> "BLOB";
                case TIMESTAMP -> "TIMESTAMP WITH TIME ZONE";
                case TIMESTAMP_NTZ -> "TIMESTAMP";
                case ARRAY -> type(type.fields().get(0).type()) + "[]";
                case MAP ->
                    "MAP("
                            + type(type.fields().get(0).type()) + ", "
                            + type(type.fields().get(1).type()) + ")";
                case STRUCT ->
                    type.fields().stream()
                            .map(field -> name(field.name()) + " " + type(field.type()))
                            .collect(Collectors.joining(", ", "STRUCT(", ")"));
                default -> type.toString().toUpperCase(Locale.ROOT);
            };
        }

        @Override
        String textOf(String value, Type type) {
            if (type.isFloating()) {
                return DuckDbText.ofDouble(value);
            }
            return type.kind() == Kind.TIMESTAMP
                    ? "CAST(CAST(" + value + " AS TIMESTAMP) AS VARCHAR)"
                    : "CAST(" + value + " AS VARCHAR)";
        }

        @Override
        String lower(String value) {
            return "lower(replace(" + value + ", 'İ', 'i̇'))";
        }

        @Override
        String upper(String value) {
            return "upper(replace(" + value + ", 'ß', 'SS'))";
        }

        @Override
        String trim(String value, String characters) {
            return "trim(" + value + ", " + characters + ")";
        }

        @Override
        String sha256(String value) {
            return "sha256(" + value + ")";
        }

        @Override
        String hexNumber(String value) {
            return "CAST('0x' || " + value + " AS BIGINT)";
        }

        @Override
        String micros(String value) {
            return "epoch_us(" + value + ")";
        }

        @Override
        String plus(String value, long count, String unit) {
            return "(" + value + " + to_" + unit + "s(" + count + "))";
        }

        @Override
        String isoWeek(String value) {
            return "week(" + value + ")";
        }

        @Override
        String weekday(String value) {
            return "isodow(" + value + ")";
        }

        @Override
        String matches(String value, String pattern) {
            return "regexp_full_match(" + value + ", " + text(pattern) + ")";
        }

        @Override
        String fail(String message) {
            return "error(" + message + ")";
        }

        @Override
        String field(String struct, String field) {
            return "struct_extract(" + struct + ", " + text(field) + ")";
        }

        @Override
        String explode(String list, boolean outer) {
            return outer
                    ? "unnest(CASE WHEN len(" + list + ") > 0 THEN " + list + " ELSE [NULL] END)"
                    : "unnest(" + list + ")";
        }

        @Override
        String moments(String from, String to, String unit) {
            return "unnest(generate_series(" + from + ", " + to + ", to_" + unit + "s(1)))";
        }
    },

    SPARK {
        @Override
        public String name(String name) {
            return '`' + name.replace("`", "``") + '`';
        }

        /** Spark replaces {@code ${…}} even in literals, unless the dollar is escaped. */
        @Override
        public String text(String value) {
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\u0024") + "'";
        }

        @Override
        public String value(@Nullable Object value) {
            if (value instanceof Double number) {
                return number.isInfinite() || number.isNaN() ? "double('" + number + "')" : number + "D";
            }
            return plain(value);
        }

        /** Also in a session whose TIMESTAMP has no time zone. */
        @Override
        public String instant(Instant value) {
            return "TIMESTAMP_LTZ " + text(value.toString());
        }

        @Override
        public String begins(String value, String pattern) {
            return "CAST(" + value + " AS STRING) RLIKE " + text("^(?:" + pattern + ")");
        }

        @Override
        public String type(Type type) {
            return switch (type.kind()) {
                // The bare word means the one or the other by a setting of the session.
                case TIMESTAMP -> "TIMESTAMP_LTZ";
                case ARRAY -> "ARRAY<" + type(type.fields().get(0).type()) + ">";
                case MAP ->
                    "MAP<"
                            + type(type.fields().get(0).type()) + ", "
                            + type(type.fields().get(1).type()) + ">";
                case STRUCT ->
                    type.fields().stream()
                            .map(field -> name(field.name()) + ": " + type(field.type()))
                            .collect(Collectors.joining(", ", "STRUCT<", ">"));
                default -> type.toString().toUpperCase(Locale.ROOT);
            };
        }

        @Override
        String textOf(String value, Type type) {
            return "CAST(" + value + " AS STRING)";
        }

        @Override
        String lower(String value) {
            return "lower(" + value + ")";
        }

        @Override
        String upper(String value) {
            return "upper(" + value + ")";
        }

        @Override
        String trim(String value, String characters) {
            return "trim(BOTH " + characters + " FROM " + value + ")";
        }

        @Override
        String sha256(String value) {
            return "sha2(" + value + ", 256)";
        }

        @Override
        String hexNumber(String value) {
            return "CAST(conv(" + value + ", 16, 10) AS BIGINT)";
        }

        @Override
        String micros(String value) {
            return "unix_micros(CAST(" + value + " AS TIMESTAMP_LTZ))";
        }

        @Override
        String plus(String value, long count, String unit) {
            return "timestampadd(" + unit.toUpperCase(Locale.ROOT) + ", " + count + ", " + value + ")";
        }

        @Override
        String isoWeek(String value) {
            return "weekofyear(" + value + ")";
        }

        @Override
        String weekday(String value) {
            return "(weekday(" + value + ") + 1)";
        }

        @Override
        String matches(String value, String pattern) {
            return "regexp(" + value + ", " + text("^(?:" + pattern + ")\\z") + ")";
        }

        @Override
        String fail(String message) {
            return "raise_error(" + message + ")";
        }

        @Override
        String field(String struct, String field) {
            return struct + "." + name(field);
        }

        @Override
        String explode(String list, boolean outer) {
            return (outer ? "explode_outer(" : "explode(") + list + ")";
        }

        @Override
        String moments(String from, String to, String unit) {
            return "explode(sequence(" + from + ", " + to + ", INTERVAL 1 " + unit.toUpperCase(Locale.ROOT) + "))";
        }
    };

    /** A quoted name. */
    public abstract String name(String name);

    /** A text as a literal. */
    public abstract String text(String value);

    /** A value of YAML as a literal: text, number, truth value or NULL. */
    public abstract String value(@Nullable Object value);

    /** A moment as a literal. */
    public abstract String instant(Instant value);

    /** Whether a value, as text, begins with what a pattern matches. */
    public abstract String begins(String value, String pattern);

    /** A type's name. */
    public abstract String type(Type type);

    /** A value as text, the same on every engine. */
    abstract String textOf(String value, Type type);

    abstract String lower(String value);

    abstract String upper(String value);

    /** @param characters a literal with all that is taken off at both ends */
    abstract String trim(String value, String characters);

    /** In lower-case hexadecimal digits. */
    abstract String sha256(String value);

    /** The number that hexadecimal digits, 15 at most, stand for. */
    abstract String hexNumber(String value);

    /** Microseconds since 1970 of a timestamp. */
    abstract String micros(String value);

    /**
     * A timestamp so much later.
     *
     * @param unit {@code second} to {@code year}
     */
    abstract String plus(String value, long count, String unit);

    abstract String isoWeek(String value);

    /** The day of the week, 1 for Monday. */
    abstract String weekday(String value);

    /** Whether a pattern that both know matches the whole of a text. */
    abstract String matches(String value, String pattern);

    /** Ends the query with a message, which is an expression. */
    abstract String fail(String message);

    abstract String field(String struct, String field);

    /** In a list of columns: one row for each item; with {@code outer} one for a list without items, too. */
    abstract String explode(String list, boolean outer);

    /** In a list of columns: one row for each moment from one to another, both included. */
    abstract String moments(String from, String to, String unit);

    String plain(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        return value instanceof String text ? text(text) : String.valueOf(value);
    }

    String cast(String value, Type type) {
        return "CAST(" + value + " AS " + type(type) + ")";
    }
}
