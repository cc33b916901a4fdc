package dev.tarn.core.project;

/** A file or table format that a node can read and write. */
public enum Format {
    CSV,
    JSON,
    PARQUET,
    DELTA,
    /** A table of a database. */
    SQL;

    /** The format as it is written in YAML, which is also the ending of its files. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
