package dev.tarn.it.delta;

import dev.tarn.lake.Commit;
import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.DeltaField;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.DeltaType;
import dev.tarn.lake.Snapshot;
import dev.tarn.lake.StagedWrite;
import dev.tarn.lake.TableBuilder;
import dev.tarn.lake.TableChanges;
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
        return rows(DeltaTable.forPath(table).snapshotAt(time));
    }

    @Override
    public Rows changes(Path table, long from, long to) throws SQLException {
        TableChanges changes = DeltaTable.forPath(table).changes(from, to);
        List<DeltaField> columns = changes.schema().fields().stream()
                .filter(field -> !field.name().equals("_commit_timestamp"))
                .toList();
        return Rows.byName(
                columns.stream().map(DeltaField::name).toList(), DuckRows.of(duckdb, changes.toSql(), columns));
    }

    @Override
    public long lastTransaction(Path table, String application) {
        return DeltaTable.forPath(table).lastTransaction(application).orElse(-1L);
    }

    long newestVersion(Path table) {
        return DeltaTable.forPath(table).newestVersion().orElseThrow();
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
        TableBuilder builder = DeltaTable.create(table)
                .columns(schema(table.resolveSibling("schema"), source))
                .partitionBy(partitionBy.toArray(String[]::new));
        properties.forEach(builder::property);
        builder.create();
    }

    private DeltaType.Struct schema(Path nowhere, Source source) throws SQLException {
        try (StagedWrite staged = DeltaTable.forPath(nowhere)
                .stage(duckdb, "SELECT * FROM (" + source.query() + ") LIMIT 0", WriteOptions.of(WriteMode.APPEND))) {
            return staged.schema();
        }
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
        write(table, source, WriteOptions.of(WriteMode.OVERWRITE).withReplacePartitions());
    }

    @Override
    public void replaceWhere(Path table, Source source, String condition) throws SQLException {
        write(table, source, WriteOptions.of(WriteMode.OVERWRITE).withReplaceWhere(condition));
    }

    @Override
    public void delete(Path table, String where) throws SQLException {
        DeltaTable.forPath(table).delete(duckdb, where);
    }

    @Override
    public void update(Path table, Map<String, String> set, String where) throws SQLException {
        DeltaTable.forPath(table).update(duckdb, set, where);
    }

    @Override
    public void merge(Path table, Source source, Merge merge) throws SQLException {
        merging(table, source, merge).execute();
    }

    private dev.tarn.lake.Merge merging(Path table, Source source, Merge merge) {
        dev.tarn.lake.Merge ours = DeltaTable.forPath(table).merge(duckdb, source.query(), merge.on());
        for (Merge.Clause clause : merge.clauses()) {
            ours = with(ours, clause);
        }
        return merge.evolve() ? ours.withSchemaEvolution() : ours;
    }

    private static dev.tarn.lake.Merge with(dev.tarn.lake.Merge merge, Merge.Clause clause) {
        return switch (clause.kind()) {
            case UPDATE -> matched(merge, clause).update(clause.set());
            case UPDATE_ALL -> matched(merge, clause).updateAll();
            case DELETE -> matched(merge, clause).delete();
            case INSERT -> notMatched(merge, clause).insert(clause.set());
            case INSERT_ALL -> notMatched(merge, clause).insertAll();
            case UPDATE_MISSING -> missing(merge, clause).update(clause.set());
            case DELETE_MISSING -> missing(merge, clause).delete();
        };
    }

    private static dev.tarn.lake.Merge.WhenMatched matched(dev.tarn.lake.Merge merge, Merge.Clause clause) {
        return clause.condition().map(merge::whenMatched).orElseGet(merge::whenMatched);
    }

    private static dev.tarn.lake.Merge.WhenNotMatched notMatched(dev.tarn.lake.Merge merge, Merge.Clause clause) {
        return clause.condition().map(merge::whenNotMatched).orElseGet(merge::whenNotMatched);
    }

    private static dev.tarn.lake.Merge.WhenNotMatchedBySource missing(dev.tarn.lake.Merge merge, Merge.Clause clause) {
        return clause.condition().map(merge::whenNotMatchedBySource).orElseGet(merge::whenNotMatchedBySource);
    }

    @Override
    public void alter(Path table, Alteration alteration) throws Exception {
        alteration.ours().run(table, duckdb);
    }

    @Override
    public void checkpoint(Path table) {
        DeltaTable.forPath(table).checkpoint();
    }

    @Override
    public void appendOnce(Path table, Source source, String application, long version) throws SQLException {
        CommitOptions once = CommitOptions.DEFAULT.withTransaction(application, version);
        write(table, source, WriteOptions.of(WriteMode.APPEND).withCommit(once));
    }

    @Override
    public Map<String, Object> newestHistory(Path table) {
        Commit newest = DeltaTable.forPath(table).history(1).get(0);
        return Map.of(
                "operation",
                newest.operation(),
                "operationParameters",
                newest.parameters(),
                "operationMetrics",
                newest.metrics());
    }
}
