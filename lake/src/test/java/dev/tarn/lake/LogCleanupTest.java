package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaType.Primitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCleanupTest {
    @AutoClose
    final TestTable table;

    LogCleanupTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
    }

    /** Versions 0 to 8, checkpoints at 3 and 6, and all of it older than 30 days up to a version. */
    private void create(int old, String... properties) throws Exception {
        TableBuilder builder = DeltaTable.create(table.path())
                .column("id", Primitive.INTEGER)
                .property("delta.checkpointInterval", "3");
        for (int i = 0; i < properties.length; i += 2) {
            builder.property(properties[i], properties[i + 1]);
        }
        builder.create();
        for (int version = 1; version <= 8; version++) {
            table.write("SELECT " + version + " AS id");
        }
        Instant then = Instant.now().minus(Duration.ofDays(40));
        for (int version = 0; version <= old; version++) {
            Files.setLastModifiedTime(table.delta().commitFile(version), FileTime.from(then.plusSeconds(version)));
        }
    }

    private List<String> log() throws IOException {
        try (Stream<Path> files = Files.list(table.path().resolve("_delta_log"))) {
            return files.map(file -> file.getFileName().toString().replaceFirst("^0+(?=\\d)", ""))
                    .filter(name -> !name.startsWith("_"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatIsBeforeTheNeededCheckpointGoes() throws Exception {
        create(7);
        Files.writeString(table.path().resolve("_delta_log/00000000000000000002.crc"), "{}");
        Files.writeString(table.path().resolve("_delta_log/.00000000000000000002.json.crc"), "sum");
        Files.writeString(
                table.path().resolve("_delta_log/00000000000000000004.00000000000000000007.compacted.json"), "{}");
        table.write("SELECT 9 AS id");

        assertThat(log())
                .containsExactly(
                        "6.checkpoint.parquet", "6.json", "7.json", "8.json", "9.checkpoint.parquet", "9.json");
        assertThat(table.rows()).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(table.rows(table.delta().snapshot(6))).hasSize(6);
        assertThat(table.rows(table.delta().snapshot(7))).hasSize(7);
        assertThatThrownBy(() -> table.delta().snapshot(5)).hasMessageContaining("has no version 5");
        table.write("SELECT 10 AS id");
        assertThat(table.delta().history(20)).hasSize(5);
    }

    @Test
    void everythingStaysWithoutACheckpointThatIsOldEnough() throws Exception {
        create(2);
        table.write("SELECT 9 AS id");
        assertThat(log()).hasSize(13);
    }

    @Test
    void everythingStaysIfTheTableSaysSo() throws Exception {
        create(8, "delta.enableExpiredLogCleanup", "false");
        table.write("SELECT 9 AS id");
        assertThat(log()).hasSize(13);
    }

    @Test
    void retentionIsTheTables() throws Exception {
        create(8, "delta.logRetentionDuration", "interval 50 days");
        table.write("SELECT 9 AS id");
        assertThat(log()).hasSize(13);
    }

    @Test
    void everythingStaysIfTheCheckpointIsDamaged() throws Exception {
        create(7);
        Files.writeString(table.path().resolve("_delta_log/00000000000000000006.checkpoint.parquet"), "x");
        table.delta().checkpoint();
        assertThat(log()).hasSize(12);
        assertThat(table.rows()).hasSize(8);
    }

    @Test
    void timesInCommitsCountWhereTheTableHasThem() throws Exception {
        create(8, "delta.enableInCommitTimestamps", "true");
        table.write("SELECT 9 AS id");
        assertThat(log()).hasSize(13);
    }

    @Test
    void commitIntoTheDeletedPartIsNotTakenForOne() throws Exception {
        create(7);
        try (StagedWrite slow = table.stage("SELECT 100 AS id", TestTable.APPEND)) {
            table.write("SELECT 9 AS id");
            table.delta().checkpoint();
            for (int version = 0; version <= 9; version++) {
                Files.deleteIfExists(table.delta().commitFile(version));
                Files.deleteIfExists(table.path()
                        .resolve("_delta_log/%020d.checkpoint.parquet".formatted(version == 9 ? 99 : version)));
            }
            assertThatThrownBy(slow::commit)
                    .hasMessageContaining("the log was cleaned up to a later version meanwhile");
        }
    }

    @Test
    void filesAreAsLargeAsTheTableSays() throws Exception {
        DeltaTable.create(table.path())
                .column("id", Primitive.LONG)
                .property("delta.targetFileSize", "1mb")
                .create();
        table.write("SELECT hash(range)::BIGINT % 1000000000000 AS id FROM range(1000000)"
                .replace("hash(range)::BIGINT", "(hash(range) // 4)::BIGINT"));

        assertThat(table.newest().fileCount()).isBetween(4, 9);
        assertThat(table.newest().numRecords()).hasValue(1000000);
        assertThatThrownBy(() -> table.delta().setProperties(java.util.Map.of("delta.targetFileSize", "big")))
                .hasMessage("The table property 'delta.targetFileSize' cannot be 'big'.");
    }
}
