package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times of versions: by the files of the log, or by the commits themselves. */
class HistoryTest {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @AutoClose
    final TestTable table;

    HistoryTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
    }

    /** Makes versions whose files have these times, in seconds after noon. */
    void versions(int... seconds) throws Exception {
        for (int i = 0; i < seconds.length; i++) {
            table.write("SELECT " + i + " AS id", APPEND);
            time(i, NOON.plusSeconds(seconds[i]));
        }
    }

    void time(long version, Instant time) throws IOException {
        Files.setLastModifiedTime(table.log().commitPath(version), FileTime.from(time));
    }

    long versionAt(Instant time) {
        return table.delta().snapshotAt(time).version();
    }

    void assertNotFound(Instant time, String where) {
        assertThatThrownBy(() -> versionAt(time))
                .isInstanceOfSatisfying(LakeException.class, problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.VERSION_NOT_FOUND);
                    assertThat(problem.help())
                            .isEqualTo(
                                    "Use a time from 2026-01-01T12:00:00Z to 2026-01-01T12:00:20Z, or read the newest"
                                            + " version.");
                })
                .hasMessage("Table '" + table.path() + "' has no version of " + time + ", which is " + where + ".");
    }

    @Test
    void versionIsTheNewestOneOfItsTime() throws Exception {
        versions(0, 10, 20);

        assertThat(versionAt(NOON)).isZero();
        assertThat(versionAt(NOON.plusMillis(9_999))).isZero();
        assertThat(versionAt(NOON.plusSeconds(10))).isEqualTo(1);
        assertThat(versionAt(NOON.plusMillis(19_999))).isEqualTo(1);
        assertThat(versionAt(NOON.plusSeconds(20))).isEqualTo(2);
        assertThat(table.rows(table.delta().snapshotAt(NOON.plusSeconds(11)))).containsExactly("0", "1");
    }

    @Test
    void timesBeforeAndAfterTheTableAreErrors() throws Exception {
        versions(0, 10, 20);

        assertNotFound(NOON.minusMillis(1), "before its first version that can be read, 0 of 2026-01-01T12:00:00Z");
        assertNotFound(NOON.plusMillis(20_001), "after its newest version, 2 of 2026-01-01T12:00:20Z");
        assertThatThrownBy(() ->
                        DeltaTable.forPath(table.path().resolveSibling("none")).snapshotAt(NOON))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Kind.TABLE_NOT_FOUND));
    }

    /** As Delta does on Spark: a file that is not newer than the one before it counts as one millisecond newer. */
    @Test
    void clockThatWentBackLeavesTheOrder() throws Exception {
        versions(10, 0, 0, 20);

        assertThat(table.delta().history(4).stream().map(Commit::timestamp).toList())
                .containsExactly(
                        NOON.plusSeconds(20), NOON.plusMillis(10_002), NOON.plusMillis(10_001), NOON.plusSeconds(10));
        assertThat(versionAt(NOON.plusMillis(10_001))).isEqualTo(1);
        assertThat(versionAt(NOON.plusMillis(10_002))).isEqualTo(2);
        assertThatThrownBy(() -> versionAt(NOON.plusSeconds(5))).isInstanceOf(LakeException.class);
    }

    @Test
    void versionsBehindACheckpointHaveNoTime() throws Exception {
        versions(0, 10, 20);
        table.log().checkpoint(table.duck(), 1, "parquet", "true");
        Files.delete(table.log().commitPath(0));

        assertThatThrownBy(() -> versionAt(NOON))
                .hasMessageContaining("before its first version that can be read, 1 of");
        assertThat(versionAt(NOON.plusSeconds(10))).isEqualTo(1);
        assertThat(table.delta().history(9)).hasSize(2);
    }

    @Test
    void logOfACheckpointAloneHasNoTimes() throws Exception {
        versions(0);
        table.log().checkpoint(table.duck(), 0, "parquet", "true");
        Files.delete(table.log().commitPath(0));

        assertThatThrownBy(() -> versionAt(NOON)).hasMessageContaining("its log has no commit");
        assertThat(table.delta().history(9)).isEmpty();
        assertThat(table.delta().detail().lastModified()).isAfter(NOON.minus(Duration.ofDays(1000)));
    }

    /** Delta protocol, "In-Commit Timestamps": from the version on that a property names, the commit has the time. */
    @Test
    void timesInCommitsWinOverThoseOfFiles() throws Exception {
        LogFixture log = table.log();
        String metadata = LogFixture.metadata(
                "{\"delta.enableInCommitTimestamps\":\"true\",\"delta.inCommitTimestampEnablementVersion\":\"2\","
                        + "\"delta.inCommitTimestampEnablementTimestamp\":\"" + at(20) + "\"}",
                "id integer");
        log.commit(0, FeatureSupportTest.features("", "inCommitTimestamp"), LogFixture.metadata("{}", "id integer"));
        log.commit(1, "{\"commitInfo\":{\"inCommitTimestamp\":1}}");
        log.commit(2, "{\"commitInfo\":{\"inCommitTimestamp\":" + at(20) + "}}", metadata);
        log.commit(3, "{\"commitInfo\":{\"inCommitTimestamp\":" + at(30) + "}}");
        log.commit(4, "{\"commitInfo\":{\"inCommitTimestamp\":" + at(40) + "}}");
        time(0, NOON);
        time(1, NOON.plusSeconds(10));

        assertThat(versionAt(NOON)).isZero();
        assertThat(versionAt(NOON.plusSeconds(19))).isEqualTo(1);
        assertThat(versionAt(NOON.plusSeconds(20))).isEqualTo(2);
        assertThat(versionAt(NOON.plusSeconds(39))).isEqualTo(3);
        assertThat(versionAt(NOON.plusSeconds(40))).isEqualTo(4);
        assertThat(table.delta().history(2).stream().map(Commit::timestamp).toList())
                .containsExactly(NOON.plusSeconds(40), NOON.plusSeconds(30));
        assertThat(table.delta().detail().lastModified()).isEqualTo(NOON.plusSeconds(40));
    }

    static long at(int seconds) {
        return NOON.plusSeconds(seconds).toEpochMilli();
    }

    @Test
    void missingTimeInACommitIsCorrupt() throws Exception {
        table.log()
                .commit(
                        0,
                        FeatureSupportTest.features("", "inCommitTimestamp"),
                        LogFixture.metadata("{\"delta.enableInCommitTimestamps\":\"true\"}", "id integer"));

        assertThatThrownBy(() -> versionAt(NOON))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Kind.CORRUPT_TABLE))
                .hasMessageContaining("has no 'inCommitTimestamp', though the table needs one");
    }

    @Test
    void historyTellsWhatWasDone() throws Exception {
        versions(0, 10);
        table.write(
                "SELECT 2 AS id",
                OVERWRITE.withReadVersion(1).withCommit(CommitOptions.DEFAULT.withUserMetadata("fix")));

        List<Commit> history = table.delta().history(2);

        assertThat(history).extracting(Commit::version).containsExactly(2L, 1L);
        Commit newest = history.get(0);
        assertThat(newest.operation()).isEqualTo("WRITE");
        assertThat(newest.parameters()).containsExactly(Map.entry("mode", "Overwrite"), Map.entry("partitionBy", "[]"));
        assertThat(newest.metrics()).containsEntry("numOutputRows", "1").containsEntry("numRemovedFiles", "2");
        assertThat(newest.readVersion()).isEqualTo(OptionalLong.of(1));
        assertThat(newest.isolationLevel()).contains("Serializable");
        assertThat(newest.isBlindAppend()).contains(false);
        assertThat(newest.userMetadata()).contains("fix");
        assertThat(newest.engineInfo()).contains("Tarn");
        assertThat(history.get(1).isBlindAppend()).contains(true);
    }

    @Test
    void commitThatTellsNothingIsInTheHistory() throws Exception {
        table.log().commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{}", "id integer"));
        time(0, NOON);

        assertThat(table.delta().history(1))
                .containsExactly(new Commit(
                        0,
                        NOON,
                        "",
                        Map.of(),
                        Map.of(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertThatThrownBy(() -> table.delta().history(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void detailDescribesTheNewestVersion() throws Exception {
        table.write("SELECT 1 AS id, 'a' AS p, TIMESTAMP '2020-01-01' AS t", APPEND.withPartitionBy(List.of("p")));
        time(0, NOON);

        TableDetail detail = table.delta().detail();

        assertThat(detail.format()).isEqualTo("delta");
        assertThat(detail.id()).hasSize(36);
        assertThat(detail.name()).isEmpty();
        assertThat(detail.location()).isEqualTo(table.path());
        assertThat(detail.createdAt()).isPresent();
        assertThat(detail.lastModified()).isEqualTo(NOON);
        assertThat(detail.partitionColumns()).containsExactly("p");
        assertThat(detail.clusteringColumns()).isEmpty();
        assertThat(detail.numFiles()).isEqualTo(1);
        assertThat(detail.sizeInBytes()).isEqualTo(Files.size(table.dataFiles().get(0)));
        assertThat(detail.minReaderVersion()).isEqualTo(3);
        assertThat(detail.minWriterVersion()).isEqualTo(7);
        assertThat(detail.tableFeatures()).containsExactly("appendOnly", "invariants", "timestampNtz");
    }

    @Test
    void detailNamesImpliedFeaturesAndClustering() throws Exception {
        table.log()
                .commit(
                        0,
                        FeatureSupportTest.versions(1, 4),
                        LogFixture.metadata("{\"a\":\"b\"}", "id integer"),
                        "{\"domainMetadata\":{\"domain\":\"delta.clustering\",\"configuration\":"
                                + "\"{\\\"clusteringColumns\\\":[[\\\"id\\\"],[\\\"s\\\",\\\"x\\\"]]}\",\"removed\":false}}");

        TableDetail detail = table.delta().detail();

        assertThat(detail.tableFeatures())
                .containsExactly("appendOnly", "changeDataFeed", "checkConstraints", "generatedColumns", "invariants");
        assertThat(detail.clusteringColumns()).containsExactly("id", "s.x");
        assertThat(detail.properties()).containsExactly(Map.entry("a", "b"));
    }

    /** The log has the names of files, which nobody knows who looks at the table. */
    @Test
    void detailNamesClusteringColumnsAsTheSchemaDoes() throws Exception {
        String ids = "\"metadata\":{\"delta.columnMapping.id\":%d,\"delta.columnMapping.physicalName\":\"col-%d\"}}";
        String field = "{\"name\":\"x y\",\"type\":\"integer\",\"nullable\":true," + ids.formatted(2, 2);
        table.log()
                .commit(
                        0,
                        FeatureSupportTest.versions(2, 5),
                        LogFixture.metadata(
                                "{\"delta.columnMapping.mode\":\"name\"}",
                                "{\"name\":\"s\",\"type\":{\"type\":\"struct\",\"fields\":[" + field
                                        + "]},\"nullable\":true," + ids.formatted(1, 1)),
                        "{\"domainMetadata\":{\"domain\":\"delta.clustering\",\"configuration\":"
                                + "\"{\\\"clusteringColumns\\\":[[\\\"col-1\\\",\\\"col-2\\\"],[\\\"gone\\\"]]}\",\"removed\":false}}");

        assertThat(table.delta().detail().clusteringColumns()).containsExactly("s.x y", "gone");
    }
}
