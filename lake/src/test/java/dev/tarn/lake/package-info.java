/** Tests of Delta tables against a real DuckDB. */
@NullMarked
package dev.tarn.lake;

import org.jspecify.annotations.NullMarked;
