package dev.tarn.core.source;

import java.util.List;

/**
 * A text that a user wrote, under the name to show for it.
 *
 * @param name path as the user would type it
 * @param text the whole content
 */
public record SourceFile(String name, String text) {

    /** The line with this 1-based number without its line break; empty when the file has no such line. */
    public String line(int number) {
        List<String> lines = text.lines().toList();
        return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
    }

    /** The span of {@code length} characters that starts at a 0-based character offset. */
    public SourceSpan spanAt(int offset, int length) {
        int end = Math.min(Math.max(offset, 0), text.length());
        int lineStart = text.lastIndexOf('\n', end - 1) + 1;
        int line = 1 + (int) text.substring(0, lineStart).chars().filter(c -> c == '\n').count();
        return new SourceSpan(this, line, 1 + text.codePointCount(lineStart, end), Math.max(1, length));
    }

    /** The span that stands for the file as a whole: its first character. */
    public SourceSpan start() {
        return new SourceSpan(this, 1, 1, 1);
    }
}
