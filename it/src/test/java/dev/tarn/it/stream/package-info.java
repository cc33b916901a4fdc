/** Streams of changes against real databases, killed wherever it hurts. */
@NullMarked
package dev.tarn.it.stream;

import org.jspecify.annotations.NullMarked;
