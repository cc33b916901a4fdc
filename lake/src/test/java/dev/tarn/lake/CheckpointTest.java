package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that we write, and logs whose checkpoints are damaged. */
class CheckpointTest {
    @AutoClose
    final TestTable table;

    CheckpointTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
    }

    void append(int... ids) throws SQLException {
        for (int id : ids) {
            table.write("SELECT " + id + " AS id", APPEND);
        }
    }

    int[] upTo(int count) {
        return IntStream.range(0, count).toArray();
    }

    Path pointer() throws IOException {
        return table.log().log().resolve("_last_checkpoint");
    }

    void deleteCommitsUpTo(long last) throws IOException {
        for (long version = 0; version <= last; version++) {
            Files.delete(table.log().commitPath(version));
        }
    }

    List<String> checkpoints() throws IOException {
        try (Stream<Path> files = Files.list(table.log().log())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("checkpoint."))
                    .sorted()
                    .toList();
        }
    }

    String inCheckpoint(long version, String select) throws Exception {
        return table.duck()
                .value("SELECT " + select + " FROM read_parquet('" + table.log().checkpointPath(version, "parquet")
                        + "')");
    }

    @Test
    void everyTenthVersionIsACheckpoint() throws Exception {
        append(upTo(22));

        assertThat(checkpoints())
                .containsExactly("00000000000000000010.checkpoint.parquet", "00000000000000000020.checkpoint.parquet");
        assertThat(Files.readString(pointer()))
                .matches("\\{\"checksum\":\"[0-9a-f]{32}\",\"numOfAddFiles\":21,\"size\":23,\"sizeInBytes\":"
                        + Files.size(table.log().checkpointPath(20, "parquet")) + ",\"version\":20}");
        deleteCommitsUpTo(20);
        assertThat(table.rows()).hasSize(22).doesNotHaveDuplicates();
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(22));
        append(22);
        assertThat(table.rows()).hasSize(23);
        try (Stream<Path> files = Files.list(table.log().log())) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void intervalIsTheTablesOwn() throws Exception {
        DeltaTable.create(table.path())
                .column("id", Primitive.INTEGER)
                .property("delta.checkpointInterval", "3")
                .create();
        append(upTo(6));

        assertThat(checkpoints())
                .containsExactly("00000000000000000003.checkpoint.parquet", "00000000000000000006.checkpoint.parquet");
    }

    @Test
    void checkpointHasAllThatTheTableIs() throws Exception {
        DeltaTable.create(table.path())
                .column(new DeltaField("id", Primitive.INTEGER).notNull().withComment("the 'key' \"äöü\""))
                .column("p", Primitive.STRING)
                .column("t", Primitive.TIMESTAMP_NTZ)
                .partitionBy("p")
                .name("orders")
                .description("line 1\nline 2")
                .property("delta.enableChangeDataFeed", "true")
                .property("own", "100 % \u0000")
                .create();
        String row = " AS id, 'a b' AS p, TIMESTAMP '2020-01-01' AS t";
        table.write("SELECT 1" + row, APPEND.withCommit(CommitOptions.DEFAULT.withTransaction("app", 7)));
        table.write("SELECT 2" + row, OVERWRITE);
        table.write("SELECT 3 AS id, NULL AS p, NULL AS t");
        table.delta()
                .transaction(Optional.of(table.newest().state()), CommitOptions.DEFAULT)
                .commit(
                        Reads.nothing(),
                        new Changes().domain(Map.of("domain", "d", "configuration", "{\"x\":1}", "removed", false)),
                        new Operation("TEST", Map.of(), Map.of()));
        TableState before = table.newest().state();
        List<String> rows = table.rows();
        TableDetail detail = table.delta().detail();

        assertThat(table.delta().checkpoint()).isEqualTo(4);
        deleteCommitsUpTo(3);

        TableState after = table.newest().state();
        assertThat(table.rows()).isEqualTo(rows).containsExactly("2|a b|2020-01-01 00:00:00", "3|null|null");
        assertThat(after.protocol()).isEqualTo(before.protocol());
        assertThat(after.metadata().schema()).isEqualTo(before.metadata().schema());
        assertThat(after.metadata().configuration()).isEqualTo(before.metadata().configuration());
        assertThat(after.lastTransaction("app")).isEqualTo(OptionalLong.of(7));
        assertThat(after.domains()).isEqualTo(before.domains());
        assertThat(after.tombstones().keySet())
                .isEqualTo(before.tombstones().keySet())
                .hasSize(1);
        assertThat(after.files().keySet()).isEqualTo(before.files().keySet());
        before.files().forEach((key, file) -> {
            Map<String, Object> expected = new HashMap<>(file.json());
            expected.put("dataChange", false);
            assertThat(after.files().get(key))
                    .isNotNull()
                    .satisfies(kept -> assertThat(kept.json()).containsAllEntriesOf(expected));
        });
        TableDetail again = table.delta().detail();
        assertThat(again.name()).isEqualTo(detail.name());
        assertThat(again.description()).isEqualTo(detail.description());
        assertThat(again.createdAt()).isEqualTo(detail.createdAt());
        assertThat(again.tableFeatures()).isEqualTo(detail.tableFeatures());
    }

    /** Delta protocol, "Checkpoint Schema": no field is missing, and columns of no action are NULL. */
    @Test
    void schemaIsThatOfOtherWriters() throws Exception {
        append(1);
        table.delta().checkpoint();

        assertThat(table.duck().columns("FROM read_parquet('" + table.log().checkpointPath(0, "parquet") + "')"))
                .extracting(column -> column.substring(0, column.indexOf(' ')))
                .containsExactly("txn", "add", "remove", "metaData", "protocol", "domainMetadata");
        assertThat(inCheckpoint(0, "count(*), count(txn), count(add), count(remove), count(metaData), count(protocol)"))
                .isEqualTo("3|0|1|0|1|1");
        assertThat(inCheckpoint(0, "any_value(protocol.readerFeatures) IS NULL, count(add.deletionVector)"))
                .isEqualTo("true|0");
        assertThat(inCheckpoint(0, "bool_or(add.dataChange)")).isEqualTo("false");
    }

    @Test
    void expiredTombstonesAndTransactionsAreLeftOut() throws Exception {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        DeltaTable then = DeltaTable.create(table.path(), Clock.fixed(start, ZoneOffset.UTC))
                .column("id", Primitive.INTEGER)
                .property("delta.deletedFileRetentionDuration", "interval 2 days 12 hours")
                .property("delta.setTransactionRetentionDuration", "interval 3 days")
                .create();
        write(then, "SELECT 1 AS id", APPEND.withCommit(CommitOptions.DEFAULT.withTransaction("old", 1)));
        write(then, "SELECT 2 AS id", OVERWRITE);
        assertThat(kept(start.plusSeconds(59 * 3600))).isEqualTo("1|1");
        assertThat(kept(start.plusSeconds(61 * 3600))).isEqualTo("0|1");
        assertThat(kept(start.plusSeconds(73 * 3600))).isEqualTo("0|0");
        deleteCommitsUpTo(2);
        assertThat(table.rows()).containsExactly("2");
    }

    void write(DeltaTable delta, String query, WriteOptions options) throws SQLException {
        delta.stage(table.duck().connection(), query, options).commit();
    }

    /** How many tombstones and transactions a checkpoint of a time has. */
    String kept(Instant now) throws Exception {
        DeltaTable.forPath(table.path(), Clock.fixed(now, ZoneOffset.UTC)).checkpoint();
        return inCheckpoint(2, "count(remove), count(txn)");
    }

    @Test
    void checkpointThatFailsDoesNotFailTheCommit() throws Exception {
        append(upTo(10));
        StagedWrite staged = table.stage("SELECT 10 AS id", APPEND);
        Path inTheWay = Files.createDirectories(
                table.log().checkpointPath(10, "parquet").resolve("x"));

        CommitResult result = staged.commit();

        assertThat(result.version()).isEqualTo(10);
        assertThat(pointer()).doesNotExist();
        assertThatThrownBy(table.delta()::checkpoint)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.IO))
                .hasMessageStartingWith("A checkpoint of table '" + table.path() + "' cannot be written: ");
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        assertThat(table.rows()).hasSize(11);
        try (Stream<Path> files = Files.list(table.log().log())) {
            assertThat(files).hasSize(11);
        }
    }

    @Test
    void damagedCheckpointIsReplacedByAnOlderOneOrTheCommits() throws Exception {
        append(upTo(35));
        damage(30);
        assertThat(table.rows()).hasSize(35);
        damage(20);
        damage(10);
        assertThat(table.rows()).hasSize(35);

        table.delta().checkpoint();
        deleteCommitsUpTo(34);
        assertThat(table.rows()).hasSize(35);
    }

    void damage(long version) throws IOException {
        Path file = table.log().checkpointPath(version, "parquet");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    @Test
    void damagedCheckpointThatIsNeededIsNamed() throws Exception {
        append(upTo(12));
        damage(10);
        Files.delete(table.log().commitPath(0));

        assertThatThrownBy(table.delta()::snapshot)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Kind.CORRUPT_TABLE))
                .hasMessageStartingWith("The checkpoint '" + table.log().checkpointPath(10, "parquet") + "' of table '"
                        + table.path() + "' cannot be read: ");
    }

    @Test
    void damagedPointerIsIgnoredAndReplaced() throws Exception {
        append(upTo(10));
        Files.writeString(pointer(), "{\"version\":99");

        append(10);

        assertThat(Files.readString(pointer())).endsWith("\"version\":10}");
        Files.writeString(pointer(), "nonsense");
        assertThat(table.rows()).hasSize(11);
    }

    @Test
    void pointerNeverGoesBack() throws Exception {
        append(1);
        Files.writeString(pointer(), "{\"version\":7,\"size\":1}");

        table.delta().checkpoint();

        assertThat(Files.readString(pointer())).isEqualTo("{\"version\":7,\"size\":1}");
        assertThat(checkpoints()).containsExactly("00000000000000000000.checkpoint.parquet");
    }

    @Test
    void tableWithConstraintsHasCheckpoints() throws Exception {
        table.log()
                .commit(
                        0,
                        FeatureSupportTest.versions(1, 3),
                        LogFixture.metadata("{\"delta.constraints.positive\":\"id > 0\"}", "id integer"));

        table.delta().checkpoint();
        deleteCommitsUpTo(0);

        assertThat(table.newest().properties()).containsEntry("delta.constraints.positive", "id > 0");
    }

    @Test
    void featureThatACheckpointMightLoseIsRefused() throws Exception {
        table.log()
                .commit(
                        0,
                        FeatureSupportTest.features("", "appendOnly somethingNew"),
                        LogFixture.metadata("{}", "id integer"));

        assertThatThrownBy(table.delta()::checkpoint)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED_FEATURE))
                .hasMessage("A checkpoint of table '" + table.path()
                        + "' cannot be written, because it uses feature 'somethingNew'.");
        assertThat(checkpoints()).isEmpty();
    }

    @Test
    void statisticsOfAnotherWritersCheckpointKeepTheirCount() throws Exception {
        append(1);
        table.log().checkpoint(table.duck(), 0, "parquet", "true");
        Path plain = Files.move(
                table.log().checkpointPath(0, "parquet"), table.path().resolveSibling("plain"));
        table.duck()
                .run("COPY (SELECT * REPLACE (CASE WHEN add IS NOT NULL THEN {'path': add.path, 'partitionValues':"
                        + " add.partitionValues, 'size': add.size, 'modificationTime': add.modificationTime,"
                        + " 'dataChange': false, 'stats_parsed': {'numRecords': 1::BIGINT, 'maxValues': {'id':"
                        + " 'nan'::DOUBLE}}} END AS add) FROM read_parquet('" + plain + "')) TO '"
                        + table.log().checkpointPath(0, "parquet") + "' (FORMAT parquet)");
        Files.delete(table.log().commitPath(0));
        append(2);

        table.delta().checkpoint();

        Files.delete(table.log().checkpointPath(0, "parquet"));
        assertThat(table.rows()).containsExactly("1", "2");
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(2));
        assertThat(inCheckpoint(1, "min(add.stats)")).startsWith("{\"numRecords\":1");
    }

    @Test
    void nameOfTheFolderIsNoPattern() throws Exception {
        try (TestTable odd = new TestTable(table.path().resolveSibling("o'r d[1]*%20é"))) {
            odd.write("SELECT 1 AS id");
            odd.delta().checkpoint();
            Files.delete(odd.log().commitPath(0));

            assertThat(odd.rows()).containsExactly("1");
        }
    }

    /** In a file of the classic name, which the protocol allows beside names with an id ("V2 Spec"). */
    @Test
    void tableOfTheSecondSpecificationGetsOneOfIt() throws Exception {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.INTEGER)
                .property("delta.checkpointPolicy", "v2")
                .create();
        table.write("SELECT 1 AS id");
        table.delta().checkpoint();
        for (long version = 0; version < 2; version++) {
            Files.delete(table.delta().commitFile(version));
        }

        assertThat(table.duck()
                        .rows("SELECT checkpointMetadata.version FROM read_parquet("
                                + SqlText.literal(table.path() + "/_delta_log/00000000000000000001.checkpoint.parquet")
                                + ") WHERE checkpointMetadata IS NOT NULL"))
                .containsExactly("1");
        assertThat(table.rows()).containsExactly("1");
        table.write("SELECT 2 AS id");
        assertThat(table.rows()).containsExactly("1", "2");
    }

    /** Of a file that Spark wrote before, whose sum would make it refuse the new one. */
    @Test
    void sumsOfReplacedFilesGo() throws Exception {
        table.write("SELECT 1 AS id");
        Path log = table.path().resolve("_delta_log");
        Path ofCheckpoint = log.resolve(".00000000000000000000.checkpoint.parquet.crc");
        Path ofPointer = log.resolve("._last_checkpoint.crc");
        Files.writeString(ofCheckpoint, "sum");
        Files.writeString(ofPointer, "sum");
        table.delta().checkpoint();

        assertThat(ofCheckpoint).doesNotExist();
        assertThat(ofPointer).doesNotExist();
    }
}
