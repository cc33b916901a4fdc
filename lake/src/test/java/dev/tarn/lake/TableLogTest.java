package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableLogTest {
    @AutoClose
    final TestTable table;

    final LogFixture log;

    TableLogTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    void writeVersions(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            table.write("SELECT " + i + " AS id", APPEND);
        }
    }

    static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    void assertCorrupt(String message) {
        assertThatThrownBy(table.delta()::snapshot).isInstanceOfSatisfying(LakeException.class, problem -> {
            assertThat(problem.getMessage()
                            .replace(table.path().resolveSibling("").toString(), "DIR"))
                    .isEqualTo(message);
            assertThat(problem.kind()).isEqualTo(Kind.CORRUPT_TABLE);
        });
    }

    @Test
    void versionsAreReadByNumber() throws Exception {
        writeVersions(3);
        table.write("SELECT 9 AS id", OVERWRITE);

        for (int version = 0; version < 3; version++) {
            assertThat(table.rows(table.delta().snapshot(version))).isEqualTo(numbers(version + 1));
            assertThat(table.delta().snapshot(version).version()).isEqualTo(version);
        }
        assertThat(table.rows(table.delta().snapshot(3))).containsExactly("9");
    }

    @Test
    void unknownVersionNamesThoseThatThereAre() throws Exception {
        writeVersions(3);

        assertThatThrownBy(() -> table.delta().snapshot(3))
                .isInstanceOfSatisfying(LakeException.class, problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.VERSION_NOT_FOUND);
                    assertThat(problem.help()).isEqualTo("It has the versions 0 to 2.");
                })
                .hasMessage("Table '" + table.path() + "' has no version 3.");
    }

    @Test
    void versionOfNoTableIsRefused() {
        assertThatThrownBy(() -> table.delta().snapshot(0))
                .isInstanceOf(LakeException.class)
                .hasMessage("There is no Delta table at '" + table.path() + "'.");
    }

    @Test
    void checkpointStandsForTheCommitsBeforeIt() throws Exception {
        writeVersions(5);
        table.write("SELECT 7 AS id", OVERWRITE);
        writeVersions(2);
        log.checkpoint(table.duck(), 6, "parquet", "true");
        List<String> before = table.rows();
        for (int version = 0; version <= 6; version++) {
            Files.delete(log.commitPath(version));
        }

        assertThat(table.rows()).isEqualTo(before).containsExactly("0", "1", "7");
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(3));
        assertThat(table.rows(table.delta().snapshot(6))).containsExactly("0", "7");
        assertThatThrownBy(() -> table.delta().snapshot(5))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        problem -> assertThat(problem.help()).isEqualTo("It has the versions 6 to 7."));
        table.write("SELECT 8 AS id", APPEND);
        assertThat(table.rows()).containsExactly("0", "1", "7", "8");
    }

    @Test
    void checkpointOfPartsCountsWhenAllAreThere() throws Exception {
        writeVersions(4);
        log.checkpoint(table.duck(), 3, "0000000001.0000000002.parquet", "n % 2 = 0");
        Files.move(log.commitPath(0), table.path().resolveSibling("away"));

        assertCorrupt("The log of table 'DIR/t' starts at version 1 and has no checkpoint for it.");

        Files.move(table.path().resolveSibling("away"), log.commitPath(0));
        log.checkpoint(table.duck(), 3, "0000000002.0000000002.parquet", "n % 2 = 1");
        for (int version = 0; version < 4; version++) {
            Files.delete(log.commitPath(version));
        }
        assertThat(table.rows()).isEqualTo(numbers(4));
        assertThat(table.newest().version()).isEqualTo(3);
    }

    @Test
    void partitionValuesAndPropertiesComeThroughACheckpoint() throws Exception {
        table.write("SELECT * FROM (VALUES (1, 'a'), (2, NULL)) v(id, p)", APPEND.withPartitionBy(List.of("p")));
        log.checkpoint(table.duck(), 0, "parquet", "true");
        Files.delete(log.commitPath(0));

        assertThat(table.rows()).containsExactly("1|a", "2|null");
        assertThat(table.newest().partitionColumns()).containsExactly("p");
        table.write("SELECT 3 AS id, 'b' AS p", OVERWRITE);
        assertThat(table.rows()).containsExactly("3|b");
        assertThat(Files.readString(log.commitPath(1))).contains("\"partitionValues\":{\"p\":null}");
    }

    @Test
    void parsedStatisticsOfACheckpointMayBeNoNumbers() throws Exception {
        table.write("SELECT 'nan'::DOUBLE AS x", APPEND);
        table.write("SELECT 'inf'::DOUBLE AS x", APPEND);
        log.checkpoint(table.duck(), 1, "parquet", "true");
        Path plain = Files.move(log.checkpointPath(1, "parquet"), table.path().resolveSibling("plain"));
        table.duck()
                .run("COPY (SELECT * REPLACE (CASE WHEN add IS NOT NULL THEN struct_insert(add, stats_parsed := {"
                        + "'numRecords': 1::BIGINT, 'minValues': {'x': '-inf'::DOUBLE}, 'maxValues': {'x': 'inf'::DOUBLE},"
                        + " 'nullCount': {'x': 'nan'::FLOAT}}) END AS add) FROM read_parquet('" + plain + "')) TO '"
                        + log.checkpointPath(1, "parquet") + "' (FORMAT parquet)");
        Files.delete(log.commitPath(0));

        assertThat(table.rows()).containsExactly("inf", "nan");
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(2));
        assertThat(table.write("SELECT 1::DOUBLE AS x", OVERWRITE).filesRemoved())
                .isEqualTo(2);
        assertThat(table.rows()).containsExactly("1.0");
    }

    @Test
    void gapIsCorrupt() throws Exception {
        writeVersions(4);
        Files.delete(log.commitPath(2));

        assertCorrupt("The log of table 'DIR/t' has a gap: '00000000000000000002.json' is missing.");
        assertThat(table.rows(table.delta().snapshot(1))).containsExactly("0", "1");
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

        assertThat(table.rows()).containsExactly("0", "1");
    }

    @Test
    void abandonedTemporaryFilesAreSweptAfterAnHour() throws Exception {
        Instant now = Instant.parse("2026-01-01T12:00:00Z");
        Path old = Files.writeString(log.log().resolve(".tarn-old.tmp"), "{");
        Path young = Files.writeString(log.log().resolve(".tarn-young.tmp"), "{");
        Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofMinutes(61))));
        Files.setLastModifiedTime(young, FileTime.from(now.minus(Duration.ofMinutes(59))));

        DeltaTable.forPath(table.path(), Clock.fixed(now, ZoneOffset.UTC))
                .stage(table.duck().connection(), "SELECT 1 AS id", APPEND)
                .commit();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(table.rows()).containsExactly("1");
    }
}
