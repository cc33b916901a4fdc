package dev.tarn.core.source;

import java.util.Arrays;

/**
 * A text that a user wrote, under the name to show for it. Not a record only because it keeps where its lines start: a
 * position is asked for each value of a project.
 */
public final class SourceFile {

    private final String name;
    private final String text;
    private final int[] lineStarts;

    /**
     * @param name path as the user would type it
     * @param text the whole content
     */
    public SourceFile(String name, String text) {
        this.name = name;
        this.text = text;
        this.lineStarts = lineStarts(text);
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[1 + (int) text.chars().filter(c -> c == '\n').count()];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = text.indexOf('\n', starts[i - 1]) + 1;
        }
        return starts;
    }

    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    /** The line with this 1-based number without its line break; empty when the file has no such line. */
    public String line(int number) {
        if (number < 1 || number > lineStarts.length) {
            return "";
        }
        int start = lineStarts[number - 1];
        String line = text.substring(start, lineEnd(start));
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** The span of {@code length} characters that starts at a 0-based character offset, cut at the line's end. */
    public SourceSpan spanAt(int offset, int length) {
        int start = Math.min(Math.max(offset, 0), text.length());
        int found = Arrays.binarySearch(lineStarts, start);
        int line = found >= 0 ? found : -found - 2;
        int end = (int) Math.min((long) start + Math.max(length, 0), lineEnd(start));
        int column = 1 + text.codePointCount(lineStarts[line], start);
        return new SourceSpan(this, line + 1, column, Math.max(1, text.codePointCount(start, end)));
    }

    private int lineEnd(int offset) {
        int end = text.indexOf('\n', offset);
        return end < 0 ? text.length() : end;
    }

    /** The span that stands for the file as a whole: its first character. */
    public SourceSpan start() {
        return new SourceSpan(this, 1, 1, 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceFile that && name.equals(that.name) && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
