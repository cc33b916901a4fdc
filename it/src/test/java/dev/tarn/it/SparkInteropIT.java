package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.it.delta.Peers;
import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.CommitResult;
import dev.tarn.lake.DeltaField;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.StagedWrite;
import dev.tarn.lake.WriteMode;
import dev.tarn.lake.WriteOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that we write, read by Spark with Delta, and the other way round. Rows are compared value for value: Spark
 * writes what it read as plain Parquet, and DuckDB subtracts both ways.
 */
@ExtendWith(Peers.Resolver.class)
class SparkInteropIT {

    /** All types that Delta has, with their edges. */
    private static final String ALL_TYPES = """
            SELECT * FROM (VALUES
              (1, true, 1::TINYINT, (-32768)::SMALLINT, 2147483647, 9223372036854775807, 1.5::FLOAT, 'nan'::DOUBLE,
               1.25::DECIMAL(5,2), 12345678901234567890.123456789::DECIMAL(38,9), '', '\\x00\\xFF'::BLOB,
               DATE '0001-01-01', TIMESTAMPTZ '1970-01-01 00:00:00.000001+00', TIMESTAMP '1582-10-10 12:00:00',
               [1, NULL, 3], {'a': 1, 'b': 'x'}, MAP {'k': 1.5::DOUBLE}),
              (2, false, (-128)::TINYINT, 32767::SMALLINT, -2147483648, -9223372036854775807, '-infinity'::FLOAT, -0.0::DOUBLE,
               -999.99::DECIMAL(5,2), 0::DECIMAL(38,9), 'ä€😀', ''::BLOB,
               DATE '9999-12-31', TIMESTAMPTZ '9999-12-31 23:59:59.999999+00', TIMESTAMP '0001-01-01 00:00:00',
               [], {'a': NULL, 'b': NULL}, MAP {}),
              (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
            t(id, bool, byte, short, int, long, float, double, small, large, text, bytes, day, instant, wall, list, struct, map)
            """;

    private static SparkSession spark;

    @TempDir
    Path folder;

    private Connection duckdb;

    @BeforeAll
    static void share(Peers peers) {
        spark = peers.session();
    }

    @AfterEach
    void restoreSettings() {
        spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    }

    @BeforeEach
    void open() throws SQLException {
        duckdb = DriverManager.getConnection("jdbc:duckdb:");
        execute("SET TimeZone = 'UTC'");
    }

