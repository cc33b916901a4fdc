package dev.tarn.core.source;

import java.util.Arrays;

/**
 * A text taken out of a file (a YAML scalar, an SQL file) that still knows where each of its characters stands there,
 * so that an error inside the text is shown in the file the user wrote.
 */
public final class MappedText {

    private final SourceFile file;
    private final String text;
    private final int[] origins;

    /**
     * @param origins for each character of {@code text} its 0-based character offset in {@code file}, and one more for
     *     the end
     */
    public MappedText(SourceFile file, String text, int[] origins) {
        if (origins.length != text.length() + 1) {
            throw new IllegalStateException(origins.length + " origins for " + text.length() + " characters");
        }
        this.file = file;
        this.text = text;
        this.origins = origins.clone();
    }

    /** A whole file as it is. */
    public static MappedText of(SourceFile file) {
        int[] identity = new int[file.text().length() + 1];
        Arrays.setAll(identity, i -> i);
        return new MappedText(file, file.text(), identity);
    }

    public String text() {
        return text;
    }

    public SourceFile file() {
        return file;
    }

    /** The 0-based offset in the file of the character at {@code index}; the end for an index past the text. */
    public int origin(int index) {
        return origins[Math.min(Math.max(index, 0), text.length())];
    }

    /**
     * The span in the file of {@code length} characters from {@code index}: in the file it may be longer (an escape) or
     * shorter (a replaced variable) than here.
     */
    public SourceSpan span(int index, int length) {
        return file.spanAt(origin(index), origin(index + Math.max(length, 0)) - origin(index));
    }

    /** The part from {@code from} to before {@code to}. */
    public MappedText slice(int from, int to) {
        return new MappedText(file, text.substring(from, to), Arrays.copyOfRange(origins, from, to + 1));
    }

    /** The span of the text's first character that is not white space. */
    public SourceSpan start() {
        int first = 0;
        while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
            first++;
        }
        return span(first, 1);
    }

    /** Puts a text together from parts of one in a file and from replacements, which stand where they were asked for. */
    public static final class Builder {
        private final MappedText source;
        private final StringBuilder text = new StringBuilder();
        private int[] origins;

        public Builder(MappedText source) {
            this.source = source;
            this.origins = new int[source.text.length() + 1];
        }

        /** Adds the source's characters from {@code from} to before {@code to}. */
        public Builder keep(int from, int to) {
            reserve(to - from);
            System.arraycopy(source.origins, from, origins, text.length(), to - from);
            text.append(source.text, from, to);
            return this;
        }

        /** Adds a text that stands in the source at {@code index}. */
        public Builder replace(int index, String replacement) {
            reserve(replacement.length());
            Arrays.fill(origins, text.length(), text.length() + replacement.length(), source.origin(index));
            text.append(replacement);
            return this;
        }

        /** Adds another text of the same file, which stands where it stands there; one of another file where this one does. */
        public Builder insert(MappedText other) {
            if (!other.file.equals(source.file)) {
                return replace(0, other.text);
            }
            reserve(other.text.length());
            System.arraycopy(other.origins, 0, origins, text.length(), other.text.length());
            text.append(other.text);
            return this;
        }

        public MappedText build() {
            int[] exact = Arrays.copyOf(origins, text.length() + 1);
            exact[text.length()] = source.origin(source.text.length());
            return new MappedText(source.file, text.toString(), exact);
        }

        private void reserve(int more) {
            if (text.length() + more > origins.length) {
                origins = Arrays.copyOf(origins, 2 * (text.length() + more));
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MappedText that && text.equals(that.text) && file.equals(that.file);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
