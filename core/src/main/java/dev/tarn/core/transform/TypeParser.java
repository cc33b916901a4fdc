package dev.tarn.core.transform;

import dev.tarn.core.transform.Type.Field;
import dev.tarn.core.transform.Type.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads types as DuckDB ({@code STRUCT(a INTEGER, b VARCHAR[])}) and Spark ({@code STRUCT<a: INT, b: ARRAY<STRING>>}) write
 * them, and lists of fields as Spark's DDL does. Not thread-safe.
 */
final class TypeParser {

    private static final Map<String, Kind> NAMES = Map.ofEntries(
            Map.entry("BOOLEAN", Kind.BOOLEAN),
            Map.entry("BOOL", Kind.BOOLEAN),
            Map.entry("TINYINT", Kind.TINYINT),
            Map.entry("BYTE", Kind.TINYINT),
            Map.entry("SMALLINT", Kind.SMALLINT),
            Map.entry("SHORT", Kind.SMALLINT),
            Map.entry("INT", Kind.INT),
            Map.entry("INTEGER", Kind.INT),
            Map.entry("BIGINT", Kind.BIGINT),
            Map.entry("LONG", Kind.BIGINT),
            Map.entry("FLOAT", Kind.FLOAT),
            Map.entry("REAL", Kind.FLOAT),
            Map.entry("DOUBLE", Kind.DOUBLE),
            Map.entry("STRING", Kind.STRING),
            Map.entry("STR", Kind.STRING),
            Map.entry("VARCHAR", Kind.STRING),
            Map.entry("TEXT", Kind.STRING),
            Map.entry("JSON", Kind.STRING),
            Map.entry("DATE", Kind.DATE),
            Map.entry("TIMESTAMPTZ", Kind.TIMESTAMP),
            Map.entry("TIMESTAMP_LTZ", Kind.TIMESTAMP),
            Map.entry("TIMESTAMP_NTZ", Kind.TIMESTAMP_NTZ),
            Map.entry("BINARY", Kind.BINARY),
            Map.entry("BLOB", Kind.BINARY));

    private final String text;
    private final boolean duckdb;
    private int at;

    TypeParser(String text, boolean duckdb) {
        this.text = text;
        this.duckdb = duckdb;
    }

    /** The type; one that cannot be read is kept as it is written. */
    Type parse() {
        try {
            Type type = type();
            skipBlanks();
            return at == text.length() ? type : Type.other(text);
        } catch (IllegalArgumentException e) {
            return Type.other(text);
        }
    }

    /** A list of fields: {@code a INT, b: STRING}. Throws IllegalArgumentException where it is none. */
    List<Field> fields() {
        List<Field> fields = fieldsUntil('\0');
        if (at < text.length() || fields.isEmpty()) {
            throw new IllegalArgumentException(text);
        }
        return fields;
    }

    private Type type() {
        Type type = scalarOrNested();
        while (take('[')) {
            at = text.indexOf(']', at) + 1;
            type = list(type);
        }
        return type;
    }

    private static Type list(Type element) {
        return Type.nested(Kind.ARRAY, List.of(new Field("element", element)));
    }

    private Type scalarOrNested() {
        String word = word().toUpperCase(Locale.ROOT);
        switch (word) {
            case "DECIMAL", "NUMERIC", "DEC" -> {
                return decimal();
            }
            case "STRUCT" -> {
                char end = open();
                return Type.nested(Kind.STRUCT, fieldsUntil(end));
            }
            case "ARRAY" -> {
                char end = open();
                Type element = type();
                expect(end);
                return list(element);
            }
            case "MAP" -> {
                char end = open();
                Type key = type();
                expect(',');
                Type value = type();
                expect(end);
                return Type.nested(Kind.MAP, List.of(new Field("key", key), new Field("value", value)));
            }
            case "TIMESTAMP" -> {
                return timestamp();
            }
            default -> {
                Kind kind = NAMES.get(word);
                if (kind == null && text.strip().equalsIgnoreCase(word)) {
                    return Type.other(word);
                }
                if (kind == null) {
                    throw new IllegalArgumentException(word);
                }
                return Type.of(kind);
            }
        }
    }

    /** In DuckDB the bare word is the time of a clock on a wall, in Spark and in Delta a moment. */
    private Type timestamp() {
        if (text.startsWith(" WITH TIME ZONE", at)) {
            at += " WITH TIME ZONE".length();
            return Type.TIMESTAMP;
        }
        return duckdb ? Type.TIMESTAMP_NTZ : Type.TIMESTAMP;
    }

    private Type decimal() {
        if (!take('(')) {
            return duckdb ? Type.decimal(18, 3) : Type.decimal(10, 0);
        }
        int precision = number();
        int scale = take(',') ? number() : 0;
        expect(')');
        if (precision < 1 || precision > 38 || scale > precision) {
            throw new IllegalArgumentException(text);
        }
        return Type.decimal(precision, scale);
    }

    private int number() {
        return Integer.parseInt(word());
    }

    private List<Field> fieldsUntil(char end) {
        List<Field> fields = new ArrayList<>();
        skipBlanks();
        while (at < text.length() && !take(end)) {
            String name = word();
            take(':');
            fields.add(new Field(name, type()));
            if (text.regionMatches(true, at, " NOT NULL", 0, 9)) {
                at += 9;
            }
            skipBlanks();
            if (at < text.length() && text.charAt(at) != end) {
                expect(',');
            }
        }
        return fields;
    }

    private char open() {
        if (take('<')) {
            return '>';
        }
        expect('(');
        return ')';
    }

    private String word() {
        skipBlanks();
        if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '`')) {
            return quoted(text.charAt(at));
        }
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (start == at) {
            throw new IllegalArgumentException(text);
        }
        return text.substring(start, at);
    }

    private String quoted(char quote) {
        StringBuilder name = new StringBuilder();
        for (at++; at < text.length(); at++) {
            boolean isQuote = text.charAt(at) == quote;
            if (isQuote && (at + 1 == text.length() || text.charAt(at + 1) != quote)) {
                at++;
                return name.toString();
            }
            at += isQuote ? 1 : 0;
            name.append(text.charAt(at));
        }
        throw new IllegalArgumentException(text);
    }

    private boolean take(char c) {
        int before = at;
        skipBlanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        at = before;
        return false;
    }

    private void expect(char c) {
        if (!take(c)) {
            throw new IllegalArgumentException(text);
        }
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
