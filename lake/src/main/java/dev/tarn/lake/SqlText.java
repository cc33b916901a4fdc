package dev.tarn.lake;

import java.util.Collection;
import java.util.stream.Collectors;

/** Quotes names and values for DuckDB. */
final class SqlText {
    private SqlText() {}

    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String value) {
        return '\'' + value.replace("'", "''") + '\'';
    }

    static String list(Collection<String> values) {
        return values.stream().map(SqlText::literal).collect(Collectors.joining(", ", "[", "]"));
    }
}
