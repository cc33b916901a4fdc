package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggingTest {

    private static final String NODES = """
            - name: a
              read: {connection: in, format: csv, path: in.csv}
              validation: {tests: [{type: range, column: id, min: 2, on_fail: warn}]}
              write: {connection: lake, format: delta, table: a}
            - name: b
              depends_on: [a]
              transform: {steps: ["select nope from a"]}
              write: {connection: lake, format: delta, table: b}
            - name: c
              depends_on: [b]
              transform: {steps: ["select * from b"]}
            """;

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("in.csv", "id\n1\n2\n").nodes(NODES);
    }

    private TestProject logging(String logging) throws IOException {
        String yaml = java.nio.file.Files.readString(folder.resolve("tarn.yaml"));
        return project.file("tarn.yaml", yaml + "logging: " + logging + "\n");
    }

    private static List<Map<String, Object>> records(Outcome outcome) {
        return outcome.err().lines().map(LoggingTest::parse).toList();
    }

    private static Map<String, Object> parse(String line) {
        try {
            return JSON.std.mapFrom(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    @Test
    void jsonIsAloneOnStandardError() {
        Outcome outcome = project.run("--log-format", "json", "--log-level", "info");

        List<Map<String, Object>> records = records(outcome);
        assertThat(records)
                .extracting(r -> r.get("level") + " " + r.get("node") + " " + r.get("message"))
                .containsExactly(
                        "info null run started",
                        "warn p.a check warned: range_id: 1 of 2 rows breaks the rule: 'id' must be at least 2",
                        "info p.a node succeeded",
                        "error p.b node failed: unknown column 'nope'",
                        "warn p.c node skipped: needs p.b, which failed",
                        "error null run failed");
        String run = String.valueOf(records.get(0).get("run"));
        assertThat(records)
                .allSatisfy(r -> assertThat(r)
                        .containsEntry("run", run)
                        .containsEntry("logger", "dev.tarn.run")
                        .containsKey("time"));
        assertThat(records.get(2)).containsEntry("rows_out", 2).containsEntry("rows_rejected", 0);
        assertThat(records.get(3)).containsEntry("code", "TARN-0501").containsEntry("line", 14);
        assertThat(outcome.out()).contains("run failed");
    }

    @Test
    void theProjectSaysHowItIsLogged() throws IOException {
        logging("{level: ERROR, structured: true, metadata: {team: data}}");

        assertThat(records(project.run()))
                .extracting(r -> String.valueOf(r.get("message")).replaceFirst(":.*", ""), r -> r.get("team"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("node failed", "data"),
                        org.assertj.core.groups.Tuple.tuple("run failed", "data"));
        assertThat(records(project.run("--log-level", "debug"))).hasSize(8);
        assertThat(project.run("--log-format", "text").err()).contains(" ERROR p.b: node failed: ");
    }

    @Test
    void aNodeHasItsOwnLevel() {
        project.nodes(NODES.replace("- name: a", "- name: a\n  log_level: INFO")
                        .replace("- name: b", "- name: b\n  log_level: CRITICAL")
                + "  log_level: ERROR\n");

        assertThat(project.run().err().lines().filter(line -> line.matches("\\d{4}-.*")))
                .extracting(line -> line.replaceFirst("\\S+ (\\w+ +\\S+ \\w+).*", "$1"))
                .containsExactly("WARN  p.a: check", "INFO  p.a: node", "ERROR p.b: node");
        assertThat(records(project.run("--log-format", "json")))
                .extracting(r ->
                        r.get("node") + " " + String.valueOf(r.get("message")).replaceFirst(":.*", ""))
                .containsExactly(
                        "null run started",
                        "p.a check warned",
                        "p.a node succeeded",
                        "p.b node failed",
                        "null run failed");
    }

    @Test
    void textStandsBesideTheProgress() {
        Outcome outcome = project.run("--log-level", "info");

        assertThat(outcome.err())
                .contains("  ok      p.a")
                .containsPattern(
                        "\\n\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  p.a: node succeeded rows_in=2 rows_out=2");
    }

    @Test
    void withoutBeingAskedThereIsNone() throws IOException {
        assertThat(project.run().err()).doesNotContain(" INFO ").doesNotContain(" WARN ");
        assertThat(logging("{metadata: {a: b}}").run().err())
                .contains(" INFO  run started")
                .contains(" WARN  p.a: check warned");
    }

    @ParameterizedTest
    @CsvSource({"json,true", "quiet,false"})
    void progressIsForProgramsToo(String mode, boolean events) {
        Outcome outcome = project.run("--progress", mode, "--select", "a", "--log-level", "error");

        if (events) {
            assertThat(outcome.err()
                            .lines()
                            .filter(line -> line.startsWith("{"))
                            .map(LoggingTest::parse))
                    .allSatisfy(r -> assertThat(r).containsEntry("schema", "tarn/event/v1"))
                    .extracting(r -> r.get("event") + " " + r.get("status"))
                    .containsExactly(
                            "run_started null",
                            "node_started null",
                            "node_finished succeeded",
                            "run_finished succeeded");
        } else {
            assertThat(outcome.err())
                    .doesNotContain("p.a\n")
                    .doesNotContain("ok ")
                    .doesNotContain("test: 1 node");
        }
    }

    @Test
    void anInvalidProjectIsLoggedAsWell() throws IOException {
        project.nodes("- {name: a, raed: x}\n");

        Outcome outcome = project.run("--log-format", "json", "-o", "json");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(records(outcome))
                .extracting(r -> r.get("level") + " " + r.get("code") + " " + r.get("line"))
                .containsExactly("error TARN-0105 8");
        assertThat(JSON.std.mapFrom(outcome.out())).containsEntry("status", "invalid");
    }

    @Test
    void standardOutputIsOneJsonValueAlsoOnFailure() throws IOException {
        for (String mode : List.of("tty", "plain", "json", "quiet")) {
            Outcome outcome =
                    project.run("-o", "json", "--progress", mode, "--log-level", "debug", "--color", "always");
            assertThat(JSON.std.mapFrom(outcome.out())).containsEntry("status", "failed");
        }
    }

    @Test
    void coloursAreAsked() {
        assertThat(project.run("--color", "always").err()).contains("\u001b[32m");
        assertThat(project.tarn("--color=always", "run", folder.toString()).err())
                .contains("\u001b[32m");
        assertThat(project.run("--color", "never").err()).doesNotContain("\u001b[");
        assertThat(project.run().err()).doesNotContain("\u001b[");
        assertThat(project.run("--color", "perhaps").exitCode()).isEqualTo(2);
    }

    @Test
    void wrongSettingsAreMistakes() throws IOException {
        logging("{level: loud, structured: true, format: text, metadata: {a: [1]}}");

        assertThat(project.validate().err())
                .contains("unknown log level 'loud'")
                .contains("'logging' has both 'format' and 'structured'")
                .contains("'a' takes a single value, not a list");
    }
}
