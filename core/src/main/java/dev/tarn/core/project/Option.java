package dev.tarn.core.project;

import dev.tarn.core.source.SourceSpan;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an {@code options} mapping, passed to the engine.
 *
 * @param value a String, Long, Double, Boolean, List or Map of these, or null
 */
public record Option(String name, @Nullable Object value, SourceSpan nameSpan, SourceSpan valueSpan) {}
