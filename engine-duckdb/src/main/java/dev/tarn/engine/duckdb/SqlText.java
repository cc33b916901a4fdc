package dev.tarn.engine.duckdb;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A query made of users' texts and our own, which still knows whose each character is, so that DuckDB's word on
 * position 812 is shown at a line of the user's file.
 */
final class SqlText {

    private record Part(int start, int length, MappedText origin) {}

    private final String text;
    private final List<Part> parts;

    private SqlText(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
    }

    static SqlText ours(String text) {
        return new SqlText(text, List.of());
    }

    String text() {
        return text;
    }

    /** Where a user wrote the character at {@code index}; empty when it is ours. */
    Optional<SourceSpan> locate(int index, int length) {
        return parts.stream()
                .filter(part -> index >= part.start() && index <= part.start() + part.length())
                .findFirst()
                .map(part -> part.origin().span(index - part.start(), length));
    }

    /** Puts a query together from left to right. */
    static final class Builder {

        private final StringBuilder text = new StringBuilder();
        private final List<Part> parts = new ArrayList<>();

        Builder add(String ours) {
            text.append(ours);
            return this;
        }

        /** The first {@code length} characters of a user's text. */
        Builder add(MappedText user, int length) {
            parts.add(new Part(text.length(), length, user));
            text.append(user.text(), 0, length);
            return this;
        }

        Builder add(SqlText other) {
            other.parts.forEach(
                    part -> parts.add(new Part(text.length() + part.start(), part.length(), part.origin())));
            text.append(other.text);
            return this;
        }

        SqlText build() {
            return new SqlText(text.toString(), parts);
        }
    }
}
