package dev.tarn.lake;

import java.util.OptionalLong;

/**
 * Tells what a delete, update or merge did.
 *
 * @param version the version that it made; empty when nothing changed, so that there is none
 * @param inserted rows that are new
 * @param copied rows that were written again as they were, because others of their file changed
 * @param changeFiles files of the change data feed
 * @param alreadyDone whether the table had recorded the same {@link AppTransaction}, so that nothing was done now
 */
public record ChangeResult(
        OptionalLong version,
        long inserted,
        long updated,
        long deleted,
        long copied,
        int filesAdded,
        int filesRemoved,
        int changeFiles,
        boolean alreadyDone) {
    static final ChangeResult ALREADY_DONE = new ChangeResult(OptionalLong.empty(), 0, 0, 0, 0, 0, 0, 0, true);
}
