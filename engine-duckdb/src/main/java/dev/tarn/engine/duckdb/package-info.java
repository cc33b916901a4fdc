/**
 * The embedded engine: DuckDB computes, {@code lake} keeps the Delta tables. Only this package and {@code lake} know
 * DuckDB.
 */
@NullMarked
package dev.tarn.engine.duckdb;

import org.jspecify.annotations.NullMarked;
