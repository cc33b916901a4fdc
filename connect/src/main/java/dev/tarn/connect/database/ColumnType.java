package dev.tarn.connect.database;

/**
 * What a column's values are once they have been read.
 *
 * @param precision of {@link Kind#DECIMAL}: digits in all, at most 38
 * @param scale of {@link Kind#DECIMAL}: digits behind the point
 * @param isList whether it is a list of such values
 */
public record ColumnType(Kind kind, int precision, int scale, boolean isList) {

    /** The kinds of value, and with which method of {@link RowSink} each is handed over. */
    public enum Kind {
        BOOLEAN,
        BYTE,
        SHORT,
        INTEGER,
        LONG,
        DECIMAL,
        FLOAT,
        DOUBLE,
        TEXT,
        BYTES,
        DATE,
        TIME,
        /** Without a zone. */
        TIMESTAMP,
        /** A moment. */
        INSTANT,
        UUID
    }

    static final int MOST_DIGITS = 38;

    static ColumnType of(Kind kind) {
        return new ColumnType(kind, 0, 0, false);
    }

    /** Exact numbers that fit, else their text. */
    static ColumnType decimal(int precision, int scale) {
        boolean fits = precision > 0 && precision <= MOST_DIGITS && scale >= 0 && scale <= precision;
        return fits ? new ColumnType(Kind.DECIMAL, precision, scale, false) : of(Kind.TEXT);
    }

    ColumnType list() {
        return new ColumnType(kind, precision, scale, true);
    }
}
