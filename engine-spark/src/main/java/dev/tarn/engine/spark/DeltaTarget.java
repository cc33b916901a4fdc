package dev.tarn.engine.spark;

import dev.tarn.core.engine.ColumnRange;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Profile;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.ProblemCode;
import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * A write to a Delta table. Delta computes and stores the rows and makes them visible in one commit, all or none; so what can
 * be known to be wrong is looked for when it is staged, and the rest happens in the commit. How many rows they were is read
 * from that commit, so that they are computed once.
 */
final class DeltaTarget implements StagedWrite {

    private final SparkSession session;
    private final Queries queries;
    private final org.apache.spark.sql.Dataset<Row> rows;
    private final Write target;
    private final String mark;
    private final Path path;
    private final CommitLog log;

    /** The table's version from which the rows were computed, if it is the table that they go to. */
    private final OptionalLong readVersion;

    private CommitLog.@Nullable Commit commit;

    private DeltaTarget(
            SparkSession session,
            Queries queries,
            org.apache.spark.sql.Dataset<Row> rows,
            Write target,
            String mark,
            OptionalLong readVersion) {
        this.session = session;
        this.queries = queries;
        this.rows = rows;
        this.target = target;
        this.mark = mark;
        this.path = Path.of(target.location().path());
        this.log = new CommitLog(path);
        this.readVersion = readVersion;
    }

    static DeltaTarget stage(SparkSession session, Queries queries, SparkDataset data, Write target, String mark) {
        Path path = Path.of(target.location().path());
        Long read = data.versions().get(path);
        try {
            return new DeltaTarget(
                    session,
                    queries,
                    fitted(session, data, target, new CommitLog(path).newest()),
                    target,
                    mark,
                    read == null ? OptionalLong.empty() : OptionalLong.of(read));
        } catch (Exception e) {
            throw Failures.ofWrite(e, queries, target.location());
        }
    }

    private static org.apache.spark.sql.Dataset<Row> fitted(
            SparkSession session, SparkDataset data, Write target, OptionalLong newest) {
        if (newest.isPresent() && target.mode() == WriteMode.ERROR_IF_EXISTS) {
            throw new FailureException(Failure.lasting(
                    ProblemCode.TARGET_EXISTS,
                    "'" + target.location() + "' already exists",
                    Optional.of(target.location().span())));
        }
        if (newest.isEmpty() || target.overwriteSchema()) {
            return data.frame();
        }
        Path path = Path.of(target.location().path());
        return new SchemaFit(
                        target,
                        Source.version(session, path, newest.getAsLong()).schema())
                .fit(data.frame());
    }

    @Override
    public OptionalLong commit() {
        try {
            long before = log.newest().orElse(-1);
            if (isRewrite() && readVersion.orElse(before) != before) {
                throw overtaken();
            }
            writer().save(Source.url(path));
            commit = log.find(mark, before).orElseGet(() -> nothing(before));
            refuseLostRows(commit);
            return OptionalLong.of(commit.version());
        } catch (Exception e) {
            throw Failures.ofWrite(e, queries, target.location());
        }
    }

    /** Delta makes no commit of an append without rows. */
    private CommitLog.Commit nothing(long before) {
        try {
            if (target.mode() == WriteMode.APPEND && before >= 0 && log.newest().orElse(-1) == before) {
                return CommitLog.Commit.withoutRows(before);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("no commit with '" + mark + "' in " + path);
    }

    private DataFrameWriter<Row> writer() {
        DataFrameWriter<Row> writer = rows.write()
                .format("delta")
                .mode(
                        switch (target.mode()) {
                            case OVERWRITE -> "overwrite";
                            case APPEND -> "append";
                            case ERROR_IF_EXISTS -> "errorifexists";
                            case UPSERT -> throw new IllegalStateException("upsert of " + target);
                        })
                .option("userMetadata", mark)
                .option("partitionOverwriteMode", "static")
                .option("mergeSchema", String.valueOf(target.mergeSchema()))
                .option("overwriteSchema", String.valueOf(target.overwriteSchema()));
        return target.partitionBy().isEmpty()
                ? writer
                : writer.partitionBy(target.partitionBy().toArray(String[]::new));
    }

    private boolean isRewrite() {
        return target.mode() == WriteMode.OVERWRITE && readVersion.isPresent();
    }

    /**
     * Delta's transaction begins after we have looked. Should another writer have come in between, then what he wrote was
     * overwritten unread: it is put back.
     */
    private void refuseLostRows(CommitLog.Commit mine) {
        if (isRewrite() && mine.readVersion().orElse(-1) > readVersion.getAsLong()) {
            DeltaTable.forPath(session, Source.url(path))
                    .restoreToVersion(mine.readVersion().getAsLong());
            throw overtaken();
        }
    }

    private FailureException overtaken() {
        return new FailureException(new Failure(
                ProblemCode.CONFLICT,
                "'" + target.location() + "' has been changed by another writer since its version "
                        + readVersion.getAsLong() + " was read",
                Optional.of("nothing was written; the node reads it again when it is tried again"),
                Optional.of(target.location().span()),
                true,
                null));
    }

    private CommitLog.Commit committed() {
        return Objects.requireNonNull(commit, () -> "nothing is committed to " + path);
    }

    @Override
    public long rows() {
        return committed().rows().orElseGet(() -> frame().count());
    }

    @Override
    public Dataset written() {
        // Asked for before the commit, and used after it.
        return new LaterDataset(this::dataset);
    }

    private SparkDataset dataset() {
        return new SparkDataset(frame(), committed().rows(), true, Map.of());
    }

    private org.apache.spark.sql.Dataset<Row> frame() {
        return target.mode() == WriteMode.APPEND
                ? added(session, path, committed())
                : Source.version(session, path, committed().version());
    }

    /** The rows of the files that one commit added, whatever else the table has. */
    static org.apache.spark.sql.Dataset<Row> added(SparkSession session, Path table, CommitLog.Commit commit) {
        org.apache.spark.sql.Dataset<Row> all = Source.version(session, table, commit.version());
        try {
            if (!new CommitLog(table).columnMapping(commit.version()).equals("none")) {
                return all.filter(functions
                        .col("_metadata.file_name")
                        .isin(commit.added().stream()
                                .map(file -> String.valueOf(Path.of(file.path()).getFileName()))
                                .toArray()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (commit.added().isEmpty()) {
            return all.limit(0);
        }
        return session.read()
                .schema(all.schema())
                .option("basePath", Source.url(table))
                .option("__globPaths__", "false")
                .parquet(commit.added().stream()
                        .map(file -> Source.url(table.resolve(file.path())))
                        .toArray(String[]::new))
                .select(Arrays.stream(all.columns())
                        .map(name -> functions.col(Literal.name(name)))
                        .toArray(org.apache.spark.sql.Column[]::new));
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public Profile profile(int count) {
        try {
            return new Profile(Samples.of(frame(), count), ranges());
        } catch (Exception e) {
            throw Failures.of(e, queries);
        }
    }

    private Map<String, ColumnRange> ranges() {
        return new FileRanges(committed().added()).of(rows.columns());
    }

    @Override
    public void discard() {
        // What was not committed is not there.
    }
}
