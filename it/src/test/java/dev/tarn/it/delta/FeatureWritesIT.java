package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.it.delta.Merge.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables that Spark makes with a feature on, written by us and by Spark again; writes its part of {@code docs/delta-interop.md}. */
@ExtendWith(Peers.Resolver.class)
class FeatureWritesIT {
    private static final String COLUMNS =
            "id BIGINT, v INT, name STRING, d DOUBLE, price DECIMAL(10,2), t TIMESTAMP, s STRUCT<x: INT, y: ARRAY<STRING>>, p STRING";

    private static final Merge MERGE = Merge.on("target.id = source.id")
            .with(Kind.DELETE, "source.id % 4 = 1")
            .with(Kind.UPDATE_ALL)
            .with(Kind.INSERT_ALL);

    /**
     * A table with something on.
     *
     * @param columns of the CREATE TABLE, and what comes after them
     * @param before done by Spark before there are rows
     * @param after done by Spark when there are
     * @param moves whether rows may move to other files
     */
    private record Feature(
            String name, String columns, String properties, List<String> before, List<String> after, boolean moves) {
        Feature(String name, String properties) {
            this(name, COLUMNS, properties, List.of(), List.of(), true);
        }

        Feature after(String... statements) {
            return new Feature(name, columns, properties, before, List.of(statements), moves);
        }

        Feature before(String... statements) {
            return new Feature(name, columns, properties, List.of(statements), after, moves);
        }

        Feature with(String otherColumns) {
            return new Feature(name, otherColumns, properties, before, after, moves);
        }

        /** Such a table has no partitions. */
        boolean isClustered() {
            return properties.startsWith("CLUSTER BY");
        }

        Feature withoutMoves() {
            return new Feature(name, columns, properties, before, after, false);
        }
    }

    private interface Work {
        void run(Peer peer, Path table) throws Exception;
    }

    private record Step(String name, Work work) {}

    @TempDir
    Path folder;

    private final Peers peers;
    private final Source base;
    private final Source more;
    private final InteropPage page = new InteropPage();
    private int tables;

    FeatureWritesIT(Peers peers) throws SQLException {
        this.peers = peers;
        base = peers.source(Operation.BASE);
        more = peers.source(Operation.MORE);
    }

    private static List<Feature> features() {
        String widened = "ALTER TABLE $T ALTER COLUMN v TYPE INT";
        List<Feature> features = new ArrayList<>();
        features.add(new Feature("column mapping by name", "'delta.columnMapping.mode' = 'name'")
                .with(COLUMNS.replace("v INT", "w INT").replace("x: INT", "z: INT"))
                .after("ALTER TABLE $T RENAME COLUMN w TO v", "ALTER TABLE $T RENAME COLUMN s.z TO x"));
        features.add(new Feature("column mapping by id", "'delta.columnMapping.mode' = 'id'")
                .with(COLUMNS + ", gone DATE")
                .after("ALTER TABLE $T DROP COLUMN gone"));
        features.add(new Feature("column mapping switched on later", "")
                .after("ALTER TABLE $T SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"));
        features.add(new Feature(
                "change feed and column mapping",
                "'delta.columnMapping.mode' = 'id', 'delta.enableChangeDataFeed' = 'true'"));
        features.add(new Feature("deletion vectors", "'delta.enableDeletionVectors' = 'true'"));
        features.add(new Feature("in-commit timestamps", "'delta.enableInCommitTimestamps' = 'true'"));
        features.add(new Feature("in-commit timestamps switched on later", "")
                .after("ALTER TABLE $T SET TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true')"));
        features.add(new Feature("check constraints and NOT NULL", "")
                .with(COLUMNS.replace("id BIGINT", "id BIGINT NOT NULL"))
                .before(
                        "ALTER TABLE $T ADD CONSTRAINT positive CHECK (id >= 0 AND v BETWEEN 0 AND 2000)",
                        "ALTER TABLE $T ADD CONSTRAINT partition CHECK (p IS NULL OR p <> 'nowhere')"));
        features.add(new Feature("type widening", "'delta.enableTypeWidening' = 'true'")
                .with(COLUMNS.replace("v INT", "v SMALLINT"))
                .after(widened));
        features.add(
                new Feature("v2 checkpoints", "'delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '2'"));
        features.add(new Feature("clustering", "CLUSTER BY (id, price)"));
        features.add(new Feature(
                        "all of these at once but row tracking",
                        "'delta.columnMapping.mode' = 'name', 'delta.enableInCommitTimestamps' = 'true',"
                                + " 'delta.enableTypeWidening' = 'true', 'delta.checkpointPolicy' = 'v2',"
                                + " 'delta.enableChangeDataFeed' = 'true', 'delta.checkpointInterval' = '3',"
                                + " 'delta.feature.vacuumProtocolCheck' = 'supported', 'delta.feature.allowColumnDefaults' ="
                                + " 'supported', 'delta.feature.rowTracking' = 'supported'")
                .with(COLUMNS.replace("v INT", "v SMALLINT").replace("id BIGINT", "id BIGINT NOT NULL"))
                .before("ALTER TABLE $T ADD CONSTRAINT positive CHECK (id >= 0)")
                .after("ALTER TABLE $T ALTER COLUMN v TYPE INT"));
        features.add(new Feature("row tracking", "'delta.enableRowTracking' = 'true'").withoutMoves());
        return features;
    }

