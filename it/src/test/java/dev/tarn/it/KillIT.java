package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.it.TarnProcess.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flights example, killed with {@code kill -9} and interrupted with Ctrl-C. */
class KillIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int KILLS = 20;

    @TempDir
    Path scratch;

    private Flights flights;
    /** Another input, so that a table of the old run can be told from one of the new. */
    private Path fewer;

    @BeforeEach
    void copy() throws Exception {
        flights = Flights.copyTo(Files.createDirectory(scratch.resolve("flights with 'spaces'")));
        fewer = scratch.resolve("fewer.parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            String all =
                    flights.folder.resolve("data/flights.parquet").toString().replace("'", "''");
            statement.execute(
                    "COPY (FROM '" + all + "' WHERE date < '2001-01-09') TO '" + fewer + "' (FORMAT parquet)");
        }
    }

    private TarnProcess start(boolean all) throws IOException {
        Path input = all ? flights.folder.resolve("data/flights.parquet") : fewer;
        return TarnProcess.start(scratch, Map.of("TARN_FLIGHTS", input.toString()), "run", flights.folder.toString());
    }

    private Duration runUndisturbed(boolean all) throws Exception {
        long start = System.nanoTime();
        try (TarnProcess tarn = start(all)) {
            Outcome outcome = tarn.await(LIMIT);
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void aKilledRunLeavesEachTableOldOrNewAndTheNextRunMendsAll() throws Exception {
        runUndisturbed(false);
        Map<String, String> fewerRows = flights.contents();
        Duration whole = runUndisturbed(true);
        Map<String, String> allRows = flights.contents();
        assertThat(allRows.keySet()).containsExactlyInAnyOrderElementsOf(Flights.TABLES);
        assertThat(allRows.get("silver/flights")).isNotEqualTo(fewerRows.get("silver/flights"));
        long seed = Long.getLong("tarn.kill.seed", System.nanoTime());
        Random random = new Random(seed);
        int killed = 0;

        for (int i = 0; killed < KILLS && i < 5 * KILLS; i++) {
            try (TarnProcess tarn = start(i % 2 == 0 ? false : true)) {
                // The first tenth is the start of the JVM, which touches nothing.
                double share = 0.1 + 0.9 * random.nextDouble();
                killed += tarn.killAfter(Duration.ofNanos((long) (whole.toNanos() * share))) ? 1 : 0;
            }
            Map<String, String> now = flights.contents();
            assertThat(now.keySet())
                    .as("seed %s, kill %s", seed, i)
                    .containsExactlyInAnyOrderElementsOf(Flights.TABLES);
            now.forEach((table, rows) ->
                    assertThat(rows).as("%s, seed %s", table, seed).isIn(fewerRows.get(table), allRows.get(table)));
        }

        assertThat(killed).isEqualTo(KILLS);
        runUndisturbed(true);
        assertThat(flights.contents()).isEqualTo(allRows);
        assertThat(workFolders()).as("folders of killed runs").isZero();
    }

    @Test
    void aRunKilledBeforeAnythingWasThereCanSimplyBeRepeated() throws Exception {
        Duration whole = runUndisturbed(true);
        Map<String, String> expected = flights.contents();
        Random random = new Random(11);

        for (int i = 0; i < 3; i++) {
            delete(flights.folder.resolve("lake"));
            try (TarnProcess tarn = start(true)) {
                tarn.killAfter(Duration.ofNanos((long) (whole.toNanos() * (0.5 + 0.4 * random.nextDouble()))));
            }
            flights.contents().forEach((table, rows) -> assertThat(rows).isEqualTo(expected.get(table)));
            runUndisturbed(true);
            assertThat(flights.contents()).isEqualTo(expected);
        }
    }

    @Test
    void ctrlCEndsARunCleanlyWith130() throws Exception {
        Path slow = Files.createDirectory(scratch.resolve("slow"));
        Files.writeString(slow.resolve("tarn.yaml"), """
                project: slow
                connections: {lake: {type: local, base_path: lake}}
                pipelines:
                  - pipeline: p
                    nodes:
                      - name: forever
                        transform: {steps: ["select count(*) as n from range(100000000) a(i), range(1000000) b(i) where (a.i + b.i) % 7 = 8"]}
                        write: {connection: lake, format: delta, table: forever}
                      - name: after
                        depends_on: [forever]
                        write: {connection: lake, format: delta, table: after}
                """);
        try (TarnProcess tarn =
                TarnProcess.start(scratch, Map.of(), "run", slow.toString(), "-o", "json", "--log-level", "debug")) {
            awaitNode(tarn);
            new ProcessBuilder("kill", "-INT", Long.toString(tarn.pid()))
                    .start()
                    .waitFor();

            // Less than the grace period, after which the process would end in any state.
            Outcome outcome = tarn.await(Duration.ofSeconds(20));

            assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(130);
            assertThat(outcome.out()).contains("\"status\" : \"interrupted\"");
            assertThat(outcome.err()).contains("failed  p.forever  TARN-0511").contains("skipped p.after");
            assertThat(Files.exists(slow.resolve("lake/forever/_delta_log"))).isFalse();
            try (Stream<Path> left = Files.list(slow.resolve(".tarn/tmp"))) {
                assertThat(left.filter(Files::isDirectory)).isEmpty();
            }
        }
    }

    /** Polls until a node runs, so that the run is past its start. */
    private static void awaitNode(TarnProcess tarn) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline && tarn.isAlive()) {
            if (tarn.err().contains("node started")) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the run did not start: " + tarn.err());
    }

    private long workFolders() throws IOException {
        try (Stream<Path> folders = Files.list(flights.folder.resolve(".tarn/tmp"))) {
            return folders.filter(Files::isDirectory).count();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
