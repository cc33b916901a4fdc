package dev.tarn.core.project;

import java.util.Locale;

/** A column that {@code add_metadata} adds to the rows that a node writes. */
public enum MetadataColumn {
    /** Timestamp of the run's start. */
    EXTRACTED_AT,
    /** Path of the file that the row was read from. */
    SOURCE_FILE,
    /** Name of the connection that the node reads. */
    SOURCE_CONNECTION,
    /** The table that the node reads. */
    SOURCE_TABLE;

    /** The key in {@code add_metadata}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The column's name in the target. */
    public String column() {
        return "_" + id();
    }
}
