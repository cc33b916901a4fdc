package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a delete, update or merge when another writer commits between its reading and its commit. */
class RowConflictTest {
    @AutoClose
    final TestTable table;

    RowConflictTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    @BeforeEach
    void write() throws SQLException {
        table.write(
                "SELECT i AS id, 'p' || i % 2 AS p, 0 AS v FROM range(8) t(i)", APPEND.withPartitionBy(List.of("p")));
    }

    /** Something another writer does; it may fail. */
    interface Other {
        void run() throws SQLException;
    }

    /** A clock that lets the other writer act when an operation takes the time of its first new file. */
    static final class Meanwhile extends Clock {
        private final Other other;
        private boolean done;

        Meanwhile(Other other) {
            this.other = other;
        }

        @Override
        public Instant instant() {
            if (!done) {
                done = true;
                try {
                    other.run();
                } catch (SQLException failure) {
                    throw new IllegalStateException(failure);
                }
            }
            return Instant.now();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    Connection duckdb() {
        return table.duck().connection();
    }

    DeltaTable meanwhile(Other other) {
        return DeltaTable.forPath(table.path(), new Meanwhile(other));
    }

    /** In a connection of its own: the other's is in the middle of its operation. */
    Other elsewhere(String sql) {
        return () -> {
            try (Duck own = new Duck()) {
                table.delta().append(own.connection(), sql);
            }
        };
    }

    void assertConflict(ThrowingCallable operation, String message) throws Exception {
        int files = table.dataFiles().size();
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        LakeException.class,
                        conflict -> assertThat(conflict.kind()).isEqualTo(Kind.CONFLICT))
                .hasMessageContaining(message);
        // The other writer's one file is there, and none of the operation that failed.
        assertThat(table.dataFiles().size()).isBetween(files, files + 1);
        assertThat(table.newest().version()).isEqualTo(1);
    }

    @Test
    void rowsAddedWhereADeleteLookedAreAConflict() throws Exception {
        assertConflict(
                () -> meanwhile(elsewhere("SELECT 1 AS id, 'p1' AS p, 5 AS v")).delete(duckdb(), "p = 'p1' AND id = 1"),
                "added rows (p = p1) which this write should have read");
        assertThat(table.rows()).contains("1|p1|0", "1|p1|5");
    }

    @Test
    void rowsAddedElsewhereAreNone() throws Exception {
        meanwhile(elsewhere("SELECT 1 AS id, 'p0' AS p, 5 AS v")).delete(duckdb(), "p = 'p1' AND id = 1");
        meanwhile(elsewhere("SELECT 100 AS id, 'p1' AS p, 5 AS v")).update(duckdb(), Map.of("v", "9"), "id < 4");

        assertThat(table.rows())
                .containsExactly(
                        "0|p0|9", "1|p0|9", "2|p0|9", "3|p1|9", "4|p0|0", "5|p1|0", "6|p0|0", "7|p1|0", "100|p1|5");
    }

    @Test
    void rowsAddedInTheRangeOfAMergesKeysAreAConflict() throws Exception {
        assertConflict(
                () -> meanwhile(elsewhere("SELECT 5 AS id, 'p5' AS p, 5 AS v"))
                        .merge(duckdb(), "SELECT i AS id FROM range(4, 7) t(i)", "target.id = source.id")
                        .whenMatched()
                        .update(Map.of("v", "1"))
                        .execute(),
                "added rows (p = p5) which this write should have read");
        meanwhile(elsewhere("SELECT 50 AS id, 'p5' AS p, 5 AS v"))
                .merge(duckdb(), "SELECT i AS id FROM range(4, 7) t(i)", "target.id = source.id")
                .whenMatched()
                .update(Map.of("v", "1"))
                .execute();
        assertThat(table.rows()).contains("5|p1|1", "5|p5|1", "50|p5|5");
    }

    @Test
    void insertsOfTwoMergesWithOneKeyAreAConflict() throws Exception {
        assertConflict(
                () -> meanwhile(() -> {
                            try (Duck own = new Duck()) {
                                upsert(table.delta(), own.connection(), 77);
                            }
                        })
                        .merge(duckdb(), "SELECT 77 AS id, 'x' AS p, 1 AS v", "target.id = source.id")
                        .whenNotMatched()
                        .insertAll()
                        .execute(),
                "which this write should have read");
        assertThat(table.rows()).containsOnlyOnce("77|p1|1");
    }

    private static void upsert(DeltaTable delta, Connection duckdb, int id) throws SQLException {
        delta.merge(
                        duckdb,
                        "SELECT " + id + " AS id, 'p1' AS p, 1 AS v",
                        "target.id = source.id AND target.p = source.p")
                .whenMatched()
                .update(Map.of("v", "target.v + source.v"))
                .whenNotMatched()
                .insertAll()
                .execute();
    }

    @Test
    void twoUpdatesOfOneFileAreAConflict() throws Exception {
        assertConflict(
                () -> meanwhile(() -> {
                            try (Duck own = new Duck()) {
                                table.delta().update(own.connection(), Map.of("v", "7"), "id = 3");
                            }
                        })
                        .update(duckdb(), Map.of("v", "8"), "id = 1"),
                "version 1 (UPDATE) by another writer");
        assertThat(table.rows()).contains("3|p1|7", "1|p1|0");
    }

    @Test
    void countersOfThreadsAreExactWhenConflictsAreTriedAgain() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Future<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < 3; writer++) {
            writers.add(threads.submit(() -> {
                int conflicts = 0;
                try (Duck own = new Duck()) {
                    for (int done = 0; done < 5; ) {
                        try {
                            upsert(table.delta(), own.connection(), 1);
                            done++;
                        } catch (LakeException conflict) {
                            assertThat(conflict.kind()).isEqualTo(Kind.CONFLICT);
                            conflicts++;
                        }
                    }
                }
                return conflicts;
            }));
        }
        for (Future<Integer> writer : writers) {
            writer.get();
        }
        threads.shutdown();

        assertThat(table.rows()).hasSize(8).contains("1|p1|15");
        assertThat(table.newest().version()).isEqualTo(15);
    }
}
