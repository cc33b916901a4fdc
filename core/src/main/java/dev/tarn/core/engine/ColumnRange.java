package dev.tarn.core.engine;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of all values of a column.
 *
 * @param nulls how many are NULL
 * @param min the least one as text, perhaps cut
 * @param max as {@code min}
 */
public record ColumnRange(OptionalLong nulls, Optional<String> min, Optional<String> max) {}
