/**
 * Rows of PostgreSQL and MariaDB, value for value: what cannot be the same on the other side is an error. Engines hand
 * over and take rows through {@link dev.tarn.connect.database.RowSink} and {@link dev.tarn.connect.database.TableWriter}.
 */
@NullMarked
package dev.tarn.connect.database;

import org.jspecify.annotations.NullMarked;
