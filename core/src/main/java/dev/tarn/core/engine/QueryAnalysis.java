package dev.tarn.core.engine;

import java.util.List;

/** What an engine's parser says of a text. Indexes are characters of that text, from 0. */
public sealed interface QueryAnalysis {

    /** A single query, and the tables it names that it does not define itself. */
    record Query(List<TableReference> tables) implements QueryAnalysis {
        public Query {
            tables = List.copyOf(tables);
        }
    }

    /** A text that the parser refuses. */
    record SyntaxError(int index, int length, String message) implements QueryAnalysis {}

    /** Well-formed, but empty, several statements, or not a query. */
    record NotAQuery(String message) implements QueryAnalysis {}

    /** A table as the text names it: {@code [name]} or {@code [schema, name]}. */
    record TableReference(List<String> path, int index, int length) {
        public TableReference {
            path = List.copyOf(path);
        }

        public String name() {
            return String.join(".", path);
        }
    }
}
