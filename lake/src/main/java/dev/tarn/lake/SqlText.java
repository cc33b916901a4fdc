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

    /** Paths as DuckDB's readers take them: a name is a pattern there, so what a pattern would mean is put in brackets. */
    static String files(Collection<String> paths) {
        return list(
                paths.stream().map(path -> path.replaceAll("[\\[*?]", "[$0]")).toList());
    }

    static String list(Collection<String> values) {
        return values.stream().map(SqlText::literal).collect(Collectors.joining(", ", "[", "]"));
    }
}
