package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.check.Check;
import dev.tarn.core.check.OnFail;
import dev.tarn.core.connection.LocalConnection;
import dev.tarn.core.project.Quarantine.RejectionColumn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProjectLoaderTest {

    private static final Path FLIGHTS = Path.of("src/test/projects/flights");

    private final ProjectFixture.Loaded loaded = new ProjectFixture(FLIGHTS, Map.of()).load(FLIGHTS);
    private final Project project = loaded.project();

    @Test
    void notesOnlyWhatHasNoEffect() {
        assertThat(loaded.messages())
                .containsExactly("note IGNORED_KEY 23:1 'system' has no effect"
                        + " [Tarn keeps its state under .tarn beside the project file]");
    }

    @Test
    void readsTheTopLevel() {
        Path folder = FLIGHTS.toAbsolutePath();

        assertThat(project.name()).isEqualTo("flights");
        assertThat(project.description()).isEqualTo("Delays by airport");
        assertThat(project.version()).isEqualTo("1.0");
        assertThat(project.owner()).isEqualTo("data-team");
        assertThat(project.engine()).isEqualTo("duckdb");
        assertThat(project.directory()).isEqualTo(folder);
        assertThat(project.retry()).isEqualTo(new Retry(true, 2, Retry.Backoff.LINEAR));
        assertThat(project.retry().pauseAfter(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(project.span()).hasToString("src/test/projects/flights/tarn.yaml:2:10");
        assertThat(project.connections())
                .extracting(c -> c.name() + " " + ((LocalConnection) c).basePath())
                .containsExactly("data " + folder.resolve("data"), "out " + folder.resolve("target/out"));
        assertThat(project.pipelines()).extracting(Pipeline::name).containsExactly("bronze", "gold");
        assertThat(project.pipelines().get(0).tags()).containsExactly("daily", "raw");
        assertThat(project.pipelines().get(0).layer()).isEqualTo("bronze");
    }

    @Test
    void readsWhereANodeReads() {
        Read read = ((Input.External) node(0, 0).inputs().get(0)).read();

        assertThat(node(0, 0).inputs().get(0).name()).isEqualTo("df");
        assertThat(read.format()).isEqualTo(Format.CSV);
        assertThat(read.location().path()).isEqualTo(FLIGHTS.toAbsolutePath() + "/data/raw/flights/*.csv");
        assertThat(read.location().declared()).isEqualTo("raw/flights/*.csv");
        assertThat(read.filter()).get().hasToString("day >= DATE '2024-03-08'");
        assertThat(read.version()).isEqualTo(OptionalLong.empty());
        Map<String, Object> types = new LinkedHashMap<>();
        types.put("day", "DATE");
        types.put("delays", List.of(1L, 2.5));
        assertThat(read.options()).extracting(Option::value).containsExactly(";", true, 1L, null, types);
        assertThat(read.options().get(2).nameSpan()).hasToString("src/test/projects/flights/tarn.yaml:41:13");
        assertThat(read.options().get(2).valueSpan()).hasToString("src/test/projects/flights/tarn.yaml:41:19");
    }

    @Test
    void readsWhereANodeWrites() {
        Write write = node(0, 0).write().orElseThrow();

        assertThat(write.location().path()).isEqualTo(FLIGHTS.toAbsolutePath() + "/target/out/bronze/flights");
        assertThat(write.location()).hasToString("out:bronze.flights");
        assertThat(write.mode()).isEqualTo(WriteMode.APPEND);
        assertThat(write.partitionBy()).containsExactly("day");
        assertThat(write.mergeSchema()).isTrue();
        assertThat(node(1, 0).write().orElseThrow().location().path()).endsWith("/target/out/gold/report.csv");
        assertThat(node(1, 1).write().orElseThrow().location().path()).endsWith("/target/out/notes.json");
        assertThat(node(1, 1).write().orElseThrow().mode()).isEqualTo(WriteMode.ERROR_IF_EXISTS);
    }

    @Test
    void readsChecks() {
        List<Check> checks = node(0, 0).validation().checks();

        assertThat(checks)
                .extracting(Check::name)
                .containsExactly(
                        "not_null_origin_day", "accepted_values_origin", "plausible", "row_count", "custom_sql_5");
        assertThat(checks)
                .extracting(Check::onFail)
                .containsExactly(OnFail.WARN, OnFail.QUARANTINE, OnFail.WARN, OnFail.FAIL, OnFail.WARN);
        assertThat(checks)
                .extracting(Check::rule)
                .containsExactly(
                        "'origin', 'day' must not be NULL",
                        "'origin' must be one of FRA, MUC, HAM",
                        "'delay' must be between -60 and 1440",
                        "the number of rows must be at least 1",
                        "delay IS NOT NULL\nOR cancelled must be true");
        assertThat(((Check.CustomSql) checks.get(4)).threshold()).isEqualTo(0.1);
    }

    @Test
    void readsTheQuarantine() {
        Quarantine quarantine = node(0, 0).validation().quarantine().orElseThrow();

        assertThat(quarantine.columns())
                .containsExactlyInAnyOrder(
                        RejectionColumn.REJECTION_REASON,
                        RejectionColumn.REJECTED_AT,
                        RejectionColumn.FAILED_TESTS,
                        RejectionColumn.ORIGINAL_NODE);
        assertThat(quarantine.write().format()).isEqualTo(Format.PARQUET);
        assertThat(quarantine.write().mode()).isEqualTo(WriteMode.APPEND);
        assertThat(quarantine.write().mergeSchema()).isTrue();
    }

    @Test
    void readsInputsAndSteps() {
        Node report = node(1, 0);

        assertThat(report.inputs()).extracting(Input::name).containsExactly("flights", "airports");
        assertThat(((Input.FromNode) report.inputs().get(0)).node()).isEqualTo(new NodeId("bronze", "flights"));
        assertThat(report.steps())
                .extracting(s -> s.text().text())
                .containsExactly(
                        "SELECT origin, avg(delay) AS delay\nFROM flights GROUP BY origin\n",
                        "SELECT * FROM df WHERE delay > -60",
                        "-- the hub first\nSELECT *\nFROM df\nORDER BY origin <> 'HAM', origin\n");
        assertThat(report.onError()).isEqualTo(OnError.IGNORE);
        assertThat(report.dialect()).isEqualTo(Dialect.DUCKDB);
        assertThat(node(0, 0).dialect()).isEqualTo(Dialect.COMMON);
        assertThat(node(1, 1).enabled()).isFalse();
        assertThat(node(1, 1).dependsOn()).extracting(Node.Dependency::name).containsExactly("report");
        assertThat(node(1, 1).tags()).containsExactly("docs");
        assertThat(node(1, 1).validation()).isEqualTo(Validation.NONE);
        assertThat(node(1, 1).write().map(Write::mergeSchema)).isEqualTo(Optional.of(false));
    }

    @Test
    void readsWhatIsSaidAboutColumns() {
        Node flights = node(0, 0);

        assertThat(flights.columns().declared())
                .extracting(c -> c.name() + " " + c.description() + " " + c.tags() + " " + c.pii() + " " + c.span())
                .containsExactly(
                        "origin Airport [iata] false src/test/projects/flights/tarn.yaml:72:11",
                        "passenger  [] true src/test/projects/flights/tarn.yaml:73:11");
        assertThat(flights.columns().sensitive()).containsExactly("passenger");
        assertThat(flights.columns().allSensitive()).isFalse();
        assertThat(flights.cache()).isTrue();
        assertThat(node(1, 0).columns()).isEqualTo(new Columns(List.of(), true, List.of()));
        assertThat(node(1, 0).cache()).isFalse();
        assertThat(node(1, 1).columns()).isEqualTo(Columns.NONE);
    }

    @Test
    void knowsWhereSqlStands() {
        Node report = node(1, 0);

        assertThat(positionOf(report.steps().get(0), "flights"))
                .hasToString("src/test/projects/flights/tarn.yaml:86:20");
        assertThat(positionOf(report.steps().get(1), "delay")).hasToString("src/test/projects/flights/tarn.yaml:87:43");
        assertThat(positionOf(report.steps().get(1), "-60")).hasToString("src/test/projects/flights/tarn.yaml:87:51");
        assertThat(positionOf(report.steps().get(2), ", origin"))
                .hasToString("src/test/projects/flights/sql/report.sql:4:33");
    }

    private static Object positionOf(Step step, String word) {
        return step.text().span(step.text().text().indexOf(word), word.length());
    }

    private Node node(int pipeline, int node) {
        return project.pipelines().get(pipeline).nodes().get(node);
    }
}
