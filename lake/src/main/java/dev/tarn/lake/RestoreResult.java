package dev.tarn.lake;

import java.util.OptionalLong;

/**
 * Tells what a restore did.
 *
 * @param version the version that it made; empty if the table already was as it should be
 * @param restoredVersion the version whose rows, schema and properties the table has now
 * @param filesRestored files that the table has again
 * @param filesRemoved files that the table has no more
 * @param filesAfter how many files the table has now
 * @param metadataChanged whether schema or properties are others than before
 */
public record RestoreResult(
        OptionalLong version,
        long restoredVersion,
        int filesRestored,
        long bytesRestored,
        int filesRemoved,
        long bytesRemoved,
        int filesAfter,
        long bytesAfter,
        boolean metadataChanged) {}
