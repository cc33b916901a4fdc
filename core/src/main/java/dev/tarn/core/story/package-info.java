/**
 * The report of a run: as values, as JSON, Markdown and HTML, and what is different from another one. Stands above
 * {@code run} and {@code state}; knows no engine.
 */
@NullMarked
package dev.tarn.core.story;

import org.jspecify.annotations.NullMarked;
