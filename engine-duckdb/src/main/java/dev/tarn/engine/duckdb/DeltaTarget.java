package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Column;
import dev.tarn.core.engine.ColumnRange;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Profile;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Write;
import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.StatementException;
import dev.tarn.lake.WriteOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A staged write to a Delta table. */
final class DeltaTarget implements StagedWrite {

    /** Of more than about a thousand columns nobody looks at rows; to make DuckDB ready for them takes seconds. */
    private static final int LONGEST_LOOKED_AT = 100_000;

    private final Database database;
    private final dev.tarn.lake.StagedWrite staged;
    private final Write target;

    private DeltaTarget(Database database, dev.tarn.lake.StagedWrite staged, Write target) {
        this.database = database;
        this.staged = staged;
        this.target = target;
    }

    /** What the table's history has of a write: by it {@code run --resume} finds what a killed run had committed. */
    static String mark(String runId, NodeId writer) {
        return "run " + runId + ", node " + writer;
    }

    static DeltaTarget stage(Database database, DuckDbDataset data, Write target, String mark) {
        DeltaTable table = DeltaTable.forPath(Path.of(target.location().path()));
        String query = data.query().text();
        try {
            return database.work(connection ->
                    new DeltaTarget(database, table.stage(connection, query, options(data, target, mark)), target));
        } catch (StatementException e) {
            throw Failures.ofWrite(
                    Failures.of(e, data.query(), Math.max(0, e.statement().indexOf(query)), e.statement()),
                    target.location(),
                    target.location().path());
        } catch (SQLException e) {
            throw Failures.of(e, data.query());
        } catch (LakeException e) {
            throw LakeFailures.of(e, target.location().span());
        }
    }

    private static WriteOptions options(DuckDbDataset data, Write target, String mark) {
        Long readVersion = data.versions().get(Path.of(target.location().path()));
        return new WriteOptions(
                dev.tarn.lake.WriteMode.valueOf(target.mode().name()),
                target.partitionBy(),
                target.mergeSchema(),
                target.overwriteSchema(),
                CommitOptions.DEFAULT.withUserMetadata(mark),
                readVersion == null ? OptionalLong.empty() : OptionalLong.of(readVersion),
                Optional.empty(),
                false);
    }

    @Override
    public long rows() {
        return staged.rows();
    }

    @Override
    public Dataset written() {
        return DuckDbDataset.constant(SqlText.ours(staged.filesSql()), OptionalLong.of(staged.rows()), Map.of());
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public OptionalLong commit() {
        try {
            return OptionalLong.of(staged.commit().version());
        } catch (LakeException e) {
            throw LakeFailures.of(e, target.location().span());
        }
    }

    @Override
    public Profile profile(int rows) {
        try {
            String files = staged.filesSql();
            Sample sample = files.length() > LONGEST_LOOKED_AT
                    ? new Sample(columns(), List.of())
                    : database.sample("SELECT * FROM (" + files + ") LIMIT " + rows);
            Map<String, ColumnRange> ranges = new HashMap<>();
            staged.ranges()
                    .forEach((column, known) ->
                            ranges.put(column, new ColumnRange(known.nulls(), known.min(), known.max())));
            return new Profile(sample, ranges);
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    private List<Column> columns() {
        return staged.schema().fields().stream()
                .map(field -> new Column(field.name(), field.type().duckSql()))
                .toList();
    }

    @Override
    public void discard() {
        staged.discard();
    }
}
