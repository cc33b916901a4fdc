/**
 * The engine of core with Spark SQL and Delta Lake on Spark. Only Spark's Java API, so that the same sources compile for each
 * version of it; nothing that runs without Spark belongs here.
 */
@NullMarked
package dev.tarn.engine.spark;

import org.jspecify.annotations.NullMarked;
