/**
 * The built-in transformers: what each is called, which parameters it takes, and the SQL that it becomes on each engine.
 * Knows neither engines nor projects; what a row looks like comes in as columns.
 */
@NullMarked
package dev.tarn.core.transform;

import org.jspecify.annotations.NullMarked;
