package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.Snapshot;
import dev.tarn.lake.StagedWrite;
import dev.tarn.lake.WriteMode;
import dev.tarn.lake.WriteOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables that Spark writes with one feature of Delta or several, read by us value for value. */
@ExtendWith(Peers.Resolver.class)
class FeatureReadsIT {
    private final Peers peers;
    private final SparkSession spark;

    @TempDir
    Path folder;

    private Path path;
    private String name;

    FeatureReadsIT(Peers peers) {
        this.peers = peers;
        this.spark = peers.session();
    }

    @BeforeEach
    void nameTable() {
        path = folder.resolve("table of 'features'");
        name = SparkPeer.table(path);
    }

    @AfterEach
    void restore() {
        spark.conf().unset("spark.databricks.delta.checkpointV2.topLevelFileFormat");
        spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    }

    private void run(String... statements) {
        for (String statement : statements) {
            spark.sql(statement.replace("$T", name));
        }
    }

    private void assertReadAlike() throws Exception {
        assertThat(peers.spark.read(path).difference(peers.tarn.read(path))).isEmpty();
        assertThat(DeltaTable.forPath(path).check().execute().findings()).isEmpty();
    }

    private void assertReadAlike(long version) throws Exception {
        assertThat(peers.spark.read(path, version).difference(peers.tarn.read(path, version)))
                .as("version %s", version)
                .isEmpty();
    }

    private long count() throws Exception {
        return peers.tarn.read(path).size();
    }

    private List<String> logged(String name) throws Exception {
        try (Stream<Path> files = Files.walk(path.resolve("_delta_log"))) {
            return files.map(file -> path.resolve("_delta_log").relativize(file).toString())
                    .filter(file -> file.matches(name))
                    .toList();
        }
    }

    /** Not one file may be new, whatever the operation is that the table has no support for. */
    private void assertNotWritten(String feature, String query) throws Exception {
        List<String> before = logged(".*");
        for (WriteMode mode : List.of(WriteMode.APPEND, WriteMode.OVERWRITE)) {
            assertThatThrownBy(() -> {
                        try (StagedWrite staged =
                                DeltaTable.forPath(path).stage(peers.duckdb(), query, WriteOptions.of(mode))) {
                            staged.commit();
                        }
                    })
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining(feature);
        }
        assertThat(logged(".*")).isEqualTo(before);
    }

    @Test
    void deletionVectorsOfEveryOperation() throws Exception {
        run(
                "CREATE TABLE $T (id BIGINT, p STRING, t STRING) USING delta PARTITIONED BY (p)"
                        + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
                "INSERT INTO $T SELECT id, IF(id % 2 = 0, 'a b', NULL), 'v' || id FROM range(0, 200000, 1, 1)",
                "INSERT INTO $T SELECT id, 'c', 'w' || id FROM range(200000, 200100, 1, 1)",
                "DELETE FROM $T WHERE id % 7 = 0 OR id BETWEEN 30000 AND 120000",
                "UPDATE $T SET t = 'u' WHERE id % 1000 = 1",
                "MERGE INTO $T t USING (SELECT id FROM range(199990, 200110)) s ON t.id = s.id WHEN MATCHED AND t.id"
                        + " % 3 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET t = 'm' WHEN NOT MATCHED THEN INSERT (id, p)"
                        + " VALUES (s.id, 'n')");

        assertThat(count()).isBetween(90_000L, 100_000L);
        assertReadAlike();
        assertThat(DeltaTable.forPath(path).snapshot().orElseThrow().numRecords())
                .hasValue(count());
    }

