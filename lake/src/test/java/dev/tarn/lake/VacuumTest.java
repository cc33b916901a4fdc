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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VacuumTest {
    private static final Duration WEEK = Duration.ofDays(7);

    @AutoClose
    final TestTable table;

    final Path outside;

    VacuumTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
        outside = directory.resolve("outside");
    }

    /** The table after some days. */
    private Vacuum vacuumIn(int days) {
        return DeltaTable.forPath(table.path(), Clock.offset(Clock.systemUTC(), Duration.ofDays(days)))
                .vacuum();
    }

    private void write(int from, int to) throws SQLException {
        table.write("SELECT i AS id, 'x' AS p FROM range(" + from + ", " + to + ") t(i)");
    }

    private Path file(String name) throws IOException {
        Path file = table.path().resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "garbage");
    }

    /** All files but those of the log. */
    private List<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(table.path())) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> table.path().relativize(file).toString())
                    .filter(file -> !file.startsWith("_delta_log"))
                    .sorted()
                    .toList();
        }
    }

    private List<String> paths(Snapshot snapshot) {
        return snapshot.state().fileList().stream().map(AddFile::decodedPath).toList();
    }

    @Test
    void deletesWhatNoVersionWithinTheRetentionNeeds() throws Exception {
        write(0, 10);
        table.write("SELECT 1::BIGINT AS id, 'y' AS p", OVERWRITE);
        file("part-0.parquet");
        List<String> old = paths(table.delta().snapshot(0));

        VacuumResult result = vacuumIn(8).execute();

        assertThat(result.files()).containsExactly("part-0.parquet", old.get(0));
        assertThat(result.bytes()).isGreaterThan(7);
        assertThat(files()).isEqualTo(paths(table.newest()));
        assertThat(table.rows()).containsExactly("1|y");
        assertThatThrownBy(() -> table.rows(table.delta().snapshot(0))).isInstanceOf(LakeException.class);
    }

    @Test
    void keepsWhatIsYoungerAndWhatVersionsWithinTheRetentionNeed() throws Exception {
        write(0, 10);
        table.write("SELECT 1::BIGINT AS id, 'y' AS p", OVERWRITE);
        Path old = file("old.parquet");
        file("of-a-writer.parquet");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        // The file of version 0 is old, but the version was the newest until now.
        Files.setLastModifiedTime(
                table.path().resolve(paths(table.delta().snapshot(0)).get(0)),
                FileTime.from(Instant.now().minus(Duration.ofDays(30))));

        VacuumResult result = table.delta().vacuum().execute();

        assertThat(result.files()).containsExactly("old.parquet");
        assertThat(table.rows(table.delta().snapshot(0))).hasSize(10);
        assertThat(files()).contains("of-a-writer.parquet").doesNotContain("old.parquet");
    }

    @Test
    void keepsWhatOnlyCommitsTellOfBecauseACheckpointDroppedTheTombstones() throws Exception {
        write(0, 10);
        table.write("SELECT 1::BIGINT AS id, 'y' AS p", OVERWRITE);
        String first = paths(table.delta().snapshot(0)).get(0);
        DeltaTable later = DeltaTable.forPath(table.path(), Clock.offset(Clock.systemUTC(), Duration.ofDays(8)));
        later.checkpoint();

        VacuumResult result = DeltaTable.forPath(table.path(), Clock.offset(Clock.systemUTC(), Duration.ofDays(8)))
                .vacuum()
                .retain(Duration.ofDays(30))
                .execute();

        assertThat(result.files()).isEmpty();
        assertThat(files()).contains(first);
    }

    @Test
    void notesInTheLogWhatItDoes() throws Exception {
        write(0, 10);
        Path old = file("old.parquet");
        Files.createDirectories(table.path().resolve("empty/deeper"));

        VacuumResult result = vacuumIn(8).execute();

        assertThat(result.files()).containsExactly("old.parquet");
        assertThat(result.emptyFolders()).containsExactly("empty/deeper");
        assertThat(old).doesNotExist();
        List<Commit> history = table.delta().history(2);
        assertThat(history).extracting(Commit::operation).containsExactly("VACUUM END", "VACUUM START");
        assertThat(history.get(1).parameters())
                .containsEntry("retentionCheckEnabled", "true")
                .containsEntry("defaultRetentionMillis", "" + WEEK.toMillis())
                .doesNotContainKey("specifiedRetentionMillis");
        assertThat(history.get(1).metrics())
                .containsEntry("numFilesToDelete", "1")
                .containsEntry("sizeOfDataToDelete", "7");
        assertThat(history.get(0).parameters()).containsEntry("status", "COMPLETED");
        assertThat(history.get(0).metrics())
                .containsEntry("numDeletedFiles", "1")
                .containsEntry("numVacuumedDirectories", "3");
        assertThat(table.rows()).hasSize(10);
    }

    @Test
    void dryRunOnlyLooks() throws Exception {
        write(0, 10);
        file("old.parquet");

        VacuumResult result = vacuumIn(8).dryRun().execute();

        assertThat(result.files()).containsExactly("old.parquet");
        assertThat(files()).contains("old.parquet");
        assertThat(table.newest().version()).isZero();
    }

    @Test
    void refusesLessThanTheTableAsksForUnlessForced() throws Exception {
        write(0, 10);
        file("old.parquet");

        assertThatThrownBy(() -> vacuumIn(1).retain(Duration.ofHours(1)).execute())
                .isInstanceOfSatisfying(LakeException.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Kind.INVALID_WRITE);
                    assertThat(refusal)
                            .hasMessage("Table '" + table.path() + "' keeps files for 7 days, so vacuum does not delete"
                                    + " what is only 1 hour old: a writer that is still running may be about to commit"
                                    + " it, and readers may need it.");
                    assertThat(refusal.help())
                            .isEqualTo("Retain at least 7 days, or force it if you are certain that nobody uses the"
                                    + " table.");
                });
        assertThat(vacuumIn(1).retain(Duration.ofHours(1)).force().execute().files())
                .containsExactly("old.parquet");
        assertThat(table.delta().history(2).get(1).parameters())
                .containsEntry("retentionCheckEnabled", "false")
                .containsEntry("specifiedRetentionMillis", "3600000");
    }

    @Test
    void aTableCanAskForAnotherTime() throws Exception {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .property("delta.deletedFileRetentionDuration", "interval 30 days")
                .create();
        file("old.parquet");

        assertThat(vacuumIn(20).execute().files()).isEmpty();
        assertThat(vacuumIn(31).execute().files()).containsExactly("old.parquet");
    }

    @Test
    void leavesHiddenFilesAndLinksAloneButNotFilesOfChanges() throws Exception {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .column("_p", DeltaType.Primitive.STRING)
                .column("q", DeltaType.Primitive.STRING)
                .partitionBy("_p", "q")
                .create();
        Files.createDirectories(outside);
        Path foreign = Files.writeString(outside.resolve("foreign.parquet"), "x");
        Files.createSymbolicLink(table.path().resolve("link"), outside);
        Files.createSymbolicLink(table.path().resolve("link.parquet"), foreign);
        file("_hidden.parquet");
        file(".hidden.parquet");
        file("_hidden/a.parquet");
        file("_q=1/a.parquet");
        file("_change_data/old.parquet");
        file("_p=1/q=2/old.parquet");
        file("q=%20/ü ö.parquet");

        VacuumResult result = vacuumIn(8).execute();

        assertThat(result.files())
                .containsExactly("_change_data/old.parquet", "_p=1/q=2/old.parquet", "q=%20/ü ö.parquet");
        assertThat(files()).contains("_hidden.parquet", ".hidden.parquet", "_hidden/a.parquet", "_q=1/a.parquet");
        assertThat(foreign).exists();
        assertThat(table.path().resolve("link.parquet")).exists();
    }

    @Test
    void keepsFilesOfChangesOfVersionsWithinTheRetention() throws Exception {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .property("delta.enableChangeDataFeed", "true")
                .create();
        table.write("FROM range(10) t(id)");
        table.delta().delete(table.duck().connection(), "id = 3");
        Path changes;
        try (Stream<Path> list = Files.list(table.path().resolve("_change_data"))) {
            changes = list.findFirst().orElseThrow();
        }
        Files.setLastModifiedTime(changes, FileTime.from(Instant.now().minus(Duration.ofDays(30))));

        table.delta().vacuum().execute();
        assertThat(changes).exists();
        assertThat(table.duck().rows(table.delta().changes(2).toSql())).hasSize(1);

        vacuumIn(8).execute();
        assertThat(changes).doesNotExist();
        assertThat(changes.getParent()).exists();
    }

    @Test
    void knowsFilesByAllTheirPaths() throws Exception {
        Files.createDirectories(table.path().resolve("p=a b"));
        Files.createDirectories(outside);
        table.duck().run("COPY (SELECT 1 AS id) TO '" + table.path().resolve("p=a b/a.parquet") + "'");
        table.duck().run("COPY (SELECT 2 AS id) TO '" + table.path().resolve("b%20.parquet") + "'");
        table.duck().run("COPY (SELECT 3 AS id) TO '" + table.path().resolve("c.parquet") + "'");
        table.duck().run("COPY (SELECT 4 AS id) TO '" + outside.resolve("d.parquet") + "'");
        table.log()
                .commit(
                        0,
                        LogFixture.PROTOCOL,
                        LogFixture.metadata("{}", "id integer"),
                        LogFixture.add("p=a%20b/a.parquet", 1),
                        LogFixture.add("b%2520.parquet", 1),
                        LogFixture.add(
                                "file://" + table.path().resolve("c.parquet").toRealPath(), 1),
                        LogFixture.add("file:" + outside.resolve("d.parquet"), 1));

        assertThat(vacuumIn(8).execute().files()).isEmpty();
        assertThat(table.rows()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void findsATableBehindALink() throws Exception {
        write(0, 3);
        file("old.parquet");
        Path link = Files.createSymbolicLink(outside, table.path());

        VacuumResult result = DeltaTable.forPath(link, Clock.offset(Clock.systemUTC(), Duration.ofDays(8)))
                .vacuum()
                .execute();

        assertThat(result.files()).containsExactly("old.parquet");
        assertThat(table.rows()).hasSize(3);
    }

    @Test
    void keepsFilesOfDeletionVectors() throws Exception {
        table.duck().run("CREATE TABLE r AS FROM range(10) t(id)");
        Files.createDirectories(table.path());
        table.duck().run("COPY r TO '" + table.path().resolve("a.parquet") + "'");
        String vector = VectorFixture.stored(table.path(), "ab", false, VectorFixture.rows(3))
                .get(0);
        table.log()
                .commit(
                        0,
                        FeatureSupportTest.features("deletionVectors", "deletionVectors"),
                        LogFixture.metadata("{}", "id long"),
                        VectorFixture.add("a.parquet", 10, vector));
        file("ab/deletion_vector_00000000-0000-0000-0000-000000000002.bin");
        assertThat(table.rows()).hasSize(9);

        VacuumResult result = vacuumIn(8).execute();

        assertThat(result.files()).containsExactly("ab/deletion_vector_00000000-0000-0000-0000-000000000002.bin");
        assertThat(table.rows()).hasSize(9);
    }

    @Test
    void doesNotMindOtherWriters() throws Exception {
        write(0, 10);
        file("old.parquet");
        DeltaTable late = DeltaTable.forPath(
                table.path(),
                Clock.offset(
                        new RowConflictTest.Meanwhile(() ->
                                table.write("SELECT 1::BIGINT AS id, 'x' AS p, 1 AS q", APPEND.withMergeSchema())),
                        Duration.ofDays(8)));

        assertThat(late.vacuum().execute().files()).containsExactly("old.parquet");
        assertThat(table.rows()).hasSize(11);
    }
}