    private List<Step> ours(Feature feature) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step("append", (peer, table) -> peer.append(table, rows("id + 100 AS id"))));
        steps.add(new Step(
                "merge of new rows",
                (peer, table) -> peer.merge(
                        table, more, Merge.on("target.id = source.id").with(Kind.INSERT_ALL))));
        if (feature.moves) {
            steps.add(new Step("delete", (peer, table) -> peer.delete(table, "id % 7 = 1")));
            steps.add(new Step("delete of a partition", (peer, table) -> peer.delete(table, "p = 'b'")));
            steps.add(new Step(
                    "update",
                    (peer, table) -> peer.update(table, Map.of("v", "v + 100", "name", "'updated'"), "id % 5 = 2")));
            steps.add(new Step(
                    "update of a partition column",
                    (peer, table) -> peer.update(table, Map.of("p", "'e=f'"), "id = 4")));
            steps.add(new Step("merge", (peer, table) -> peer.merge(table, more, MERGE)));
        }
        steps.add(new Step(
                "overwrite of partitions",
                (peer, table) -> peer.overwritePartitions(
                        table, peers.source("FROM (" + Operation.BASE + ") WHERE p = 'c d' AND id > 9"))));
        steps.add(new Step("checkpoint", Peer::checkpoint));
        return steps;
    }

    private List<Step> sparks() {
        return List.of(
                new Step("append", (peer, table) -> peer.append(table, rows("id + 200 AS id"))),
                new Step("update", (peer, table) -> peer.update(table, Map.of("v", "v + 1"), "id % 3 = 0")),
                new Step("merge", (peer, table) -> peer.merge(table, rows("id + 110 AS id"), MERGE)));
    }

    private Source rows(String replaced) throws SQLException {
        return peers.source("SELECT * REPLACE (" + replaced + ") FROM (" + Operation.BASE + ")");
    }

    @Test
    void tablesOfSparkWithFeaturesAreWrittenByBoth() throws Exception {
        for (Feature feature : features()) {
            write(feature);
        }
        page.checkFeatures(Path.of(System.getProperty("tarn.home"), "docs/delta-interop.md"));
    }

    private void write(Feature feature) throws Exception {
        Path table = folder.resolve("t" + tables++);
        Path plain = folder.resolve("plain" + tables);
        create(feature, table);
        peers.tarn.create(plain, base, feature.isClustered() ? List.of() : List.of("p"), Map.of());
        peers.tarn.append(plain, base);
        same(feature, "creation", plain, table, peers.tarn);
        for (Step step : ours(feature)) {
            step.work.run(peers.tarn, table);
            step.work.run(peers.tarn, plain);
            same(feature, step.name, plain, table, peers.tarn);
        }
        same(feature, "all", plain, table, peers.spark);
        page.proved(feature.name, "Tarn writes, Spark reads");
        for (Reader reader : List.of(peers.spark35, peers.deltaRs, peers.kernel)) {
            String column = "Tarn writes, " + reader.name() + " reads";
            try {
                reader.read(table);
            } catch (Exception refusal) {
                page.refused(feature.name, column, reader.name(), InteropPage.message(refusal, table));
                continue;
            }
            same(feature, "all", plain, table, reader);
            page.proved(feature.name, column);
        }
        for (Step step : sparks()) {
            step.work.run(peers.spark, table);
            step.work.run(peers.tarn, plain);
            same(feature, "Spark's " + step.name, plain, table, peers.tarn);
        }
        if (feature.properties.contains("enableChangeDataFeed")) {
            // Spark reads no feed across a change of the schema; ours come after the creation, its statements and the
            // rows.
            long first = 2L + feature.before.size() + feature.after.size();
            long last = peers.tarn.newestVersion(table);
            assertThat(peers.spark.changes(table, first, last).difference(peers.tarn.changes(table, first, last)))
                    .as(feature.name)
                    .isEmpty();
        }
        page.proved(feature.name, "Tarn after Spark after Tarn");
    }

    private void create(Feature feature, Path table) {
        String name = SparkPeer.table(table);
        String properties = feature.properties.isEmpty() || feature.isClustered()
                ? feature.properties
                : " TBLPROPERTIES (" + feature.properties + ")";
        String layout = feature.isClustered() ? " " : " PARTITIONED BY (p) ";
        run(name, "CREATE TABLE $T (" + feature.columns + ") USING delta" + layout + properties);
        feature.before.forEach(statement -> run(name, statement));
        peers.session().read().parquet(base.parquet().toString()).createOrReplaceTempView("base");
        run(name, "INSERT INTO $T SELECT *" + (feature.columns.contains("gone") ? ", NULL" : "") + " FROM base");
        feature.after.forEach(statement -> run(name, statement));
    }

    private void run(String table, String statement) {
        peers.session().sql(statement.replace("$T", table));
    }

    private void same(Feature feature, String step, Path plain, Path table, Reader reader) throws Exception {
        assertThat(peers.tarn.read(plain).difference(reader.read(table)))
                .as("%s: %s after %s", feature.name, reader.name(), step)
                .isEmpty();
    }
}
