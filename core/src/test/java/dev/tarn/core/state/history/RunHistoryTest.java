package dev.tarn.core.state.history;

import static dev.tarn.core.state.history.Runs.A;
import static dev.tarn.core.state.history.Runs.B;
import static dev.tarn.core.state.history.Runs.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.core.run.NodeResult;
import dev.tarn.core.select.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunHistoryTest {

    @TempDir
    Path folder;

    @BeforeEach
    void makeStateFolder() {
        Runs.stateFolder(folder);
    }

    private RunHistory open() {
        return open(START);
    }

    private RunHistory open(Instant now) {
        return RunHistory.open(folder, Clock.fixed(now, ZoneOffset.UTC));
    }

    private List<String> query(String sql) {
        return Runs.query(folder, sql);
    }

    @Test
    void storesARunWithItsNodesTablesAndChecks() {
        try (RunHistory history = open()) {
            history.begin(Runs.start("r1", START));
            history.describe("r1", new GitRevision("abc123", true));
            history.append("r1", Runs.ok(A), Optional.of("fa"), "r1");
            history.append("r1", Runs.failed(B), Optional.empty(), "r1");
            history.finish("test", Runs.result("r1", Runs.ok(A), Runs.failed(B)));
        }

        assertThat(
                        query(
                                "SELECT id, project, started_at, duration_ms, status, tarn_version, options, git_revision, git_dirty, environment FROM run"))
                .containsExactly("r1|test|2026-03-07T14:25:30.000Z|50|failed|1.2.3|--workers 4|abc123|1|");
        assertThat(query("SELECT * FROM node_result ORDER BY position"))
                .containsExactly(
                        "r1|p|a|0|succeeded|2026-03-07T14:25:30.000Z|40|1|12|10|2|null|null|null|null|null|null|fa|r1",
                        "r1|p|b|1|failed|2026-03-07T14:25:30.000Z|5|3|null|null|null|null|TARN-0501"
                                + "|unknown column 'amuont'|tarn.yaml|1|1|null|null");
        assertThat(query("SELECT * FROM table_version")).containsExactly("r1|p|a|lake:a|7");
        assertThat(query("SELECT * FROM check_result"))
                .containsExactly("r1|p|a|not_null_x|'x' must not be NULL|quarantined|2|12");
    }

    @Test
    void knowsWhatAKilledRunDidNotFinish() {
        try (RunHistory history = open()) {
            Runs.record(history, "r1", START);
            history.begin(Runs.start("r2", START.plusSeconds(1)));
            history.append("r2", Runs.ok(A), Optional.of("fa"), "r2");
        }

        try (RunHistory history = open()) {
            EarlierRuns earlier = history.earlier("test");

            assertThat(earlier.unfinished()).isEqualTo(Map.of(B, "r2"));
            assertThat(earlier.latest().get(B)).matches(EarlierRuns.Latest::isDone);
        }
        assertThat(query("SELECT id, status FROM run ORDER BY id")).containsExactly("r1|succeeded", "r2|running");
    }

    @Test
    void aNodeThatIsUpToDateKeepsTheRunThatMadeItsOutput() {
        try (RunHistory history = open()) {
            Runs.record(history, "r1", START);
            history.begin(Runs.start("r2", START.plusSeconds(1)));
            history.append("r2", new NodeResult.UpToDate(A, "r1", List.of()), Optional.of("fa"), "r1");
            history.append("r2", Runs.ok(B), Optional.of("fb"), "r2");
            history.finish("test", Runs.result("r2"));

            EarlierRuns earlier = history.earlier("test");

            assertThat(earlier.unfinished()).isEmpty();
            assertThat(earlier.makers()).containsEntry("r2", Map.of(A, "r1", B, "r2"));
            assertThat(earlier.written().get(A)).containsExactly(new NodeResult.Written("lake:a", OptionalLong.of(7)));
        }
    }

    @Test
    void projectsOfOneFolderDoNotMeet() {
        try (RunHistory history = open()) {
            Runs.record(history, "r1", START);

            assertThat(history.earlier("test").isEmpty()).isFalse();
            assertThat(history.earlier("other").isEmpty()).isTrue();
        }
    }

    @Test
    void keepsTheNewestRunsOnly() {
        try (RunHistory history = open()) {
            for (int i = 0; i < RunHistory.RUNS_KEPT + 3; i++) {
                history.begin(Runs.start(String.format("r%04d", i), START.plusSeconds(i)));
            }
            Runs.record(history, "s", START.plusSeconds(5000));
        }

        assertThat(query("SELECT count(*), min(id), max(id) FROM run")).containsExactly("1000|r0004|s");
        assertThat(query("SELECT count(DISTINCT run_id) FROM node_result")).containsExactly("1000");
    }

    @Test
    void forgetsOldRunsButNotTheOnesThatTheNewestBuildsOn() {
        Instant later = START.plus(RunHistory.TIME_KEPT).plusSeconds(1);
        try (RunHistory history = open()) {
            Runs.record(history, "r1", START);
            Runs.record(history, "r2", START.minusSeconds(60));
        }

        try (RunHistory history = open(later)) {
            history.begin(Runs.start("r3", later));
            history.append("r3", new NodeResult.UpToDate(A, "r1", List.of()), Optional.of("fa"), "r1");
            history.append("r3", Runs.ok(B), Optional.of("fb"), "r3");
            history.finish("test", Runs.result("r3"));
        }

        assertThat(query("SELECT id FROM run ORDER BY id")).containsExactly("r1", "r3");
        assertThat(query("SELECT DISTINCT run_id FROM table_version ORDER BY 1"))
                .containsExactly("r1", "r3");
    }

    @Test
    void severalWritersLoseNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < 8; writer++) {
                String name = "w" + writer;
                writers.add(() -> {
                    for (int run = 0; run < 20; run++) {
                        try (RunHistory history = open()) {
                            Runs.record(history, name + "-" + run, START);
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(query("SELECT count(*), count(DISTINCT id), min(status), max(status) FROM run"))
                .containsExactly("160|160|succeeded|succeeded");
        assertThat(query("SELECT count(*) FROM node_result WHERE status = 'succeeded'"))
                .containsExactly("320");
    }

    @Test
    void leavesADatabaseOfANewerTarnAlone() {
        open().close();
        query("UPDATE schema_version SET version = 9");

        assertThatThrownBy(this::open)
                .isInstanceOf(HistoryException.class)
                .hasMessage("'%s' was made by a newer Tarn (its tables have version 9, this Tarn knows 2)"
                        .formatted(folder.resolve(".tarn/history.db")));
        assertThat(query("SELECT version FROM schema_version")).containsExactly("9");
    }

    @Test
    void opensItsOwnDatabaseAgainWithoutChangingIt() {
        open().close();
        open().close();

        assertThat(query("SELECT version FROM schema_version")).containsExactly("2");
    }

    @Test
    void saysThatAFileIsNoDatabase() throws IOException {
        Files.writeString(
                folder.resolve(".tarn/history.db"), "not a database at all, but a long enough text ".repeat(9));

        assertThatThrownBy(this::open)
                .isInstanceOf(HistoryException.class)
                .hasMessageStartingWith("'" + folder.resolve(".tarn/history.db") + "' cannot be used: ");
    }

    /** Else the next --resume would not know node a, and append its rows again. */
    @Test
    void whatMadeANodesNewestOutputStaysHoweverOldAndWhicheverNodesRanSince() {
        Instant later = START.plus(RunHistory.TIME_KEPT).plusSeconds(10);
        try (RunHistory history = open()) {
            Runs.record(history, "r1", START);
        }
        try (RunHistory history = open(START.plusSeconds(1))) {
            Runs.record(history, "r2", START.plusSeconds(1));
        }
        try (RunHistory history = open(later)) {
            history.begin(new RunStart("r3", "test", "", later, "1.2.3", "--select 'b'", List.of(B), Runs.MANIFEST));
            history.append("r3", Runs.ok(B), Optional.of("fb"), "r3");
            history.finish("test", Runs.result("r3"));

            EarlierRuns earlier = history.earlier("test");
            assertThat(earlier.latest().get(A)).matches(EarlierRuns.Latest::isDone);
            assertThat(earlier.written().get(A)).isNotEmpty();
        }
        assertThat(query("SELECT id FROM run ORDER BY id")).containsExactly("r2", "r3");
        Instant last = later.plus(RunHistory.TIME_KEPT).plusSeconds(10);
        try (RunHistory history = open(last)) {
            Runs.record(history, "r4", last);
        }
        assertThat(query("SELECT id FROM run ORDER BY id")).containsExactly("r4");
    }

    @Test
    void retentionIsAsDocumented() {
        assertThat(RunHistory.RUNS_KEPT).isEqualTo(1000);
        assertThat(RunHistory.TIME_KEPT).isEqualTo(Duration.ofDays(90));
    }

    @Test
    void knowsWhatTheNodesWereAndWhatCameOfThem() {
        try (RunHistory history = open()) {
            Runs.record(history, "r1", START);
            history.begin(Runs.start("r2", START.plusSeconds(1)));
            history.append("r2", Runs.failed(A), Optional.empty(), "r2");

            PastRuns past = history.past("test");
            assertThat(past.names()).containsExactly("r2", "r1");
            assertThat(past.manifest("r1")).contains(Runs.MANIFEST);
            assertThat(past.manifest("r3")).isEmpty();
            assertThat(past.outcomes("r1")).isEqualTo(Map.of(A, Set.of(Outcome.SUCCESS), B, Set.of(Outcome.SUCCESS)));
            assertThat(past.outcomes("r2")).isEqualTo(Map.of(A, Set.of(Outcome.ERROR), B, Set.of(Outcome.UNFINISHED)));
            assertThat(history.past("other").names()).isEmpty();
        }
        assertThat(query("SELECT count(*) FROM manifest")).containsExactly("1");
    }

    @Test
    void bringsAnOlderHistoryToItsVersion() {
        try (RunHistory history = open()) {
            Runs.record(history, "r1", START);
        }
        query("ALTER TABLE run DROP COLUMN manifest");
        query("ALTER TABLE run DROP COLUMN environment");
        query("DROP TABLE manifest");
        query("UPDATE schema_version SET version = 1");

        try (RunHistory history = open()) {
            assertThat(history.past("test").manifest("r1")).isEmpty();
            Runs.record(history, "r2", START.plusSeconds(1));
            assertThat(history.past("test").manifest("r2")).contains(Runs.MANIFEST);
        }
    }
}
