package dev.tarn.core.source;

/**
 * A run of characters on one line of a file.
 *
 * @param line 1-based
 * @param column 1-based, in Unicode code points
 * @param length in code points, at least 1
 */
public record SourceSpan(SourceFile file, int line, int column, int length) {

    public SourceSpan {
        if (line < 1 || column < 1 || length < 1) {
            throw new IllegalStateException("span " + line + ":" + column + "+" + length + " in " + file.name());
        }
    }

    /** {@code file:line:column}, as compilers print it and editors open it. */
    @Override
    public String toString() {
        return file.name() + ":" + line + ":" + column;
    }
}
