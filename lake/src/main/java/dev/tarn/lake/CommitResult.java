package dev.tarn.lake;

/**
 * Tells what a commit did.
 *
 * @param created whether the table is new
 * @param schemaChanged whether the commit changed the schema or partitioning of an existing table
 * @param alreadyDone whether the table had recorded the same {@link AppTransaction}: nothing was written now, the counts
 *     are zero, and the version is the newest one seen
 */
public record CommitResult(
        long version,
        boolean created,
        boolean schemaChanged,
        int filesAdded,
        int filesRemoved,
        long rows,
        long bytes,
        boolean alreadyDone) {}
