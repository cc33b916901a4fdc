package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that meet on tables whose commits hang together by more than their order. */
class FeatureRaceTest {
    private static final int WRITERS = 3;
    private static final int COMMITS = 12;

    @AutoClose
    final TestTable table;

    FeatureRaceTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
    }

    /** The ids of the rows that a writer was told to be there. */
    private Set<String> append(int writer, Clock clock) throws Exception {
        Set<String> done = new HashSet<>();
        try (Duck duck = new Duck()) {
            DeltaTable delta = DeltaTable.forPath(table.path(), clock);
            for (int i = 0; i < COMMITS; i++) {
                String id = String.valueOf(writer * 1000L + i);
                try {
                    delta.append(duck.connection(), "SELECT " + id + "::BIGINT AS id");
                    done.add(id);
                } catch (LakeException lost) {
                    assertThat(lost.kind()).isIn(Kind.IO, Kind.CORRUPT_TABLE, Kind.CONFLICT);
                }
            }
        }
        return done;
    }

    private Set<String> race(Clock clock) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Callable<Set<String>>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(() -> append(writer, clock));
            }
            Set<String> done = new HashSet<>();
            for (Future<Set<String>> writer : threads.invokeAll(writers)) {
                done.addAll(writer.get());
            }
            return done;
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void timesGrowAndRowIdsAreUnique() throws Exception {
        table.log()
                .commit(
                        0,
                        "{\"commitInfo\":{\"inCommitTimestamp\":1}}",
                        FeatureSupportTest.features("", "inCommitTimestamp rowTracking domainMetadata"),
                        LogFixture.metadata(
                                "{\"delta.enableInCommitTimestamps\":\"true\",\"delta.enableRowTracking\":\"true\"}",
                                "id long"));
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        // The clock stands still, so each commit must add to the time of the one before.
        assertThat(race(Clock.fixed(now, java.time.ZoneOffset.UTC))).hasSize(WRITERS * COMMITS);

        List<Commit> history = table.delta().history(100);
        assertThat(history).hasSize(WRITERS * COMMITS + 1);
        for (int i = 0; i < WRITERS * COMMITS; i++) {
            assertThat(history.get(i).timestamp()).isEqualTo(now.plusMillis(WRITERS * COMMITS - 1 - i));
        }
        assertThat(table.newest().state().fileList().stream()
                        .map(file -> file.json().get("baseRowId"))
                        .distinct())
                .hasSize(WRITERS * COMMITS);
        assertThat(Objects.requireNonNull(table.newest().state().domains().get("delta.rowTracking"))
                        .get("configuration"))
                .isEqualTo("{\"rowIdHighWaterMark\":" + (WRITERS * COMMITS - 1) + "}");
    }

    /** By a clock that is days ahead, every commit is old enough to go as soon as there is a checkpoint. */
    @Test
    void noRowIsLostWhereTheLogIsCleanedUpAllTheTime() throws Exception {
        DeltaTable.create(table.path())
                .column("id", Primitive.LONG)
                .property("delta.checkpointInterval", "2")
                .property("delta.logRetentionDuration", "interval 1 days")
                .create();

        Set<String> done = race(Clock.offset(Clock.systemUTC(), Duration.ofDays(3)));

        assertThat(done).isNotEmpty();
        List<String> rows = table.rows();
        assertThat(rows).doesNotHaveDuplicates().containsAll(done);
        assertThat(table.delta().commitFile(0)).doesNotExist();
        assertThat(table.delta().history(100)).hasSizeLessThan(10);
    }
}