    @Test
    void columnMappingByName() throws Exception {
        run(
                "CREATE TABLE $T (a INT, st STRUCT<x: INT, y: STRING>, l ARRAY<STRUCT<q: INT>>, m MAP<STRING,"
                        + " STRUCT<w: INT>>, p STRING, gone DATE) USING delta PARTITIONED BY (p)",
                "INSERT INTO $T VALUES (0, named_struct('x', 0, 'y', 'before'), array(), map(), 'p', NULL)",
                "ALTER TABLE $T SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
                "INSERT INTO $T VALUES (1, named_struct('x', 1, 'y', 'a'), array(named_struct('q', 1), NULL), map('k',"
                        + " named_struct('w', 1)), 'p 1/%', DATE'2020-01-01'), (NULL, NULL, NULL, NULL, NULL, NULL)",
                "ALTER TABLE $T RENAME COLUMN st.x TO z",
                "ALTER TABLE $T RENAME COLUMN p TO `part of it`",
                "ALTER TABLE $T RENAME COLUMN l.element.q TO qq",
                "ALTER TABLE $T DROP COLUMNS (st.y, gone)",
                "ALTER TABLE $T ADD COLUMNS (st.y INT, gone STRING, `a b;{}` INT)",
                "ALTER TABLE $T DROP COLUMN st.z",
                "INSERT INTO $T SELECT 2, named_struct('y', 5), array(named_struct('qq', 2)), map('k',"
                        + " named_struct('w', 2)), '', 'new', 3",
                "DELETE FROM $T WHERE a = 0");

        assertThat(count()).isEqualTo(3);
        assertReadAlike();
        assertReadAlike(3);
    }

    @Test
    void columnMappingById() throws Exception {
        run(
                "CREATE TABLE $T (a INT, st STRUCT<x: INT, y: STRING>, l ARRAY<STRUCT<q: INT>>, m MAP<STRING,"
                        + " STRUCT<w: INT>>, p INT) USING delta PARTITIONED BY (p) TBLPROPERTIES"
                        + " ('delta.columnMapping.mode' = 'id', 'delta.enableDeletionVectors' = 'true')",
                "INSERT INTO $T VALUES (1, named_struct('x', 1, 'y', 'a'), array(named_struct('q', 1)), map('k',"
                        + " named_struct('w', 1)), 1), (2, NULL, NULL, NULL, 1)",
                "ALTER TABLE $T DROP COLUMNS (st.x, a)",
                "ALTER TABLE $T ADD COLUMNS (a STRING, st.x INT)",
                "ALTER TABLE $T DROP COLUMN st.y",
                "INSERT INTO $T (a, st, p) VALUES ('2', named_struct('x', 3), 2), ('3', NULL, 2)",
                "DELETE FROM $T WHERE a = '3'");

        assertThat(count()).isEqualTo(3);
        assertReadAlike();
    }

    @Test
    void wideningOfEveryKind() throws Exception {
        run(
                "CREATE TABLE $T (a BYTE, f FLOAT, d DATE, dc DECIMAL(5,2), i INT, l BIGINT, s STRUCT<b: BYTE>, ar"
                        + " ARRAY<SMALLINT>, m MAP<INT, FLOAT>, i2 INT, n TIMESTAMP_NTZ, p INT) USING delta PARTITIONED BY"
                        + " (p) TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
                "INSERT INTO $T VALUES (1, 0.1, DATE'1500-01-01', 1.25, 7, 9, named_struct('b', 3Y), array(1S, NULL),"
                        + " map(1, float(0.1)), 5, NULL, 1), (NULL, float('nan'), NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
                        + " NULL, NULL, NULL)");
        for (String change : List.of(
                "a TYPE SMALLINT",
                "a TYPE BIGINT",
                "f TYPE DOUBLE",
                "d TYPE TIMESTAMP_NTZ",
                "dc TYPE DECIMAL(38,10)",
                "i TYPE DOUBLE",
                "l TYPE DECIMAL(22,2)",
                "s.b TYPE BIGINT",
                "ar.element TYPE INT",
                "m.key TYPE BIGINT",
                "m.value TYPE DOUBLE",
                "i2 TYPE DECIMAL(10,0)",
                "p TYPE BIGINT")) {
            run("ALTER TABLE $T ALTER COLUMN " + change);
        }
        run("INSERT INTO $T VALUES (3000000000, 0.1D, TIMESTAMP_NTZ'2020-01-01 10:00:00', 1.2512345678, 7.5, 9.25,"
                + " named_struct('b', 3000000000), array(100000, NULL), map(3000000000, 0.1D), 123456789,"
                + " TIMESTAMP_NTZ'2020-01-01 10:00:00', 3000000000)");

        assertThat(count()).isEqualTo(3);
        assertReadAlike();
    }

