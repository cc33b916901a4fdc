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
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plants damage, one kind at a time, and looks whether it is found, and what a repair makes of it. */
class TableCheckTest {
    @AutoClose
    final TestTable table;

    TableCheckTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    /** 12 versions with a checkpoint at 10: an empty table, appends of one file each, and a delete with its changes. */
    private void write() throws Exception {
        DeltaTable.create(table.path())
                .column(new DeltaField("id", DeltaType.Primitive.LONG).notNull())
                .column("name", DeltaType.Primitive.STRING)
                .column("d", DeltaType.Primitive.DOUBLE)
                .column("t", DeltaType.Primitive.TIMESTAMP)
                .column("s", new DeltaType.Struct(List.of(new DeltaField("x", DeltaType.Primitive.INTEGER))))
                .column("p", DeltaType.Primitive.INTEGER)
                .partitionBy("p")
                .property("delta.enableChangeDataFeed", "true")
                .create();
        for (int i = 1; i < 11; i++) {
            table.write(
                    "SELECT i + " + 10 * i + " AS id, CASE WHEN i > 0 THEN 'a very long name, longer than others ' || i"
                            + " END AS name, i / 4 AS d, TIMESTAMPTZ '2026-01-01 00:00:00.123456+00' + to_days(i::INTEGER) AS t,"
                            + " {'x': i::INTEGER} AS s, 7 AS p FROM range(5) t(i)");
        }
        table.delta().delete(table.duck().connection(), "id = 12");
    }

    private static List<String> found(CheckReport report) {
        return report.findings().stream()
                .map(finding -> finding.code().id() + (finding.isDamage() ? "" : " (note)"))
                .distinct()
                .toList();
    }

    private void assertFound(String... codes) {
        CheckReport report = table.delta().check().execute();
        assertThat(found(report)).as(report.toString()).containsExactly(codes);
        assertThat(report.isHealthy()).isEqualTo(Stream.of(codes).allMatch(code -> code.endsWith("(note)")));
    }

    /** Finds the damage, mends it, and finds none any more. */
    private void assertRepaired(String code) throws Exception {
        assertFound(code);
        CheckReport report = table.delta().check().repair().execute();
        assertThat(report.findings()).isEmpty();
        assertThat(report.repaired()).extracting(finding -> finding.code().id()).contains(code.replace(" (note)", ""));
        assertThat(table.delta().check().execute().findings()).isEmpty();
        assertThat(table.rows()).hasSize(49);
    }

    private Path commit(long version) {
        return table.delta().commitFile(version);
    }

    private Path checkpoint() {
        return table.path().resolve("_delta_log/00000000000000000010.checkpoint.parquet");
    }

    private Path hint() {
        return table.path().resolve("_delta_log/_last_checkpoint");
    }

    private void edit(long version, UnaryOperator<String> change) throws IOException {
        String before = Files.readString(commit(version));
        String after = change.apply(before);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(commit(version), after);
    }

    /** The file that a version added. */
    private Path file(long version) throws IOException {
        String text = Files.readString(commit(version));
        int at = text.indexOf("\"add\":{\"path\":\"") + 15;
        return table.path().resolve(text.substring(at, text.indexOf('"', at)));
    }

    /** Damage in a commit before the checkpoint would be a difference to it as well. */
    private void withoutCheckpoint() throws IOException {
        Files.delete(checkpoint());
        Files.delete(hint());
    }

    @Test
    void aHealthyTableIsHealthy() throws Exception {
        write();
        assertFound();
        table.delta().optimize(table.duck().connection()).execute();
        table.delta().checkpoint();
        table.delta().restore(3);
        table.delta().vacuum().retain(Duration.ZERO).force().execute();
        assertFound();
        assertThat(table.delta().check().withoutRows().execute().findings()).isEmpty();
    }

    @Test
    void missingFile() throws Exception {
        write();
        Files.delete(file(3));
        assertFound("missing-file");
    }

    @Test
    void damagedFile() throws Exception {
        write();
        Files.write(file(3), new byte[2000]);
        assertFound("unreadable-file", "wrong-size");
    }

    @Test
    void fileOfWhichTheRowsAreDamaged() throws Exception {
        write();
        byte[] bytes = Files.readAllBytes(file(3));
        java.util.Arrays.fill(bytes, 4, 60, (byte) 0xAB);
        Files.write(file(3), bytes);
        assertFound("unreadable-file");
    }

