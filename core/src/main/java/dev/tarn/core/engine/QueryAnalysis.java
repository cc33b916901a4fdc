package dev.tarn.core.engine;

import java.util.List;

/** What an engine's parser says of a text. Indexes are characters of that text, from 0. */
public sealed interface QueryAnalysis {

    /**
     * A single query.
     *
     * @param tables those it names that it does not define itself
     * @param files the texts that it gives to functions which may read the files of that name
     */
    record Query(List<TableReference> tables, List<FileReference> files) implements QueryAnalysis {
        public Query {
            tables = List.copyOf(tables);
            files = List.copyOf(files);
        }
    }

    /** A path or pattern as the text has it; a relative one begins where the process does. */
    record FileReference(String path, int index, int length) {}

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
