package dev.tarn.lake;

import java.util.OptionalLong;

/**
 * Tells what an optimize did.
 *
 * @param version the version that it made; empty when there was nothing to do, so that there is none
 * @param filesConsidered files of the table, or of the partitions that were asked for
 * @param deletionVectorsRemoved how many of the removed files had deleted rows, which are in no file now
 * @param filesLeft files that were not rewritten after all, because another writer changed or removed some of them
 *     meanwhile
 */
public record OptimizeResult(
        OptionalLong version,
        int filesConsidered,
        int filesRemoved,
        int filesAdded,
        long bytesRemoved,
        long bytesAdded,
        int deletionVectorsRemoved,
        int filesLeft) {}
