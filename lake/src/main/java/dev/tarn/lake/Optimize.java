package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Makes large files of small ones, each with the rows of its files in their order, and purges deleted rows.
 *
 * <p>The commit changes no row ({@code dataChange} is false), so that it never collides with appends, and streams and the
 * change data feed see nothing of it. Files that another writer changed or removed meanwhile are left alone.
 */
public final class Optimize {
    /** Bytes that a file should have at most, if nobody says otherwise. */
    public static final long DEFAULT_TARGET = 256L << 20;

    /** Spark's default: a file is worth to be rewritten when a twentieth of its rows is deleted. */
    private static final double MAX_DELETED_RATIO = 0.05;

    private static final String ROLE = "condition of the optimize";

    private final DeltaTable table;
    private final Connection duckdb;
    private Optional<String> where = Optional.empty();
    private OptionalLong target = OptionalLong.empty();
    private boolean purge;
    private CommitOptions options = CommitOptions.DEFAULT;

    Optimize(DeltaTable table, Connection duckdb) {
        this.table = table;
        this.duckdb = duckdb;
    }

    /**
     * Looks only at some partitions.
     *
     * @param condition DuckDB's SQL about the partition columns alone
     */
    public Optimize where(String condition) {
        where = Optional.of(condition);
        return this;
    }

