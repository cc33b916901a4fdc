package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plants damage, one kind at a time, and looks whether it is found. */
class TableCheckTest {
    @AutoClose
    final TestTable table;

    private final DamagedTable damage;

    TableCheckTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
        damage = new DamagedTable(table);
    }

    @Test
    void aHealthyTableIsHealthy() throws Exception {
        damage.write();
        damage.assertFound();
        table.delta().optimize(table.duck().connection()).execute();
        table.delta().checkpoint();
        table.delta().restore(3);
        table.delta().vacuum().retain(Duration.ZERO).force().execute();
        damage.assertFound();
        assertThat(table.delta().check().withoutRows().execute().findings()).isEmpty();
    }

    @Test
    void missingFile() throws Exception {
        damage.write();
        Files.delete(damage.file(3));
        damage.assertFound("missing-file");
    }

    @Test
    void damagedFile() throws Exception {
        damage.write();
        Files.write(damage.file(3), new byte[2000]);
        damage.assertFound("unreadable-file", "wrong-size");
    }

    @Test
    void fileOfWhichTheRowsAreDamaged() throws Exception {
        damage.write();
        byte[] bytes = Files.readAllBytes(damage.file(3));
        java.util.Arrays.fill(bytes, 4, 60, (byte) 0xAB);
        Files.write(damage.file(3), bytes);
        damage.assertFound("unreadable-file");
    }

    @Test
    void truncatedCommit() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(4, text -> text.substring(0, text.length() - 40));
        damage.assertFound("unreadable-commit");
    }

    @Test
    void emptyCommitThatACheckpointCovers() throws Exception {
        damage.write();
        Files.write(damage.commit(4), new byte[0]);
        damage.assertFound("unreadable-commit (note)");
        assertThat(table.rows()).hasSize(49);
    }

    @Test
    void missingCommit() throws Exception {
        damage.write();
        Files.delete(damage.commit(4));
        damage.assertFound("log-gap (note)");
        damage.withoutCheckpoint();
        damage.assertFound("log-gap");
    }

    @Test
    void nothingToStartFrom() throws Exception {
        damage.write();
        for (int version = 0; version < 10; version++) {
            Files.delete(damage.commit(version));
        }
        damage.assertFound();
        Files.write(damage.checkpoint(), new byte[100]);
        damage.assertFound("broken-checkpoint", "log-gap");
        damage.withoutCheckpoint();
        damage.assertFound("log-gap");
    }

    @Test
    void fileThatIsAddedTwice() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(
                4,
                text -> text
                        + text.lines()
                                .filter(line -> line.contains("\"add\""))
                                .findFirst()
                                .orElseThrow() + "\n");
        damage.assertFound("duplicate-file");
    }

    @Test
    void fileThatIsAddedAndRemoved() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(4, text -> text + "{\"remove\":{\"path\":\"" + last(file4()) + "\",\"dataChange\":true}}\n");
        assertThat(DamagedTable.found(table.delta().check().execute())).contains("contradictory-commit");
    }

    private Path file4() {
        try {
            return damage.file(4);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static String last(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Test
    void actionWithoutASize() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(4, text -> text.replaceFirst("\"size\":\\d+,", ""));
        assertThat(DamagedTable.found(table.delta().check().execute())).contains("invalid-action", "wrong-size");
    }

    @Test
    void noProtocolAndNoSchema() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(0, text -> text.replaceFirst("\\{\"protocol\".*\n", ""));
        damage.assertFound("no-protocol");
        damage.edit(0, text -> text.replaceFirst("\\{\"metaData\".*\n", LogFixture.PROTOCOL + "\n"));
        damage.assertFound("no-metadata");
    }

    @Test
    void partitionValueThatIsNoNumber() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(
                4, text -> text.replace("\"partitionValues\":{\"p\":\"7\"}", "\"partitionValues\":{\"p\":\"seven\"}"));
        assertThat(DamagedTable.found(table.delta().check().execute())).contains("bad-partition-value");
        damage.edit(4, text -> text.replace("\"partitionValues\":{\"p\":\"seven\"}", "\"partitionValues\":{}"));
        assertThat(DamagedTable.found(table.delta().check().execute())).contains("bad-partition-value");
    }

    @Test
    void changesThatAreNotThereUnlessAVacuumDeletedThem() throws Exception {
        damage.write();
        try (Stream<Path> changes = Files.list(table.path().resolve("_change_data"))) {
            Files.delete(changes.findFirst().orElseThrow());
        }
        damage.assertFound("missing-change-file");
        table.delta().vacuum().retain(Duration.ZERO).force().execute();
        damage.assertFound();
    }

    @Test
    void oldFileThatNoVersionHas() throws Exception {
        damage.write();
        Path orphan = Files.writeString(table.path().resolve("orphan.parquet"), "x");
        damage.assertFound();
        Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        damage.assertFound("orphan-file (note)");
        table.delta().check().repair().execute();
        assertThat(orphan).exists();
    }

    @Test
    void nullsWhereTheSchemaForbidsThemAndColumnsOfOtherTypes() throws Exception {
        Files.createDirectories(table.path());
        table.duck()
                .run("COPY (SELECT NULL::BIGINT AS id, 1 AS n) TO '"
                        + table.path().resolve("a.parquet") + "'");
        table.duck()
                .run("COPY (SELECT 1::BIGINT AS id, 'x' AS n) TO '"
                        + table.path().resolve("b.parquet") + "'");
        table.log()
                .commit(
                        0,
                        LogFixture.PROTOCOL,
                        LogFixture.metadata(
                                "{}",
                                "{\"name\":\"id\",\"type\":\"long\",\"nullable\":false,\"metadata\":{}}",
                                "n integer"),
                        LogFixture.add("a.parquet", Files.size(table.path().resolve("a.parquet"))),
                        LogFixture.add("b.parquet", Files.size(table.path().resolve("b.parquet"))));
        damage.assertFound("wrong-schema", "null-in-required-column");
    }

    @Test
    void deletionVectors() throws Exception {
        Files.createDirectories(table.path());
        table.duck().run("COPY (FROM range(10) t(id)) TO '" + table.path().resolve("a.parquet") + "'");
        long size = Files.size(table.path().resolve("a.parquet"));
        String good = VectorFixture.stored(table.path(), "", false, VectorFixture.rows(3))
                .get(0);
        commitVector(good, size);
        damage.assertFound();
        commitVector(good.replace("\"cardinality\":1", "\"cardinality\":2"), size);
        damage.assertFound("damaged-deletion-vector");
        commitVector(VectorFixture.inline(VectorFixture.rows(3, 10), false), size);
        damage.assertFound("deletion-vector-out-of-range");
        commitVector(good, size);
        try (Stream<Path> vectors = Files.list(table.path())) {
            Files.delete(vectors.filter(file -> file.toString().endsWith(".bin"))
                    .findFirst()
                    .orElseThrow());
        }
        damage.assertFound("missing-deletion-vector");
    }

    @Test
    void rowsThatBreakAConstraint() throws Exception {
        table.write("FROM range(3) t(id)");
        damage.assertFound();
        damage.edit(
                0,
                text -> text.replace("\"configuration\":{}", "\"configuration\":{\"delta.constraints.c\":\"id < 2\"}")
                        .replace("\"minWriterVersion\":2", "\"minWriterVersion\":3"));
        damage.assertFound("constraint-violated");
    }

    private void commitVector(String vector, long size) throws IOException {
        table.log()
                .commit(
                        0,
                        FeatureSupportTest.features("deletionVectors", "deletionVectors"),
                        LogFixture.metadata("{}", "id long"),
                        VectorFixture.add("a.parquet", 10, vector).replace("\"size\":1,", "\"size\":" + size + ","));
    }

    @Test
    void commitsWithoutTheTimeThatTheTableNeeds() throws Exception {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .property("delta.enableInCommitTimestamps", "true")
                .create();
        table.write("SELECT 1 AS id");
        damage.assertFound();
        damage.edit(1, text -> text.replaceFirst("\"inCommitTimestamp\":\\d+,", ""));
        damage.assertFound("wrong-commit-time");
    }

    @Test
    void aTableThatIsWrittenToMeanwhileIsHealthy() throws Exception {
        damage.write();
        Thread writer = new Thread(() -> {
            try (TestTable other = new TestTable(table.path())) {
                for (int i = 0; i < 12; i++) {
                    other.write("SELECT " + (1000 + i) + "::BIGINT AS id, 7 AS p", APPEND);
                    other.delta().optimize(other.duck().connection()).execute();
                }
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        });
        writer.start();
        do {
            damage.assertFound();
        } while (writer.isAlive());
        writer.join();
        assertThat(table.rows()).hasSize(61);
    }
}
