package dev.tarn.core.engine;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A query made of users' texts and our own, which still knows whose each character is, so that an engine's word on
 * position 812 is shown at a line of the user's file.
 */
public final class SqlText {

    /** A stretch of a user's text, or of ours that was written for something of the user's. */
    private record Part(
            int start,
            int length,
            @Nullable MappedText origin,
            @Nullable SourceSpan span) {

        SourceSpan locate(int index, int length) {
            return origin != null ? origin.span(index - start, length) : Objects.requireNonNull(span);
        }
    }

    private final String text;
    private final List<Part> parts;

    private SqlText(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
    }

    /** A query without a word of a user's. */
    public static SqlText ours(String text) {
        return new SqlText(text, List.of());
    }

    public String text() {
        return text;
    }

    /** Where a user wrote the character at {@code index}; empty when it is ours. */
    public Optional<SourceSpan> locate(int index, int length) {
        return parts.stream()
                .filter(part -> index >= part.start() && index <= part.start() + part.length())
                .findFirst()
                .map(part -> part.locate(index, length));
    }

    /** The place for which a stretch of ours that holds this text was written. */
    public Optional<SourceSpan> placeOf(String ours) {
        return parts.stream()
                .filter(part -> part.span() != null
                        && text.substring(part.start(), part.start() + part.length())
                                .contains(ours))
                .findFirst()
                .map(Part::span);
    }

    /** A stretch of ours and what it was written for. */
    public record Place(String text, SourceSpan span) {}

    /** The stretch of ours that holds this text; empty when there are none or several. */
    public Optional<Place> onlyPlaceOf(String ours) {
        List<Place> places = parts.stream()
                .filter(part -> part.span() != null)
                .map(part -> new Place(
                        text.substring(part.start(), part.start() + part.length()),
                        Objects.requireNonNull(part.span())))
                .filter(place -> place.text().contains(ours))
                .distinct()
                .toList();
        return places.size() == 1 ? Optional.of(places.get(0)) : Optional.empty();
    }

    /** Puts a query together from left to right. */
    public static final class Builder {

        private final StringBuilder text = new StringBuilder();
        private final List<Part> parts = new ArrayList<>();

        public Builder add(String ours) {
            text.append(ours);
            return this;
        }

        /** The first {@code length} characters of a user's text. */
        public Builder add(MappedText user, int length) {
            parts.add(new Part(text.length(), length, user, null));
            text.append(user.text(), 0, length);
            return this;
        }

        /** Our text that does what the user wrote at a place. */
        public Builder add(String ours, SourceSpan place) {
            parts.add(new Part(text.length(), ours.length(), null, place));
            text.append(ours);
            return this;
        }

        public boolean isEmpty() {
            return text.isEmpty();
        }

        public Builder add(SqlText other) {
            other.parts.forEach(part ->
                    parts.add(new Part(text.length() + part.start(), part.length(), part.origin(), part.span())));
            text.append(other.text);
            return this;
        }

        public SqlText build() {
            return new SqlText(text.toString(), parts);
        }
    }
}