    @AfterEach
    void close() throws SQLException {
        duckdb.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    private Path table(String name) {
        return folder.resolve(name);
    }

    private CommitResult write(Path table, String query, WriteOptions options) throws SQLException {
        try (StagedWrite staged = DeltaTable.forPath(table).stage(duckdb, query, options)) {
            return staged.commit();
        }
    }

    /** What Spark reads, as a query over plain Parquet files that it wrote. */
    private String sparkReads(Path table, String... options) {
        Path export = folder.resolve("export-" + System.nanoTime());
        var reader = spark.read().format("delta");
        for (int i = 0; i < options.length; i += 2) {
            reader = reader.option(options[i], options[i + 1]);
        }
        restoreSettings();
        reader.load(table.toString()).coalesce(1).write().parquet(export.toString());
        return "SELECT * FROM read_parquet('" + export + "/*.parquet')";
    }

    private String weRead(Path table) {
        return DeltaTable.forPath(table).snapshot().orElseThrow().toSql();
    }

    private void assertSameRows(String one, String other) throws SQLException {
        assertThat(rows("SELECT column_name || ' ' || column_type FROM (DESCRIBE " + one + ")"))
                .isEqualTo(rows("SELECT column_name || ' ' || column_type FROM (DESCRIBE " + other + ")"));
        assertThat(rows("SELECT t::VARCHAR FROM ((" + one + ") EXCEPT ALL (" + other + ")) t"))
                .isEmpty();
        assertThat(rows("SELECT t::VARCHAR FROM ((" + other + ") EXCEPT ALL (" + one + ")) t"))
                .isEmpty();
    }

    @Test
    void sparkReadsEveryTypeWithItsEdges() throws SQLException {
        write(table("types"), ALL_TYPES, WriteOptions.of(WriteMode.OVERWRITE));

        assertSameRows(ALL_TYPES, sparkReads(table("types")));
        assertSameRows(ALL_TYPES, weRead(table("types")));
    }

    @Test
    void sparkReadsWhatWeAppendedOverwroteAndPartitioned() throws SQLException {
        Path table = table("parts with 'quotes' & spaces");
        WriteOptions partitioned = WriteOptions.of(WriteMode.OVERWRITE).withPartitionBy(List.of("day", "text"));
        String query =
                "SELECT i, DATE '2026-01-01' + (i % 3)::INT AS day, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'a/b=c %'"
                        + " WHEN 2 THEN 'ü' ELSE 'x' END AS text FROM range(100) t(i)";
        write(table, query, partitioned);
        write(table, query, partitioned);
        write(table, query.replace("range(100)", "range(100, 120)"), WriteOptions.of(WriteMode.APPEND));

        String expected = query.replace("range(100)", "range(120)");
        assertSameRows(expected, sparkReads(table).replace("/*.parquet", "/**/*.parquet"));
        assertSameRows(expected, weRead(table));
        assertSameRows(query, sparkReads(table, "versionAsOf", "1"));
    }

    @Test
    void sparkReadsATableWhoseSchemaGrew() throws SQLException {
        Path table = table("grown");
        write(table, "SELECT 1 AS a", WriteOptions.of(WriteMode.OVERWRITE));
        write(
                table,
                "SELECT 2 AS a, 'x' AS b",
                WriteOptions.of(WriteMode.APPEND).withMergeSchema());

        String expected = "SELECT * FROM (VALUES (1, NULL), (2, 'x')) t(a, b)";
        assertSameRows(expected, sparkReads(table));
        assertSameRows(expected, weRead(table));
    }

    @Test
    void ourStatisticsNeverHideARowFromSpark() throws SQLException {
        Path table = table("statistics");
        String query = "SELECT i AS i, CASE i WHEN 500 THEN 'nan'::DOUBLE ELSE i / 10 END AS d,"
                + " repeat('z', 300) || i AS long_text, TIMESTAMPTZ '2026-01-01 00:00:00.000999+00' + to_days(i::INT) AS t"
                + " FROM range(1000) r(i)";
        write(table, query, WriteOptions.of(WriteMode.OVERWRITE));
        spark.read().format("delta").load(table.toString()).createOrReplaceTempView("statistics");

        assertThat(count("d > 99.9")).isEqualTo(1);
        assertThat(count("isnan(d)")).isEqualTo(1);
        assertThat(count("long_text > '" + "z".repeat(300) + "998'")).isEqualTo(1);
        assertThat(count("t >= '2028-09-26 00:00:00.000999'")).isEqualTo(1);
        assertThat(count("i = 999")).isEqualTo(1);
        assertThat(spark.sql("SELECT count(*) FROM statistics").first().getLong(0))
                .isEqualTo(1000);
    }

    private static long count(String condition) {
        return spark.sql("SELECT * FROM statistics WHERE " + condition).count();
    }

    @Test
    void weReadSparksTablesAndWriteTurnsWithIt() throws SQLException {
        Path table = table("turns");
        spark.conf().set("spark.sql.parquet.outputTimestampType", "INT96");
        spark.sql("CREATE TABLE delta.`" + table
                + "` (id BIGINT, t TIMESTAMP, s STRUCT<x: INT, y: ARRAY<STRING>>, p STRING)"
                + " USING delta PARTITIONED BY (p) TBLPROPERTIES ('delta.enableDeletionVectors' = 'false',"
                + " 'delta.checkpointInterval' = '3')");
        for (int i = 0; i < 4; i++) {
            spark.sql("INSERT INTO delta.`" + table + "` VALUES (" + i
                    + ", TIMESTAMP '1969-12-31 23:59:59.999999', named_struct('x', " + i
                    + ", 'y', array('a', NULL)), 'p" + i % 2 + "')");
            write(
                    table,
                    "SELECT " + (100 + i)
                            + "::BIGINT AS id, TIMESTAMPTZ '2026-03-29 01:30:00+00' AS t, {'x': 1, 'y': ['b']} AS s,"
                            + " NULL::VARCHAR AS p",
                    WriteOptions.of(WriteMode.APPEND));
        }
        spark.sql("DELETE FROM delta.`" + table + "` WHERE id = 1");
        spark.sql("UPDATE delta.`" + table + "` SET p = 'moved' WHERE id = 101");

        assertThat(rows("SELECT id::VARCHAR FROM (" + weRead(table) + ") ORDER BY id"))
                .containsExactly("0", "2", "3", "100", "101", "102", "103");
        assertSameRows(sparkReads(table), weRead(table));
        assertThat(DeltaTable.forPath(table).snapshot(3).version()).isEqualTo(3);
    }

    /** Without the commits before it, Spark has nothing but our checkpoint. */
    @Test
    void sparkGoesOnFromOurCheckpoint() throws Exception {
        Path table = table("checkpointed");
        DeltaTable.create(table)
                .column(new DeltaField("id", Primitive.LONG).withComment("the key"))
                .column("wall", Primitive.TIMESTAMP_NTZ)
                .column("p", Primitive.STRING)
                .partitionBy("p")
                .description("a table")
                .property("delta.enableChangeDataFeed", "true")
                .property("delta.checkpointInterval", "4")
                .create();
        WriteOptions append = WriteOptions.of(WriteMode.APPEND);
        String row = "::BIGINT AS id, TIMESTAMP '2026-01-01 00:00:00' AS wall, ";
        write(table, "SELECT 1" + row + "'gone' AS p", append);
        write(table, "SELECT 2" + row + "'a b' AS p", WriteOptions.of(WriteMode.OVERWRITE));
        write(table, "SELECT 3" + row + "NULL AS p", append);
        write(
                table,
                "SELECT 4" + row + "'é%' AS p",
                append.withCommit(CommitOptions.DEFAULT.withTransaction("loader", 7)));
        write(table, "SELECT 5" + row + "'x' AS p", append);
        for (int version = 0; version < 4; version++) {
            Files.delete(DeltaTable.forPath(table).commitFile(version));
        }

        assertSameRows(sparkReads(table), weRead(table));
        assertSameRows(sparkReads(table, "versionAsOf", "4"), weReadVersion(table, 4));
        spark.read()
                .format("delta")
                .load(table.toString())
                .write()
                .format("delta")
                .mode("append")
                .option("txnAppId", "loader")
                .option("txnVersion", "7")
                .save(table.toString());
        assertThat(rows("SELECT id::VARCHAR FROM (" + weRead(table) + ") ORDER BY id"))
                .containsExactly("2", "3", "4", "5");
        spark.sql("UPDATE delta.`" + table + "` SET p = 'new' WHERE id = 4");
        spark.sql("INSERT INTO delta.`" + table + "` VALUES (6, TIMESTAMP_NTZ '2026-01-01 00:00:00', NULL)");
        spark.sql("DELETE FROM delta.`" + table + "` WHERE id = 2");
        assertThat(spark.sql("DESCRIBE DETAIL delta.`" + table + "`")
                        .select("description")
                        .first()
                        .getString(0))
                .isEqualTo("a table");
        assertThat(rows("SELECT id || coalesce(p, '-') FROM (" + weRead(table) + ") ORDER BY id"))
                .containsExactly("3-", "4new", "5x", "6-");
        assertSameRows(sparkReads(table), weRead(table));
        assertThat(spark.read()
                        .format("delta")
                        .option("readChangeFeed", "true")
                        .option("startingVersion", "6")
                        .load(table.toString())
                        .count())
                .isEqualTo(4);
    }

    private static String weReadVersion(Path table, long version) {
        return DeltaTable.forPath(table).snapshot(version).toSql();
    }

    @Test
    void tablesThatNeedMoreAreRefusedNotMisread() throws SQLException {
        Path vectors = table("vectors");
        spark.sql("CREATE TABLE delta.`" + vectors
                + "` USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
                + " AS SELECT id FROM range(0, 1000, 1, 1)");
        spark.sql("DELETE FROM delta.`" + vectors + "` WHERE id = 7");
        assertSameRows("SELECT id FROM range(1000) r(id) WHERE id <> 7", weRead(vectors));
        write(vectors, "SELECT 7::BIGINT AS id", WriteOptions.of(WriteMode.APPEND));
        assertSameRows("SELECT id FROM range(1000) r(id)", sparkReads(vectors));

        Path generated = table("generated");
        spark.sql("CREATE TABLE delta.`" + generated
                + "` (a INT, b INT GENERATED ALWAYS AS (a + 1)) USING delta TBLPROPERTIES ('delta.columnMapping.mode' ="
                + " 'name')");
        spark.sql("INSERT INTO delta.`" + generated + "` (a) VALUES (1)");
        assertSameRows("SELECT 1 AS a, 2 AS b", weRead(generated));
        assertThatThrownBy(() -> write(generated, "SELECT 1 AS a", WriteOptions.of(WriteMode.APPEND)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("generatedColumns");

        Path constrained = table("constrained");
        spark.sql("CREATE TABLE delta.`" + constrained + "` USING delta AS SELECT 1 AS a");
        spark.sql("ALTER TABLE delta.`" + constrained + "` ADD CONSTRAINT positive CHECK (abs(a) > 0)");
        assertSameRows("SELECT 1 AS a", weRead(constrained));
        assertThatThrownBy(() -> write(constrained, "SELECT 0 AS a", WriteOptions.of(WriteMode.APPEND)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("checkConstraints");
        assertSameRows("SELECT 1 AS a", weRead(constrained));
    }

    @Test
    void sparkReadsTheExamplesTables() throws Exception {
        Flights flights = Flights.copyTo(Files.createDirectory(folder.resolve("flights")));
        int code = dev.tarn.cli.Main.run(System.out, System.err, "run", flights.folder.toString());

        assertThat(code).isZero();
        for (String name : Flights.TABLES) {
            assertSameRows(sparkReads(flights.table(name)), weRead(flights.table(name)));
        }
    }
}
