/**
 * The application for clusters: what {@code spark-submit} and the platforms' job definitions start. It has a main and prints;
 * commands of the command line have their place in {@code cli}.
 */
@NullMarked
package dev.tarn.engine.spark.app;

import org.jspecify.annotations.NullMarked;
