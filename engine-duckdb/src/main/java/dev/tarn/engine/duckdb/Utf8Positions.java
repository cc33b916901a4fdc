package dev.tarn.engine.duckdb;

/** Turns DuckDB's positions, which count the bytes of UTF-8, into Java's, which count characters. */
final class Utf8Positions {

    private final String text;

    Utf8Positions(String text) {
        this.text = text;
    }

    /** The index of the character at a byte offset; the length for an offset past the end. */
    int index(long byteOffset) {
        long bytes = 0;
        int index = 0;
        while (index < text.length() && bytes < byteOffset) {
            int codePoint = text.codePointAt(index);
            bytes += utf8Length(codePoint);
            index += Character.charCount(codePoint);
        }
        return index;
    }

    private static int utf8Length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
