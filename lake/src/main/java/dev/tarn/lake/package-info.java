/**
 * Reads and writes Delta tables without Spark: DuckDB moves the rows, the commit layer and the replay of the log are here.
 */
@NullMarked
package dev.tarn.lake;

import org.jspecify.annotations.NullMarked;