    /**
     * Makes files of at most about so many bytes; if not called, as the table's property {@code delta.targetFileSize} says,
     * or {@link #DEFAULT_TARGET}.
     */
    public Optimize targetFileSize(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("files of " + bytes + " bytes");
        }
        target = OptionalLong.of(bytes);
        return this;
    }

    /** Rewrites all files with deleted rows, however few these are. */
    public Optimize purge() {
        purge = true;
        return this;
    }

    /** Commits in another way. */
    public Optimize withCommit(CommitOptions other) {
        options = other;
        return this;
    }

    /** The files of a bin and what was made of them. */
    private record Rewritten(List<AddFile> files, List<DataFiles.Written> written, List<AddFile> added) {}

    /** Does it; if nothing is too small and nothing must be purged, no version is made. */
    public OptimizeResult execute() throws SQLException {
        TableEdit edit = table.edit("optimize", options);
        FeatureSupport.checkMayMoveRows(table.path().toString(), edit.state());
        Target rows = edit.target("target");
        Optional<Expression> condition = edit.condition(duckdb, rows, where);
        condition.ifPresent(each -> checkPartitionsOnly(rows, each));
        try (Scratch scratch = new Scratch(duckdb)) {
            List<AddFile> files = edit.state().fileList();
            if (condition.isPresent()) {
                files = FilePruning.matching(scratch, rows, files, condition.get());
            }
            List<List<AddFile>> bins =
                    new FileBins(rows.metadata(), target(rows.metadata()), this::mustRewrite).of(files);
            return commit(edit.state(), files.size(), rewrite(scratch, rows, bins));
        }
    }

    private long target(Metadata metadata) {
        return target.orElseGet(() -> TableProperties.size(metadata.configuration(), TableProperties.TARGET_FILE_SIZE)
                .orElse(DEFAULT_TARGET));
    }

    private static void checkPartitionsOnly(Target rows, Expression condition) {
        if (!FilePruning.isAboutPartitions(rows, condition)) {
            List<String> columns = rows.metadata().partitionColumns();
            throw NewSchema.invalid(
                    "The " + ROLE + " may only ask for partition columns: "
                            + condition.text().strip(),
                    columns.isEmpty()
                            ? "The table is not partitioned; leave the condition out."
                            : "The table is partitioned by '" + String.join("', '", columns) + "'.");
        }
    }

    /** Without a row count the file is rewritten, after which there is one. */
    private boolean mustRewrite(AddFile file) {
        return file.hasDeletionVector()
                && (purge
                        || FileBins.deletedRatio(file)
                                .map(ratio -> ratio > MAX_DELETED_RATIO)
                                .orElse(true));
    }

    private List<Rewritten> rewrite(Scratch scratch, Target rows, List<List<AddFile>> bins) throws SQLException {
        if (BinsBeside.isFor(bins)) {
            return BinsBeside.write(
                    scratch, bins, (connection, bin) -> rewrite(connection, rows, bin), Optimize::discard);
        }
        List<Rewritten> rewritten = new ArrayList<>();
        try {
            for (List<AddFile> bin : bins) {
                rewritten.add(rewrite(duckdb, rows, bin));
            }
            return rewritten;
        } catch (SQLException | RuntimeException failure) {
            discard(rewritten);
            throw failure;
        }
    }

    private Rewritten rewrite(Connection connection, Target rows, List<AddFile> bin) throws SQLException {
        Metadata metadata = rows.metadata();
        DataFiles dataFiles = new DataFiles(table.path(), metadata);
        String select = metadata.fileColumns().stream()
                .map(column -> SqlText.name(column.name()))
                .collect(Collectors.joining(
                        ", ", "SELECT ", " FROM (" + new Scan(table.path(), metadata).sql(bin) + ") AS _rows"));
        List<DataFiles.Written> written = dataFiles.writeOneFile(connection, select);
        try {
            List<AddFile> added = written.stream()
                    .map(each -> dataFiles
                            .add(each, table.clock().millis(), bin.get(0).partitionValues())
                            .withDataChange(false))
                    .toList();
            return new Rewritten(bin, written, added);
        } catch (RuntimeException refused) {
            DataFiles.delete(written);
            throw refused;
        }
    }

    private static void discard(List<Rewritten> rewritten) {
        rewritten.forEach(each -> DataFiles.delete(each.written()));
    }

    /** Files that another writer took are left to it, and the rest is committed all the same. */
    private OptimizeResult commit(TableState start, int considered, List<Rewritten> all) {
        TableState base = start;
        List<Rewritten> left = new ArrayList<>(all);
        while (!left.isEmpty()) {
            Changes changes = new Changes()
                    .withoutDataChange()
                    .remove(files(left))
                    .add(left.stream().flatMap(each -> each.added().stream()).toList());
            try {
                Transaction.Outcome outcome = table.transaction(Optional.of(base), options)
                        .commit(Reads.nothing(), changes, operation(changes));
                if (outcome.alreadyDone()) {
                    break;
                }
                int given = files(all).size() - files(left).size();
                return result(OptionalLong.of(outcome.version()), considered, changes, given);
            } catch (LakeException failure) {
                if (failure.mayBeCommitted()) {
                    throw failure;
                }
                base = afterConflict(base, left, failure);
            }
        }
        discard(left);
        return result(
                OptionalLong.empty(), considered, new Changes(), files(all).size());
    }

    /** Takes those out that no longer mean the same; fails if that does not help. */
    private TableState afterConflict(TableState base, List<Rewritten> left, LakeException failure) {
        Optional<TableState> newest = failure.kind() == Kind.CONFLICT ? table.state() : Optional.empty();
        List<Rewritten> lost = newest.filter(state -> state.metadata().equals(base.metadata())
                        && state.protocol().equals(base.protocol()))
                .map(state -> left.stream()
                        .filter(each -> !state.files()
                                .keySet()
                                .containsAll(each.files().stream()
                                        .map(file -> AddFile.key(file.json()))
                                        .toList()))
                        .toList())
                .orElse(List.of());
        if (lost.isEmpty()) {
            discard(left);
            throw failure;
        }
        discard(lost);
        left.removeAll(lost);
        return newest.orElseThrow();
    }

    private static List<AddFile> files(List<Rewritten> rewritten) {
        return rewritten.stream().flatMap(each -> each.files().stream()).toList();
    }

    private static OptimizeResult result(OptionalLong version, int considered, Changes changes, int given) {
        return new OptimizeResult(
                version,
                considered,
                changes.removed().size(),
                changes.added().size(),
                RowOperation.bytes(changes.removed()),
                RowOperation.bytes(changes.added()),
                vectors(changes),
                given);
    }

    private static int vectors(Changes changes) {
        return (int)
                changes.removed().stream().filter(AddFile::hasDeletionVector).count();
    }

    /** As Spark's history has it. */
    private Operation operation(Changes changes) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("predicate", Json.text(where.map(List::of).orElse(List.of())));
        parameters.put("auto", false);
        parameters.put("clusterBy", "[]");
        parameters.put("zOrderBy", "[]");
        List<Long> sizes = changes.added().stream().map(AddFile::size).sorted().toList();
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("numRemovedFiles", changes.removed().size());
        metrics.put("numRemovedBytes", RowOperation.bytes(changes.removed()));
        metrics.put("p25FileSize", percentile(sizes, 25));
        metrics.put("numDeletionVectorsRemoved", vectors(changes));
        metrics.put("minFileSize", percentile(sizes, 0));
        metrics.put("numAddedFiles", changes.added().size());
        metrics.put("maxFileSize", percentile(sizes, 100));
        metrics.put("p75FileSize", percentile(sizes, 75));
        metrics.put("p50FileSize", percentile(sizes, 50));
        metrics.put("numAddedBytes", RowOperation.bytes(changes.added()));
        return new Operation("OPTIMIZE", parameters, metrics);
    }

    private static long percentile(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
