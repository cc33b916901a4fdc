package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableLogTest {
    private static final WriteOptions APPEND = WriteOptions.of(WriteMode.APPEND);
    private static final WriteOptions OVERWRITE = WriteOptions.of(WriteMode.OVERWRITE);

    @TempDir
    Path directory;

    Duck duck;
    DeltaTable table;
    LogFixture log;

    @BeforeEach
    void open() throws Exception {
        duck = new Duck();
        table = DeltaTable.forPath(directory.resolve("t"));
        log = new LogFixture(table.path());
    }

    @AfterEach
    void close() throws SQLException {
        duck.close();
    }

    void write(String query, WriteOptions options) throws SQLException {
        table.stage(duck.connection(), query, options).commit();
    }

    void writeVersions(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            write("SELECT " + i + " AS id", APPEND);
        }
    }

    List<String> rows(Snapshot snapshot) throws SQLException {
        return duck.rows("FROM (" + snapshot.toSql() + ") ORDER BY ALL");
    }

    Snapshot newest() {
        return table.snapshot().orElseThrow();
    }

    static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    void assertCorrupt(String message) {
        assertThatThrownBy(table::snapshot).isInstanceOfSatisfying(LakeException.class, problem -> {
            assertThat(problem.getMessage().replace(directory.toString(), "DIR"))
                    .isEqualTo(message);
            assertThat(problem.kind()).isEqualTo(Kind.CORRUPT_TABLE);
        });
    }

    /** Writes a checkpoint of a version by DuckDB, with the schema that the protocol gives it. */
    void checkpoint(long version, String name, String filter) throws SQLException {
        String commits = log.log() + "/*.json";
        duck.run("COPY (SELECT txn, add, remove, metaData, protocol FROM (SELECT *, count(add.path) OVER (PARTITION BY"
                + " coalesce(add.path, remove.path)) AS adds, count(remove.path) OVER (PARTITION BY coalesce(add.path,"
                + " remove.path)) AS removes, row_number() OVER () AS n FROM read_ndjson('" + commits
                + "', filename = true, columns = {"
                + "txn: 'STRUCT(appId VARCHAR, \"version\" BIGINT, lastUpdated BIGINT)',"
                + "add: 'STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime"
                + " BIGINT, dataChange BOOLEAN, stats VARCHAR)',"
                + "remove: 'STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN)',"
                + "metaData: 'STRUCT(id VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)),"
                + " schemaString VARCHAR, partitionColumns VARCHAR[], configuration MAP(VARCHAR, VARCHAR), createdTime"
                + " BIGINT)',"
                + "protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[],"
                + " writerFeatures VARCHAR[])'}) WHERE parse_filename(filename)[1:20]::BIGINT <= " + version
                + ") WHERE (add IS NULL OR removes = 0) AND (add IS NOT NULL OR remove IS NOT NULL OR metaData IS NOT NULL"
                + " OR protocol IS NOT NULL) AND " + filter + ") TO '"
                + log.log().resolve(String.format("%020d.checkpoint.%s", version, name)) + "' (FORMAT parquet)");
    }

    @Test
    void versionsAreReadByNumber() throws Exception {
        writeVersions(3);
        write("SELECT 9 AS id", OVERWRITE);

        for (int version = 0; version < 3; version++) {
            assertThat(rows(table.snapshot(version))).isEqualTo(numbers(version + 1));
            assertThat(table.snapshot(version).version()).isEqualTo(version);
        }
        assertThat(rows(table.snapshot(3))).containsExactly("9");
    }

    @Test
    void unknownVersionNamesThoseThatThereAre() throws Exception {
        writeVersions(3);

        assertThatThrownBy(() -> table.snapshot(3))
                .isInstanceOfSatisfying(LakeException.class, problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.VERSION_NOT_FOUND);
                    assertThat(problem.help()).isEqualTo("It has the versions 0 to 2.");
                })
                .hasMessage("Table '" + table.path() + "' has no version 3.");
    }

    @Test
    void versionOfNoTableIsRefused() {
        assertThatThrownBy(() -> table.snapshot(0))
                .isInstanceOf(LakeException.class)
                .hasMessage("There is no Delta table at '" + table.path() + "'.");
    }

    @Test
    void checkpointStandsForTheCommitsBeforeIt() throws Exception {
        writeVersions(5);
        write("SELECT 7 AS id", OVERWRITE);
        writeVersions(2);
        checkpoint(6, "parquet", "true");
        List<String> before = rows(newest());
        for (int version = 0; version <= 6; version++) {
            Files.delete(log.commitPath(version));
        }

        assertThat(rows(newest())).isEqualTo(before).containsExactly("0", "1", "7");
        assertThat(newest().numRecords()).isEqualTo(OptionalLong.of(3));
        assertThat(rows(table.snapshot(6))).containsExactly("0", "7");
        assertThatThrownBy(() -> table.snapshot(5))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        problem -> assertThat(problem.help()).isEqualTo("It has the versions 6 to 7."));
        write("SELECT 8 AS id", APPEND);
        assertThat(rows(newest())).containsExactly("0", "1", "7", "8");
    }

    @Test
    void checkpointOfPartsCountsWhenAllAreThere() throws Exception {
        writeVersions(4);
        checkpoint(3, "0000000001.0000000002.parquet", "n % 2 = 0");
        Files.move(log.commitPath(0), directory.resolve("away"));

        assertCorrupt("The log of table 'DIR/t' starts at version 1 and has no checkpoint for it.");

        Files.move(directory.resolve("away"), log.commitPath(0));
        checkpoint(3, "0000000002.0000000002.parquet", "n % 2 = 1");
        for (int version = 0; version < 4; version++) {
            Files.delete(log.commitPath(version));
        }
        assertThat(rows(newest())).isEqualTo(numbers(4));
        assertThat(newest().version()).isEqualTo(3);
    }

    @Test
    void damagedCheckpointIsNamed() throws Exception {
        writeVersions(2);
        Files.writeString(log.log().resolve("00000000000000000001.checkpoint.parquet"), "PAR1 nonsense");

        assertThatThrownBy(table::snapshot)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Kind.CORRUPT_TABLE))
                .hasMessageContaining("00000000000000000001.checkpoint.parquet' of table");
    }

    @Test
    void partitionValuesAndPropertiesComeThroughACheckpoint() throws Exception {
        write("SELECT * FROM (VALUES (1, 'a'), (2, NULL)) v(id, p)", APPEND.withPartitionBy(List.of("p")));
        checkpoint(0, "parquet", "true");
        Files.delete(log.commitPath(0));

        assertThat(rows(newest())).containsExactly("1|a", "2|null");
        assertThat(newest().partitionColumns()).containsExactly("p");
        write("SELECT 3 AS id, 'b' AS p", OVERWRITE);
        assertThat(rows(newest())).containsExactly("3|b");
        assertThat(Files.readString(log.commitPath(1))).contains("\"partitionValues\":{\"p\":null}");
    }

    @Test
    void gapIsCorrupt() throws Exception {
        writeVersions(4);
        Files.delete(log.commitPath(2));

        assertCorrupt("The log of table 'DIR/t' has a gap: '00000000000000000002.json' is missing.");
        assertThat(rows(table.snapshot(1))).containsExactly("0", "1");
    }

    @Test
    void truncatedCommitIsCorrupt() throws Exception {
        writeVersions(2);
        String text = Files.readString(log.commitPath(1));
        Files.writeString(log.commitPath(1), text.substring(0, text.length() - 10));

        assertCorrupt(
                "The commit 'DIR/t/_delta_log/00000000000000000001.json' is damaged: line 2 is not a JSON object.");
    }

    @Test
    void twoActionsInOneLineAreCorrupt() throws Exception {
        writeVersions(2);
        Files.writeString(log.commitPath(1), Files.readString(log.commitPath(1)).replace("\n", ""));

        assertCorrupt(
                "The commit 'DIR/t/_delta_log/00000000000000000001.json' is damaged: line 1 is not a JSON object.");
    }

    @Test
    void emptyOrBinaryCommitIsCorrupt() throws Exception {
        writeVersions(2);
        Files.writeString(log.commitPath(1), "");
        assertCorrupt("The commit 'DIR/t/_delta_log/00000000000000000001.json' is damaged: it is empty.");

        Files.write(log.commitPath(1), new byte[] {(byte) 0xC3, 0x28});
        assertCorrupt("The commit 'DIR/t/_delta_log/00000000000000000001.json' is damaged: it is not UTF-8 text.");
    }

    @Test
    void logWithoutSchemaIsCorrupt() throws Exception {
        log.commit(0, LogFixture.PROTOCOL);

        assertCorrupt("The log of table 'DIR/t' has no metaData up to version 0.");
    }

    @Test
    void otherFilesInTheLogAreIgnored() throws Exception {
        writeVersions(2);
        for (String name : List.of(
                "_last_checkpoint",
                "00000000000000000001.crc",
                ".00000000000000000001.json.crc",
                "00000000000000000000.00000000000000000001.compacted.json",
                ".tarn-x.tmp",
                "00000000000000000009.json.tmp")) {
            Files.writeString(log.log().resolve(name), "{");
        }

        assertThat(rows(newest())).containsExactly("0", "1");
    }

    @Test
    void abandonedTemporaryFilesAreSweptAfterAnHour() throws Exception {
        Instant now = Instant.parse("2026-01-01T12:00:00Z");
        Path old = Files.writeString(log.log().resolve(".tarn-old.tmp"), "{");
        Path young = Files.writeString(log.log().resolve(".tarn-young.tmp"), "{");
        Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofMinutes(61))));
        Files.setLastModifiedTime(young, FileTime.from(now.minus(Duration.ofMinutes(59))));
        table = DeltaTable.forPath(table.path(), Clock.fixed(now, ZoneOffset.UTC));

        write("SELECT 1 AS id", APPEND);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(rows(newest())).containsExactly("1");
    }

    @Test
    void encodedAndAbsolutePathsAreRead() throws Exception {
        Path inside = Files.createDirectories(table.path().resolve("p=a%20b")).resolve("s p+é.parquet");
        Path outside = directory.resolve("out side.parquet");
        duck.run("COPY (SELECT 1 AS id) TO '" + inside + "' (FORMAT parquet)");
        duck.run("COPY (SELECT 2 AS id) TO '" + outside + "' (FORMAT parquet)");
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata("{}", "id integer"),
                LogFixture.add("p=a%2520b/s%20p+%C3%A9.parquet", 1),
                LogFixture.add(outside.toUri().toString(), 1));

        assertThat(rows(newest())).containsExactly("1", "2");
        assertThat(duck.columns(newest().toSql())).containsExactly("id INTEGER");
        assertThat(newest().numRecords()).isEmpty();
    }

    @Test
    void filesWithOtherColumnsAreReadByName() throws Exception {
        duck.run("COPY (SELECT 1 AS extra, 10::INTEGER AS ID) TO '" + table.path() + "/a.parquet' (FORMAT parquet)");
        duck.run(
                "COPY (SELECT {'y': 'z'} AS s, 20::BIGINT AS id) TO '" + table.path() + "/b.parquet' (FORMAT parquet)");
        String struct = "{\"name\":\"s\",\"type\":{\"type\":\"struct\",\"fields\":["
                + "{\"name\":\"x\",\"type\":\"date\",\"nullable\":true,\"metadata\":{}},"
                + "{\"name\":\"y\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]},"
                + "\"nullable\":true,\"metadata\":{}}";
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata("{}", "id long", struct, "t timestamp"),
                LogFixture.add("a.parquet", 1),
                LogFixture.add("b.parquet", 1));

        assertThat(rows(newest())).containsExactly("10|null|null", "20|{'x': NULL, 'y': z}|null");
        assertThat(duck.columns(newest().toSql()))
                .containsExactly("id BIGINT", "s STRUCT(x DATE, y VARCHAR)", "t TIMESTAMP WITH TIME ZONE");
    }

    @Test
    void oldTimestampsOfSparkAreReadInUtc() throws Exception {
        String name = "part-00000-spark.snappy.parquet";
        copyResource("/int96/" + name, table.path().resolve(name));
        log.commit(0, LogFixture.PROTOCOL, int96Schema(), LogFixture.add(name, 1));
        duck.run("SET TimeZone = 'Asia/Kolkata'");
        write(
                "SELECT 5::INTEGER AS id, TIMESTAMPTZ '2000-01-01 00:00:00+00' AS t, NULL AS s, NULL AS l, NULL AS m",
                APPEND);

        String read = newest().toSql();
        assertThat(duck.columns(read))
                .containsExactly(
                        "id INTEGER",
                        "t TIMESTAMP WITH TIME ZONE",
                        "s STRUCT(a TIMESTAMP WITH TIME ZONE, n INTEGER)",
                        "l TIMESTAMP WITH TIME ZONE[]",
                        "m MAP(VARCHAR, TIMESTAMP WITH TIME ZONE)");
        assertThat(duck.rows("SELECT id, epoch_us(t), epoch_us(s.a), s.n, list_transform(l, lambda x: epoch_us(x)),"
                        + " epoch_us(m['k']), cardinality(m) FROM (" + read + ") ORDER BY id"))
                .containsExactly(
                        "1|1709200800123456|1709200800123456|1|[1709200800123456, NULL]|1709200800123456|1",
                        "2|null|null|null|[]|null|0",
                        "3|-1|null|2|null|null|null",
                        "4|-62135596800000000|-1|3|[-1]|null|1",
                        "5|946684800000000|null|null|null|null|null");
    }

    private static void copyResource(String name, Path target) throws IOException {
        try (var in = TableLogTest.class.getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            Files.copy(in, target);
        }
    }

    private static String int96Schema() {
        DeltaType time = DeltaType.Primitive.TIMESTAMP;
        DeltaType number = DeltaType.Primitive.INTEGER;
        DeltaType.Struct schema = new DeltaType.Struct(List.of(
                new DeltaField("id", number),
                new DeltaField("t", time),
                new DeltaField(
                        "s", new DeltaType.Struct(List.of(new DeltaField("a", time), new DeltaField("n", number)))),
                new DeltaField("l", new DeltaType.Array(time, true)),
                new DeltaField("m", new DeltaType.MapOf(DeltaType.Primitive.STRING, time, true))));
        return Json.text(
                Map.of("metaData", Metadata.forNewTable(schema, List.of(), 0).json()));
    }
}