    @Test
    void truncatedCommit() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text.substring(0, text.length() - 40));
        assertFound("unreadable-commit");
    }

    @Test
    void emptyCommitThatACheckpointCovers() throws Exception {
        write();
        Files.write(commit(4), new byte[0]);
        assertFound("unreadable-commit (note)");
        assertThat(table.rows()).hasSize(49);
    }

    @Test
    void missingCommit() throws Exception {
        write();
        Files.delete(commit(4));
        assertFound("log-gap (note)");
        withoutCheckpoint();
        assertFound("log-gap");
    }

    @Test
    void fileThatIsAddedTwice() throws Exception {
        write();
        withoutCheckpoint();
        edit(
                4,
                text -> text
                        + text.lines()
                                .filter(line -> line.contains("\"add\""))
                                .findFirst()
                                .orElseThrow() + "\n");
        assertFound("duplicate-file");
    }

    @Test
    void fileThatIsAddedAndRemoved() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text + "{\"remove\":{\"path\":\"" + last(file4()) + "\",\"dataChange\":true}}\n");
        assertThat(found(table.delta().check().execute())).contains("contradictory-commit");
    }

    private Path file4() {
        try {
            return file(4);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static String last(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Test
    void actionWithoutASize() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text.replaceFirst("\"size\":\\d+,", ""));
        assertThat(found(table.delta().check().execute())).contains("invalid-action", "wrong-size");
    }

    @Test
    void noProtocolAndNoSchema() throws Exception {
        write();
        withoutCheckpoint();
        edit(0, text -> text.replaceFirst("\\{\"protocol\".*\n", ""));
        assertFound("no-protocol");
        edit(0, text -> text.replaceFirst("\\{\"metaData\".*\n", LogFixture.PROTOCOL + "\n"));
        assertFound("no-metadata");
    }

    @Test
    void brokenCheckpointIsReplaced() throws Exception {
        write();
        Files.write(checkpoint(), new byte[100]);
        assertRepaired("broken-checkpoint");
        assertThat(table.path().resolve("_delta_log/00000000000000000011.checkpoint.parquet"))
                .exists();
    }

    @Test
    void checkpointThatLacksAFileIsReplaced() throws Exception {
        write();
        String name = last(file(3));
        Path other = table.path().resolveSibling("other.parquet");
        table.duck()
                .run("COPY (FROM '" + checkpoint() + "' WHERE add IS NULL OR add.path <> '" + name + "') TO '" + other
                        + "' (FORMAT parquet)");
        Files.move(other, checkpoint(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRepaired("wrong-checkpoint");
    }

    @Test
    void partsOfACheckpointAreDeleted() throws Exception {
        write();
        Path part = table.path().resolve("_delta_log/00000000000000000009.checkpoint.0000000001.0000000002.parquet");
        Files.copy(checkpoint(), part);
        assertFound();
        Files.setLastModifiedTime(part, FileTime.from(Instant.now().minusSeconds(7200)));
        assertRepaired("incomplete-checkpoint (note)");
        assertThat(part).doesNotExist();
    }

    @Test
    void brokenHintIsReplaced() throws Exception {
        write();
        Files.writeString(hint(), "{\"version\":");
        assertRepaired("broken-checkpoint-hint");
    }

    @Test
    void hintThatLeadsNowhereIsReplaced() throws Exception {
        write();
        Files.writeString(hint(), "{\"version\":99,\"size\":3}");
        assertRepaired("dangling-checkpoint-hint");
        assertThat(Files.readString(hint())).contains("\"version\":11");
    }

    @Test
    void wrongNumberOfRowsIsCorrected() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text.replace("\\\"numRecords\\\":5", "\\\"numRecords\\\":77"));
        assertRepaired("wrong-statistics");
        assertThat(table.newest().numRecords()).hasValue(49);
        assertThat(table.delta().history(1).get(0).operation()).isEqualTo("COMPUTE STATS");
    }

    @Test
    void wrongBoundsAreCorrected() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text.replace("\\\"minValues\\\":{\\\"id\\\":40", "\\\"minValues\\\":{\\\"id\\\":41"));
        assertRepaired("wrong-statistics");
        edit(5, text -> text.replace("\\\"x\\\":4", "\\\"x\\\":3"));
        assertRepaired("wrong-statistics");
        edit(6, text -> text.replace("2026-01-05T00:00:00.124Z", "2026-01-05T00:00:00.122Z"));
        assertRepaired("wrong-statistics");
        String cut = "a very long name, longer than ot";
        edit(7, text -> text.replace(cut + Character.toString(0x10FFFF), cut));
        assertRepaired("wrong-statistics");
    }

    @Test
    void wrongNumberOfNullsIsCorrected() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text.replace("\\\"name\\\":1", "\\\"name\\\":0"));
        assertRepaired("wrong-statistics");
    }

    @Test
    void statisticsThatAreNotJsonAreReplaced() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text.replace("\"stats\":\"{", "\"stats\":\"?{"));
        assertRepaired("unreadable-statistics (note)");
    }

    @Test
    void wrongSizeOfAWholeFileIsCorrected() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text.replaceFirst("\"size\":\\d+,", "\"size\":1,"));
        assertRepaired("wrong-size");
    }

    @Test
    void partitionValueThatIsNoNumber() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text.replace("\"partitionValues\":{\"p\":\"7\"}", "\"partitionValues\":{\"p\":\"seven\"}"));
        assertThat(found(table.delta().check().execute())).contains("bad-partition-value");
        edit(4, text -> text.replace("\"partitionValues\":{\"p\":\"seven\"}", "\"partitionValues\":{}"));
        assertThat(found(table.delta().check().execute())).contains("bad-partition-value");
    }

    @Test
    void changesThatAreNotThereUnlessAVacuumDeletedThem() throws Exception {
        write();
        try (Stream<Path> changes = Files.list(table.path().resolve("_change_data"))) {
            Files.delete(changes.findFirst().orElseThrow());
        }
        assertFound("missing-change-file");
        table.delta().vacuum().retain(Duration.ZERO).force().execute();
        assertFound();
    }

    @Test
    void oldFileThatNoVersionHas() throws Exception {
        write();
        Path orphan = Files.writeString(table.path().resolve("orphan.parquet"), "x");
        assertFound();
        Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        assertFound("orphan-file (note)");
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
        assertFound("wrong-schema", "null-in-required-column");
    }

    @Test
    void deletionVectors() throws Exception {
        Files.createDirectories(table.path());
        table.duck().run("COPY (FROM range(10) t(id)) TO '" + table.path().resolve("a.parquet") + "'");
        long size = Files.size(table.path().resolve("a.parquet"));
        String good = VectorFixture.stored(table.path(), "", false, VectorFixture.rows(3))
                .get(0);
        commitVector(good, size);
        assertFound();
        commitVector(good.replace("\"cardinality\":1", "\"cardinality\":2"), size);
        assertFound("damaged-deletion-vector");
        commitVector(VectorFixture.inline(VectorFixture.rows(3, 10), false), size);
        assertFound("deletion-vector-out-of-range");
        commitVector(good, size);
        try (Stream<Path> vectors = Files.list(table.path())) {
            Files.delete(vectors.filter(file -> file.toString().endsWith(".bin"))
                    .findFirst()
                    .orElseThrow());
        }
        assertFound("missing-deletion-vector");
    }

    @Test
    void rowsThatBreakAConstraint() throws Exception {
        table.write("FROM range(3) t(id)");
        assertFound();
        edit(
                0,
                text -> text.replace("\"configuration\":{}", "\"configuration\":{\"delta.constraints.c\":\"id < 2\"}")
                        .replace("\"minWriterVersion\":2", "\"minWriterVersion\":3"));
        assertFound("constraint-violated");
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
        assertFound();
        edit(1, text -> text.replaceFirst("\"inCommitTimestamp\":\\d+,", ""));
        assertFound("wrong-commit-time");
    }

    @Test
    void aRepairBesideAnotherWriterBringsNoRemovedFileBack() throws Exception {
        write();
        withoutCheckpoint();
        edit(4, text -> text.replace("\\\"numRecords\\\":5", "\\\"numRecords\\\":77"));
        DeltaTable late = DeltaTable.forPath(table.path(), new java.time.Clock() {
            private int asked;

            @Override
            public Instant instant() {
                // The last time is that of the commit.
                if (++asked == 4) {
                    try {
                        table.delta().delete(table.duck().connection(), "id >= 40 AND id < 50");
                    } catch (SQLException failure) {
                        throw new IllegalStateException(failure);
                    }
                }
                return Instant.now();
            }

            @Override
            public java.time.ZoneId getZone() {
                return java.time.ZoneOffset.UTC;
            }

            @Override
            public java.time.Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        });

        try {
            late.check().repair().execute();
        } catch (LakeException conflict) {
            assertThat(conflict.kind()).isEqualTo(LakeException.Kind.CONFLICT);
        }

        table.delta().delete(table.duck().connection(), "id >= 40 AND id < 50");
        assertThat(table.rows()).hasSize(44);
    }

    @Test
    void aTableThatIsWrittenToMeanwhileIsHealthy() throws Exception {
        write();
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
            assertFound();
        } while (writer.isAlive());
        writer.join();
        assertThat(table.rows()).hasSize(61);
    }
}
