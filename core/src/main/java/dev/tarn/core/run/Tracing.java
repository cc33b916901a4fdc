package dev.tarn.core.run;

/**
 * How closely nodes are looked at while they run.
 *
 * @param sampleRows rows of each output to keep, 0 or more
 * @param brokenRows rows that break checks to keep, for each node, 0 or more
 */
public record Tracing(int sampleRows, int brokenRows) {}
