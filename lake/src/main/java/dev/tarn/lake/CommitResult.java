package dev.tarn.lake;

/**
 * Tells what a commit did.
 *
 * @param created whether the table is new
 * @param schemaChanged whether the commit changed the schema or partitioning of an existing table
 */
public record CommitResult(
        long version,
        boolean created,
        boolean schemaChanged,
        int filesAdded,
        int filesRemoved,
        long rows,
        long bytes) {}
