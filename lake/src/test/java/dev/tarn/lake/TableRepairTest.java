package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plants damage that can be mended, and looks at what a repair makes of it. */
class TableRepairTest {
    @AutoClose
    final TestTable table;

    private final DamagedTable damage;

    TableRepairTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
        damage = new DamagedTable(table);
    }

    @Test
    void brokenCheckpointIsReplaced() throws Exception {
        damage.write();
        Files.write(damage.checkpoint(), new byte[100]);
        damage.assertRepaired("broken-checkpoint");
        assertThat(table.path().resolve("_delta_log/00000000000000000011.checkpoint.parquet"))
                .exists();
    }

    @Test
    void checkpointThatLacksAFileIsReplaced() throws Exception {
        damage.write();
        String name = String.valueOf(damage.file(3).getFileName());
        Path other = table.path().resolveSibling("other.parquet");
        table.duck()
                .run("COPY (FROM '" + damage.checkpoint() + "' WHERE add IS NULL OR add.path <> '" + name + "') TO '"
                        + other + "' (FORMAT parquet)");
        Files.move(other, damage.checkpoint(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        damage.assertRepaired("wrong-checkpoint");
    }

    @Test
    void partsOfACheckpointAreDeleted() throws Exception {
        damage.write();
        Path part = table.path().resolve("_delta_log/00000000000000000009.checkpoint.0000000001.0000000002.parquet");
        Files.copy(damage.checkpoint(), part);
        damage.assertFound();
        Files.setLastModifiedTime(part, FileTime.from(Instant.now().minusSeconds(7200)));
        damage.assertRepaired("incomplete-checkpoint (note)");
        assertThat(part).doesNotExist();
    }

    @Test
    void brokenHintIsReplaced() throws Exception {
        damage.write();
        Files.writeString(damage.hint(), "{\"version\":");
        damage.assertRepaired("broken-checkpoint-hint");
    }

    @Test
    void hintThatLeadsNowhereIsReplaced() throws Exception {
        damage.write();
        Files.writeString(damage.hint(), "{\"version\":99,\"size\":3}");
        damage.assertRepaired("dangling-checkpoint-hint");
        assertThat(Files.readString(damage.hint())).contains("\"version\":11");
    }

    @Test
    void wrongNumberOfRowsIsCorrected() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(4, text -> text.replace("\\\"numRecords\\\":5", "\\\"numRecords\\\":77"));
        damage.assertRepaired("wrong-statistics");
        assertThat(table.newest().numRecords()).hasValue(49);
        assertThat(table.delta().history(1).get(0).operation()).isEqualTo("COMPUTE STATS");
    }

    @Test
    void wrongBoundsAreCorrected() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(4, text -> text.replace("\\\"minValues\\\":{\\\"id\\\":40", "\\\"minValues\\\":{\\\"id\\\":41"));
        damage.assertRepaired("wrong-statistics");
        damage.edit(5, text -> text.replace("\\\"x\\\":4", "\\\"x\\\":3"));
        damage.assertRepaired("wrong-statistics");
        damage.edit(6, text -> text.replace("2026-01-05T00:00:00.124Z", "2026-01-05T00:00:00.122Z"));
        damage.assertRepaired("wrong-statistics");
        String cut = "a very long name, longer than ot";
        damage.edit(7, text -> text.replace(cut + Character.toString(0x10FFFF), cut));
        damage.assertRepaired("wrong-statistics");
    }

    @Test
    void wrongNumberOfNullsIsCorrected() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(4, text -> text.replace("\\\"name\\\":1", "\\\"name\\\":0"));
        damage.assertRepaired("wrong-statistics");
    }

    @Test
    void statisticsThatAreNotJsonAreReplaced() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(4, text -> text.replace("\"stats\":\"{", "\"stats\":\"?{"));
        damage.assertRepaired("unreadable-statistics (note)");
    }

    @Test
    void wrongSizeOfAWholeFileIsCorrected() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(4, text -> text.replaceFirst("\"size\":\\d+,", "\"size\":1,"));
        damage.assertRepaired("wrong-size");
    }

    @Test
    void aRepairBesideAnotherWriterBringsNoRemovedFileBack() throws Exception {
        damage.write();
        damage.withoutCheckpoint();
        damage.edit(4, text -> text.replace("\\\"numRecords\\\":5", "\\\"numRecords\\\":77"));
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
}
