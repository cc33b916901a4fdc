package dev.tarn.it.delta;

import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.Snapshot;
import dev.tarn.lake.StagedWrite;
import dev.tarn.lake.WriteMode;
import dev.tarn.lake.WriteOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Ourselves: module lake, with a connection to DuckDB. */
record TarnPeer(Connection duckdb) implements Peer {

    @Override
    public String name() {
        return "Tarn";
    }

    @Override
    public Rows read(Path table) throws SQLException {
        return rows(DeltaTable.forPath(table).snapshot().orElseThrow());
    }

    @Override
    public Rows read(Path table, long version) throws SQLException {
        return rows(DeltaTable.forPath(table).snapshot(version));
    }

    @Override
    public Rows readAsOf(Path table, Instant time) throws SQLException {
        throw absent("time travel by timestamp");
    }

    @Override
    public Rows changes(Path table, long from, long to) throws SQLException {
        throw absent("change feed");
    }

    @Override
    public long lastTransaction(Path table, String application) {
        return DeltaTable.forPath(table).lastTransaction(application).orElse(-1L);
    }

    private Rows rows(Snapshot snapshot) throws SQLException {
        List<String> columns = snapshot.schema().fields().stream()
                .map(field -> field.name() + " " + field.type().text())
                .toList();
        return Rows.of(
                columns, DuckRows.of(duckdb, snapshot.toSql(), snapshot.schema().fields()));
    }

    private void write(Path table, Source source, WriteOptions options) throws SQLException {
        try (StagedWrite staged = DeltaTable.forPath(table).stage(duckdb, source.query(), options)) {
            staged.commit();
        }
    }

    @Override
    public void create(Path table, Source source, List<String> partitionBy, Map<String, String> properties)
            throws SQLException {
        if (!properties.isEmpty()) {
            throw absent("table properties");
        }
        write(
                table,
                new Source("SELECT * FROM (" + source.query() + ") LIMIT 0", source.parquet()),
                WriteOptions.of(WriteMode.ERROR_IF_EXISTS).withPartitionBy(partitionBy));
    }

    @Override
    public void append(Path table, Source source) throws SQLException {
        write(table, source, WriteOptions.of(WriteMode.APPEND));
    }

    @Override
    public void appendMergingSchema(Path table, Source source) throws SQLException {
        write(table, source, WriteOptions.of(WriteMode.APPEND).withMergeSchema());
    }

    @Override
    public void overwrite(Path table, Source source) throws SQLException {
        write(table, source, WriteOptions.of(WriteMode.OVERWRITE));
    }

    @Override
    public void overwritePartitions(Path table, Source source) throws SQLException {
        throw absent("overwrite of partitions");
    }

    @Override
    public void replaceWhere(Path table, Source source, String condition) throws SQLException {
        throw absent("overwrite of a condition");
    }

    @Override
    public void delete(Path table, String where) throws SQLException {
        throw absent("delete");
    }

    @Override
    public void update(Path table, Map<String, String> set, String where) throws SQLException {
        throw absent("update");
    }

    @Override
    public void merge(Path table, Source source, Merge merge) throws SQLException {
        throw absent("merge");
    }

    @Override
    public void checkpoint(Path table) {
        throw absent("checkpoint");
    }

    @Override
    public void appendOnce(Path table, Source source, String application, long version) throws SQLException {
        CommitOptions once = CommitOptions.DEFAULT.withTransaction(application, version);
        write(table, source, WriteOptions.of(WriteMode.APPEND).withCommit(once));
    }

    @Override
    public Map<String, Object> newestHistory(Path table) {
        throw absent("history");
    }

    private static UnsupportedOperationException absent(String what) {
        return new UnsupportedOperationException("Tarn has no " + what);
    }
}
