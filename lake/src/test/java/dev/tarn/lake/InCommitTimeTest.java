package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaType.Primitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InCommitTimeTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @AutoClose
    final TestTable table;

    InCommitTimeTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
    }

    private DeltaTable at(Instant now) {
        return DeltaTable.forPath(table.path(), Clock.fixed(now, ZoneOffset.UTC));
    }

    private void create(String... properties) {
        TableBuilder builder = DeltaTable.create(table.path(), Clock.fixed(NOON, ZoneOffset.UTC))
                .column("id", Primitive.INTEGER);
        for (String property : properties) {
            builder.property(property, "true");
        }
        builder.create();
    }

    private List<Instant> times() {
        return table.delta().history(10).stream().map(Commit::timestamp).toList();
    }

    @Test
    void timeIsInTheFirstActionAndAlwaysLater() throws Exception {
        create("delta.enableInCommitTimestamps");
        at(NOON.plusSeconds(5)).append(table.duck().connection(), "SELECT 1 AS id");
        at(NOON.minusSeconds(99)).append(table.duck().connection(), "SELECT 2 AS id");
        at(NOON.plusSeconds(7)).delete(table.duck().connection(), "id = 1");

        assertThat(times()).containsExactly(NOON.plusSeconds(7), NOON.plusMillis(5001), NOON.plusSeconds(5), NOON);
        for (long version = 0; version < 4; version++) {
            assertThat(Files.readAllLines(table.delta().commitFile(version)).get(0))
                    .startsWith("{\"commitInfo\":{\"inCommitTimestamp\":");
        }
        assertThat(table.newest().properties()).containsOnlyKeys("delta.enableInCommitTimestamps");
        assertThat(table.newest().state().protocol().writerFeatures()).contains("inCommitTimestamp");
    }

    @Test
    void commitWithoutItsTimeStopsTheNext() throws Exception {
        create("delta.enableInCommitTimestamps");
        table.write("SELECT 1 AS id");
        List<String> lines = Files.readAllLines(table.delta().commitFile(1));
        Files.writeString(table.delta().commitFile(1), lines.get(1) + "\n");

        assertThatThrownBy(() -> table.write("SELECT 2 AS id"))
                .hasMessageContaining("it has no 'inCommitTimestamp', though the table needs one");
        assertThat(table.delta().newestVersion()).hasValue(1);
    }

    @Test
    void replacementSaysFromWhichVersionOn() throws Exception {
        create();
        table.write("SELECT 1 AS id");
        DeltaTable.create(table.path())
                .column("id", Primitive.INTEGER)
                .property("delta.enableInCommitTimestamps", "true")
                .orReplace()
                .create();
        long time = times().get(0).toEpochMilli();

        assertThat(table.newest().properties())
                .isEqualTo(Map.of(
                        "delta.enableInCommitTimestamps",
                        "true",
                        "delta.inCommitTimestampEnablementVersion",
                        "2",
                        "delta.inCommitTimestampEnablementTimestamp",
                        String.valueOf(time)));
        assertThat(times()).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    /** As in Spark: what was made since the times are in the commits has these, whenever the files were copied. */
    @Test
    void copyOfATableIsFoundByTheTimesInItsCommits() throws Exception {
        create();
        table.write("SELECT 1 AS id");
        at(NOON.plusSeconds(5)).setProperties(Map.of("delta.enableInCommitTimestamps", "true"));
        Instant enabled = times().get(0);
        at(enabled.plusSeconds(10)).append(table.duck().connection(), "SELECT 2 AS id");
        Instant copied = enabled.plusSeconds(3600);
        for (long version = 0; version < 4; version++) {
            Files.setLastModifiedTime(table.delta().commitFile(version), FileTime.from(copied));
        }

        assertThat(table.delta().snapshotAt(enabled).version()).isEqualTo(2);
        assertThat(table.delta().snapshotAt(enabled.plusSeconds(9)).version()).isEqualTo(2);
        assertThat(table.delta().snapshotAt(enabled.plusSeconds(10)).version()).isEqualTo(3);
        assertThatThrownBy(() -> table.delta().snapshotAt(enabled.minusSeconds(1)))
                .hasMessageContaining("before its first version");
        assertThatThrownBy(() -> table.delta().snapshotAt(enabled.plusSeconds(11)))
                .hasMessageContaining("after its newest version, 3");
    }
}
