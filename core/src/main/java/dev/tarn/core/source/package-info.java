/**
 * Where a text came from and what is wrong with it: files, spans, problems. Knows nothing of projects; everything else may use it.
 */
@NullMarked
package dev.tarn.core.source;

import org.jspecify.annotations.NullMarked;
