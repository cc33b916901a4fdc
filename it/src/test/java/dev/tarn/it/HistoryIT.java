package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.it.TarnProcess.Outcome;
import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history, written by several processes and by processes that are killed. */
class HistoryIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path scratch;

    @Test
    void processesThatWriteAtOnceLoseNothing() throws Exception {
        Files.createDirectories(scratch.resolve(".tarn"));
        List<Process> writers = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                writers.add(writer("w" + i, 20));
            }
            for (Process writer : writers) {
                assertThat(writer.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(writer.exitValue()).isZero();
            }
        } finally {
            writers.forEach(Process::destroyForcibly);
        }

        assertThat(one(scratch, "SELECT count(*) FROM run WHERE status = 'succeeded'"))
                .isEqualTo("160");
        assertThat(one(scratch, "SELECT count(*) FROM table_version")).isEqualTo("160");
    }

    @Test
    void aWriterThatIsKilledLeavesAReadableHistory() throws Exception {
        Files.createDirectories(scratch.resolve(".tarn"));
        Random random = new Random(7);
        for (int i = 0; i < 10; i++) {
            Process writer = writer("w" + i, 1_000_000);
            try {
                assertThat(writer.inputReader().readLine())
                        .as("what it says after its first run")
                        .isEqualTo("writes");
                // It does not end by itself: it is asked for a million runs.
                assertThat(writer.waitFor(random.nextInt(300), TimeUnit.MILLISECONDS))
                        .isFalse();
            } finally {
                writer.destroyForcibly().waitFor();
            }
            assertThat(one(scratch, "PRAGMA integrity_check")).isEqualTo("ok");
        }

        Process last = writer("last", 1);
        assertThat(last.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).isZero();
        assertThat(one(scratch, "SELECT count(*) > 1 FROM run WHERE status = 'succeeded'"))
                .isEqualTo("1");
        assertThat(one(
                        scratch,
                        "SELECT count(*) FROM run r WHERE status = 'succeeded' AND NOT EXISTS"
                                + " (SELECT 1 FROM table_version v WHERE v.run_id = r.id)"))
                .isEqualTo("0");
    }

    @Test
    void aKilledRunGoesOnWhereItWasAndAppendsNothingTwice() throws Exception {
        Path project =
                project("select count(*) as n from range(100000000) a, range(100000) b where a.range % 7 = b.range");
        try (TarnProcess tarn = TarnProcess.start(scratch, Map.of(), "run", project.toString())) {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!isStored(project) && tarn.isAlive() && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(tarn.killAfter(Duration.ZERO)).as(tarn.err()).isTrue();
        }
        project("select count(*) as n from a");

        try (TarnProcess tarn = TarnProcess.start(scratch, Map.of(), "run", "--resume", project.toString())) {
            Outcome outcome = tarn.await(LIMIT);

            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(outcome.err())
                    .contains("current p.a")
                    .contains("note: p.slow runs: was not finished in run ")
                    .contains("note: p.after runs: was not finished in run ");
        }
        assertThat(rows(project.resolve("lake/a"))).isEqualTo(3);
        assertThat(one(project, "SELECT group_concat(status) FROM (SELECT status FROM run ORDER BY started_at)"))
                .isEqualTo("running,succeeded");
    }

    @Test
    void commandsThatNeedNoHistoryDoNotLoadSqlite() throws Exception {
        Path project = project("select 1 as n");

        assertThat(loadsSqlite("--version")).isFalse();
        assertThat(loadsSqlite("validate", project.toString())).isFalse();
        assertThat(loadsSqlite("run", "--dry-run", project.toString())).isFalse();
        assertThat(loadsSqlite("run", project.toString())).isTrue();
    }

    private boolean loadsSqlite(String... args) throws Exception {
        Path log = Files.createTempFile(scratch, "classes", ".txt");
        Map<String, String> environment = Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);
        try (TarnProcess tarn = TarnProcess.start(scratch, environment, args)) {
            Outcome outcome = tarn.await(LIMIT);
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        }
        return Files.readString(log).contains(" org.sqlite.");
    }

    private Path project(String slow) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("project"));
        Files.writeString(folder.resolve("tarn.yaml"), """
                project: test
                connections: {lake: {type: local, base_path: lake}}
                pipelines:
                  - pipeline: p
                    nodes:
                      - name: a
                        transform: {steps: [select * from range(3) t(id)]}
                        write: {connection: lake, format: delta, table: a, mode: append}
                      - name: slow
                        depends_on: [a]
                        transform: {steps: ["%s"]}
                        write: {connection: lake, format: delta, table: slow}
                      - name: after
                        depends_on: [slow]
                        write: {connection: lake, format: delta, table: after}
                """.formatted(slow));
        return folder;
    }

    private static boolean isStored(Path project) {
        try {
            return Files.exists(project.resolve(".tarn/history.db"))
                    && one(project, "SELECT count(*) FROM node_result WHERE status = 'succeeded'")
                            .equals("1");
        } catch (java.sql.SQLException notYet) {
            return false;
        }
    }

    private static long rows(Path table) {
        return DeltaTable.forPath(table).snapshot().orElseThrow().numRecords().orElseThrow();
    }

    private Process writer(String prefix, int runs) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HistoryWriter.class.getName(),
                        scratch.toString(),
                        prefix,
                        Integer.toString(runs))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String one(Path project, String sql) throws java.sql.SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + project.resolve(".tarn/history.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return String.valueOf(rows.getString(1));
        }
    }
}
