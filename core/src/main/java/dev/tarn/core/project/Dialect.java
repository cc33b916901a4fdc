package dev.tarn.core.project;

/** The SQL that a node is written in. */
public enum Dialect {
    /** Sent to DuckDB as it is. */
    DUCKDB,
    /** Sent to Spark as it is. */
    SPARK,
    /** Text that every engine accepts, sent to each unchanged. */
    COMMON
}