    @Test
    void checkpointsOfTheSecondSpecification() throws Exception {
        run("CREATE TABLE $T (id BIGINT, p STRING) USING delta PARTITIONED BY (p) TBLPROPERTIES"
                + " ('delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '3',"
                + " 'delta.checkpoint.writeStatsAsStruct' = 'true', 'delta.enableDeletionVectors' = 'true')");
        for (String format : List.of("json", "parquet")) {
            spark.conf().set("spark.databricks.delta.checkpointV2.topLevelFileFormat", format);
            run(
                    "INSERT INTO $T SELECT id, 'a' FROM range(0, 10, 1, 1)",
                    "DELETE FROM $T WHERE id = 3",
                    "INSERT INTO $T VALUES (11, NULL), (12, 'b/c')");
            long version = DeltaTable.forPath(path).newestVersion().orElseThrow();
            for (long old = 0; old < version; old++) {
                Files.deleteIfExists(DeltaTable.forPath(path).commitFile(old));
            }

            assertThat(logged(".*checkpoint\\.[-0-9a-f]{36}\\." + format)).isNotEmpty();
            assertThat(logged("_sidecars/.*parquet")).isNotEmpty();
            assertReadAlike();
        }
    }

    @Test
    void checkpointOfSeveralParts() throws Exception {
        spark.conf().set("spark.databricks.delta.checkpoint.partSize", "2");
        try {
            run("CREATE TABLE $T (id BIGINT) USING delta TBLPROPERTIES ('delta.checkpointInterval' = '4')");
            for (int i = 0; i < 5; i++) {
                run("INSERT INTO $T VALUES (" + i + ")");
            }
            for (long old = 0; old <= 4; old++) {
                Files.delete(DeltaTable.forPath(path).commitFile(old));
            }
        } finally {
            spark.conf().unset("spark.databricks.delta.checkpoint.partSize");
        }

        assertThat(logged(".*checkpoint\\.\\d{10}\\.\\d{10}\\.parquet")).hasSizeGreaterThan(1);
        assertThat(count()).isEqualTo(5);
        assertReadAlike();
    }

    @Test
    void partitionValuesOfAllTypes() throws Exception {
        run(
                "CREATE TABLE $T (id INT, b BOOLEAN, y BYTE, l BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(20,5), s STRING, dt"
                        + " DATE, ts TIMESTAMP, n TIMESTAMP_NTZ) USING delta PARTITIONED BY (b, y, l, f, d, dc, s, dt, ts,"
                        + " n)",
                "INSERT INTO $T VALUES (1, true, -128Y, -9223372036854775808, float('nan'), double('-infinity'),"
                        + " -1.50000, 'a/b=c %20:ü''\"\\\\', DATE'0001-01-01', TIMESTAMP'1969-12-31 23:59:59.999999',"
                        + " TIMESTAMP_NTZ'1582-10-10 12:00:00.000001'), (2, false, 1Y, 0, float(1e-10), 1e300, 0,"
                        + " '__HIVE_DEFAULT_PARTITION__x', DATE'9999-12-31', TIMESTAMP'2024-02-29 10:00:00',"
                        + " TIMESTAMP_NTZ'2024-02-29 10:00:00'), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
                        + " NULL), (4, true, 1Y, 1, -0.0F, -0.0D, 1, 'NULL', NULL, NULL, NULL), (5, true, 1Y, 1, 1, 1, 1,"
                        + " '', NULL, NULL, NULL)");

        assertThat(count()).isEqualTo(5);
        assertReadAlike();
    }

