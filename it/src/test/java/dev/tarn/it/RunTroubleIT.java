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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a disk that is full, beside each other, and stopped by a signal. */
class RunTroubleIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path scratch;

    private Path project;

    @BeforeEach
    void createFolder() throws IOException {
        project = Files.createDirectory(scratch.resolve("project"));
    }

    private void write(String nodes, String lake) throws IOException {
        Files.writeString(project.resolve("tarn.yaml"), """
                project: trouble
                connections:
                  here: {type: local, base_path: .}
                  lake: {type: local, base_path: "%s"}
                pipelines:
                  - pipeline: p
                    nodes:
                """.formatted(lake) + nodes.indent(6));
    }

    private static List<String> query(String url, String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    private List<String> history(String sql) throws Exception {
        return query("jdbc:sqlite:" + project.resolve(".tarn/history.db"), sql);
    }

    @Test
    void twoRunsAtTheSameTimeBothCount() throws Exception {
        write("""
                - name: appended
                  transform: {steps: ["select i from range(1000) r(i)"]}
                  write: {connection: lake, format: delta, table: appended, mode: append}
                - name: replaced
                  depends_on: [appended]
                  transform: {steps: ["select count(*) as n from appended"]}
                  write: {connection: lake, format: delta, table: replaced}
                """, "lake");
        for (int round = 1; round <= 3; round++) {
            try (TarnProcess one = TarnProcess.start(scratch, Map.of(), "run", project.toString());
                    TarnProcess other = TarnProcess.start(scratch, Map.of(), "run", project.toString())) {
                for (TarnProcess each : List.of(one, other)) {
                    Outcome outcome = each.await(LIMIT);
                    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
                    assertThat(outcome.err()).doesNotContain("warning");
                }
            }
            assertThat(DeltaTable.forPath(project.resolve("lake/appended"))
                            .snapshot()
                            .orElseThrow()
                            .numRecords())
                    .hasValue(2_000L * round);
            String replaced = DeltaTable.forPath(project.resolve("lake/replaced"))
                    .snapshot()
                    .orElseThrow()
                    .toSql();
            assertThat(query("jdbc:duckdb:", replaced)).containsExactly("1000");
            assertThat(history("SELECT status FROM run")).hasSize(2 * round).containsOnly("succeeded");
            assertThat(history("SELECT status FROM node_result"))
                    .hasSize(4 * round)
                    .containsOnly("succeeded");
            assertThat(history("SELECT version FROM table_version WHERE target = 'lake:appended'"))
                    .doesNotHaveDuplicates()
                    .hasSize(2 * round);
        }
    }

    @Test
    void aDiskThatFillsLeavesTheTablesAsTheyWere() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(scratch.resolve("disk"), "8m")) {
            String nodes = """
                    - name: first
                      transform: {steps: ["select i from range(10) r(i)"]}
                      write: {connection: lake, format: delta, table: first}
                    - name: large
                      depends_on: [first]
                      transform: {steps: ["select i, hash(i) as h, md5(i::VARCHAR) as m from range(ROWS) r(i)"]}
                      write: {connection: lake, format: FORMAT, TARGET}
                    """;
            for (String format : List.of("delta", "parquet", "csv", "json")) {
                String target = format.equals("delta") ? "table: large" : "path: large." + format;
                String of = nodes.replace("FORMAT", format).replace("TARGET", target);
                write(of.replace("ROWS", "10"), disk.folder().toString());
                assertThat(run(disk).exitCode()).isZero();
                String before = contents(disk);

                write(of.replace("ROWS", "2000000"), disk.folder().toString());
                Outcome full = run(disk);

                assertThat(full.exitCode()).as(full.err()).isEqualTo(1);
                assertThat(full.err())
                        .as(format)
                        .contains("  failed  p.large  TARN-0503", "error[TARN-0503]: p.large: ", "  ok      p.first")
                        .doesNotContain("Exception", "\tat ");
                assertThat(contents(disk)).as(format).isEqualTo(before);
                write(of.replace("ROWS", "20"), disk.folder().toString());
                assertThat(run(disk).exitCode())
                        .as("room again after " + format)
                        .isZero();
                sh(disk, "rm -rf '" + disk.folder() + "'/*");
            }
        }
    }

    private Outcome run(SmallDisk disk) throws Exception {
        try (TarnProcess tarn = TarnProcess.start(scratch, disk.prefix(), Map.of(), "run", project.toString())) {
            return tarn.await(LIMIT);
        }
    }

    /** The files of the large output that readers see: of a table its log, of a file its bytes. */
    private static String contents(SmallDisk disk) throws Exception {
        return sh(
                disk,
                "cd '" + disk.folder() + "' && find . -path './large/_delta_log/*' -o -name 'large.*'"
                        + " | sort | xargs -d '\\n' md5sum");
    }

    private static String sh(SmallDisk disk, String script) throws Exception {
        List<String> command = new ArrayList<>(disk.prefix());
        command.addAll(List.of("sh", "-c", script));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void whatIsStoppedBySigtermEndsAsAfterCtrlC() throws Exception {
        write("""
                - name: quick
                  transform: {steps: ["select 1 as i"]}
                  write: {connection: lake, format: delta, table: quick}
                - name: heavy
                  depends_on: [quick]
                  transform: {steps: ["select count(*) as n from range(100000000) a(i), range(1000000) b(i) where (a.i + b.i) % 7 = 8"]}
                  write: {connection: lake, format: delta, table: heavy}
                """, "lake");
        for (String signal : List.of("-TERM", "-INT")) {
            try (TarnProcess tarn = TarnProcess.start(
                    scratch, Map.of(), "run", project.toString(), "--log-level", "debug", "--progress", "plain")) {
                awaitText(tarn, "node started", "p.heavy");
                new ProcessBuilder("kill", signal, Long.toString(tarn.pid()))
                        .start()
                        .waitFor();
                Outcome outcome = tarn.await(LIMIT);

                assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(130);
                assertThat(outcome.err()).contains("failed  p.heavy  TARN-0511").doesNotContain("Exception");
                assertThat(project.resolve("lake/heavy/_delta_log")).doesNotExist();
            }
        }
        assertThat(history("SELECT status FROM run"))
                .containsOnly("interrupted")
                .hasSize(2);
        assertThat(history("SELECT status FROM node_result WHERE node = 'quick'"))
                .containsOnly("succeeded");
    }

    private static void awaitText(TarnProcess tarn, String... words) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline && tarn.isAlive()) {
            if (tarn.err().lines().anyMatch(line -> List.of(words).stream().allMatch(line::contains))) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("not seen: " + List.of(words) + " in " + tarn.err());
    }
}
