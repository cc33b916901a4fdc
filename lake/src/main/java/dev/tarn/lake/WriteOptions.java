package dev.tarn.lake;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Says how rows go into a table.
 *
 * @param partitionBy partition columns of a new table; for an existing table empty or the same
 * @param mergeSchema columns that the table lacks are added to it
 * @param overwriteSchema an overwrite replaces schema and partitioning as well
 * @param commit how the write is committed
 * @param readVersion the version that the rows were computed from: if another writer changes data after it, the commit is
 *     a conflict. Empty when the rows do not depend on the table
 * @param replaceWhere an overwrite replaces only the rows for which this condition holds, in DuckDB's SQL; all rows of the
 *     query must satisfy it
 * @param replacePartitions an overwrite replaces only the partitions that the query has rows for
 */
public record WriteOptions(
        WriteMode mode,
        List<String> partitionBy,
        boolean mergeSchema,
        boolean overwriteSchema,
        CommitOptions commit,
        OptionalLong readVersion,
        Optional<String> replaceWhere,
        boolean replacePartitions) {
    public WriteOptions {
        partitionBy = List.copyOf(partitionBy);
    }

    /** The plain write of a mode. */
    public static WriteOptions of(WriteMode mode) {
        return new WriteOptions(
                mode, List.of(), false, false, CommitOptions.DEFAULT, OptionalLong.empty(), Optional.empty(), false);
    }

    /** The same with other partition columns. */
    public WriteOptions withPartitionBy(List<String> columns) {
        return new WriteOptions(
                mode, columns, mergeSchema, overwriteSchema, commit, readVersion, replaceWhere, replacePartitions);
    }

    /** The same, adding columns that the table lacks. */
    public WriteOptions withMergeSchema() {
        return new WriteOptions(
                mode, partitionBy, true, overwriteSchema, commit, readVersion, replaceWhere, replacePartitions);
    }

    /** The same, replacing schema and partitioning. */
    public WriteOptions withOverwriteSchema() {
        return new WriteOptions(
                mode, partitionBy, mergeSchema, true, commit, readVersion, replaceWhere, replacePartitions);
    }

    /** The same for rows that were computed from a version of the table. */
    public WriteOptions withReadVersion(long version) {
        return new WriteOptions(
                mode,
                partitionBy,
                mergeSchema,
                overwriteSchema,
                commit,
                OptionalLong.of(version),
                replaceWhere,
                replacePartitions);
    }

    /** The same, committed in another way. */
    public WriteOptions withCommit(CommitOptions other) {
        return new WriteOptions(
                mode, partitionBy, mergeSchema, overwriteSchema, other, readVersion, replaceWhere, replacePartitions);
    }

    /** The overwrite of only the rows for which a condition holds. */
    public WriteOptions withReplaceWhere(String condition) {
        return new WriteOptions(
                mode, partitionBy, mergeSchema, overwriteSchema, commit, readVersion, Optional.of(condition), false);
    }

    /** The overwrite of only the partitions that the query has rows for. */
    public WriteOptions withReplacePartitions() {
        return new WriteOptions(
                mode, partitionBy, mergeSchema, overwriteSchema, commit, readVersion, Optional.empty(), true);
    }
}
