package dev.tarn.it.delta;

import java.nio.file.Path;

/** Rows for a write: a query for DuckDB, and the same rows as a Parquet file for those who have no DuckDB. */
record Source(String query, Path parquet) {}
