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

    /** The span in the file of {@code length} characters from {@code index}. */
    public SourceSpan span(int index, int length) {
        return file.spanAt(origin(index), length);
    }

    /** The span of the text's first character that is not white space. */
    public SourceSpan start() {
        int first = 0;
        while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
            first++;
        }
        return span(first, 1);
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