    @Test
    void oldTimestampsInNestedTypes() throws Exception {
        spark.conf().set("spark.sql.parquet.outputTimestampType", "INT96");
        run(
                "CREATE TABLE $T (t TIMESTAMP, s STRUCT<t: TIMESTAMP>, l ARRAY<TIMESTAMP>, m MAP<TIMESTAMP, TIMESTAMP>)"
                        + " USING delta TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
                "INSERT INTO $T SELECT t, named_struct('t', t), array(t, NULL), map(t, t) FROM VALUES"
                        + " (TIMESTAMP'1500-01-01 00:00:00.000001'), (TIMESTAMP'2262-04-11 23:47:16.854775'),"
                        + " (TIMESTAMP'1969-12-31 23:59:59.999999') AS v(t)",
                "ALTER TABLE $T RENAME COLUMN t TO time");

        assertThat(count()).isEqualTo(3);
        assertReadAlike();
    }

    /** As Fabric and Databricks make tables by default and on demand; no table of theirs was at hand. */
    @Test
    void everythingThatPlatformsTurnOn() throws Exception {
        run(
                "CREATE TABLE $T (id BIGINT GENERATED ALWAYS AS IDENTITY, day DATE, year INT GENERATED ALWAYS AS"
                        + " (YEAR(day)), note STRING DEFAULT 'none', amount DECIMAL(10,2) NOT NULL) USING delta CLUSTER BY"
                        + " (day) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true', 'delta.enableRowTracking' = 'true',"
                        + " 'delta.enableInCommitTimestamps' = 'true', 'delta.enableChangeDataFeed' = 'true',"
                        + " 'delta.columnMapping.mode' = 'name', 'delta.enableTypeWidening' = 'true',"
                        + " 'delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '4',"
                        + " 'delta.feature.allowColumnDefaults' = 'supported', 'delta.feature.vacuumProtocolCheck' ="
                        + " 'supported', 'delta.feature.timestampNtz' = 'supported')",
                "ALTER TABLE $T ADD CONSTRAINT positive CHECK (amount > 0)",
                "INSERT INTO $T (day, note, amount) SELECT DATE_ADD(DATE'2024-01-01', CAST(id AS INT)), 'n' || id, id + 1"
                        + " FROM range(0, 1000, 1, 1)",
                "INSERT INTO $T (day, amount) VALUES (DATE'2020-02-29', 7.25)",
                "UPDATE $T SET amount = amount * 2 WHERE id % 10 = 0",
                "DELETE FROM $T WHERE day < DATE'2024-01-10'",
                "ALTER TABLE $T RENAME COLUMN note TO remark",
                "DELETE FROM $T WHERE amount = 500");

        assertThat(count()).isGreaterThan(900);
        assertReadAlike();
        assertReadAlike(5);
        assertNotWritten("cannot be written, because it uses feature", "SELECT DATE '2024-01-01' AS day");
    }

    @Test
    void variantsAsJson() throws Exception {
        run(
                "CREATE TABLE $T (id INT, t STRING, v VARIANT, s STRUCT<v: VARIANT>, l ARRAY<VARIANT>) USING delta",
                "INSERT INTO $T SELECT 1, 'ä', parse_json('{\"b\":[1.5,\"ü\",null,true,-12345678901234567890],\"a\":{}}'),"
                        + " named_struct('v', parse_json('[1,\"x\"]')), array(parse_json('1'), NULL)",
                "INSERT INTO $T SELECT 2, NULL, NULL, named_struct('v', NULL), NULL",
                "INSERT INTO $T SELECT 3, '', to_variant_object(named_struct('d', DATE'2020-01-01', 'n', 1.10BD, 'y', 1Y)),"
                        + " NULL, array()");

        Snapshot snapshot = DeltaTable.forPath(path).snapshot().orElseThrow();
        String sorted = "SELECT * FROM (" + snapshot.toSql() + ") ORDER BY id";
        assertThat(DuckRows.of(peers.duckdb(), sorted, snapshot.schema().fields()))
                .hasToString("[[1, ä, {\"a\":{},\"b\":[1.5,\"ü\",null,true,-12345678901234567890]}, Struct[names=[v],"
                        + " values=[[1,\"x\"]]], [1, null]], [2, null, null, Struct[names=[v], values=[null]], null], [3, ,"
                        + " {\"d\":\"2020-01-01\",\"n\":1.10,\"y\":1}, null, []]]");
        assertNotWritten("variantType", "SELECT 1 AS id");
    }
}
