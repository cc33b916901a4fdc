package dev.tarn.core.source;

import java.util.Optional;

/**
 * Something a user can fix: what is wrong, where, and what to do.
 *
 * @param message what is wrong, in one sentence without a full stop, names in single quotes
 * @param help what to do about it
 */
public record Problem(ProblemCode code, Severity severity, SourceSpan span, String message, Optional<String> help) {}
