/**
 * What the promises about Delta tables rest on: the same tables read and written by Spark, delta-rs and Delta Kernel, by
 * several processes at once, and by processes that are killed.
 */
@NullMarked
package dev.tarn.it.delta;

import org.jspecify.annotations.NullMarked;
