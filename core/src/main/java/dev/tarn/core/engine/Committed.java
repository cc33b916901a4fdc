package dev.tarn.core.engine;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * A write that a target has in its own history.
 *
 * @param runId the run that made it
 * @param version the version that it made, of a table
 * @param at when
 */
public record Committed(String runId, OptionalLong version, Instant at) {}
