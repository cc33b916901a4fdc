package dev.tarn.engine.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.Planner;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.project.Read;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.PipelineRunner;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.run.RunSettings;
import dev.tarn.core.run.Tracing;
import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A project in a folder that is run on an engine; its tables are read by DuckDB, whoever wrote them. */
final class TestProject {

    private static final String HEAD = """
            project: test
            dialect: common
            connections:
              data: {type: local, base_path: .}
            pipelines:
              - pipeline: p
                nodes:
            """;

    private final Path folder;
    private int runs;

    TestProject(Path folder) {
        this.folder = folder;
    }

    TestProject file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** @param nodes YAML of the nodes, each beginning with {@code - name:} */
    TestProject nodes(String nodes) throws IOException {
        return file("tarn.yaml", HEAD + nodes.indent(6));
    }

    List<Problem> problems(TestEngine which) {
        Problems problems = new Problems();
        plan(which, problems);
        return problems.all();
    }

    private Plan plan(TestEngine which, Problems problems) {
        Project project = new ProjectLoader(Map.of(), Clock.systemUTC()).load(folder, Optional.empty(), problems);
        Engine engine = which.open();
        try {
            return Planner.plan(project, engine, problems);
        } finally {
            which.close(engine);
        }
    }

    RunResult run(TestEngine which) throws IOException {
        Problems problems = new Problems();
        Plan plan = plan(which, problems);
        assertThat(problems.all()).isEmpty();
        String id = "run-" + ++runs;
        Engine engine = which.open();
        try (Session session =
                engine.open(new SessionSettings(id, Files.createDirectories(folder.resolve(".tarn/" + which + id))))) {
            RunSettings settings = new RunSettings(id, 2, Clock.systemUTC(), Optional.of(new Tracing(3, 3)));
            return new PipelineRunner(settings, new RunListener() {}, new Cancellation()).run(plan, session);
        } finally {
            which.close(engine);
        }
    }

    RunResult succeed(TestEngine which) throws IOException {
        RunResult result = run(which);
        assertThat(result.nodes())
                .allSatisfy(node -> assertThat(node)
                        .as(() -> node instanceof NodeResult.Failed failed ? said(failed.failure()) : "")
                        .isInstanceOf(NodeResult.Succeeded.class));
        return result;
    }

    private static String said(Failure failure) {
        return failure + " " + failure.help() + " "
                + (failure.cause() == null
                        ? ""
                        : java.util.Arrays.toString(failure.cause().getStackTrace()));
    }

    Failure fail(TestEngine which) throws IOException {
        return run(which).nodes().stream()
                .filter(NodeResult.Failed.class::isInstance)
                .map(node -> ((NodeResult.Failed) node).failure())
                .findFirst()
                .orElseThrow(() -> new AssertionError("the run succeeded"));
    }

    /** The table's columns with their types, and its rows in order, as text. */
    List<String> table(String path) throws IOException {
        return rows(Format.DELTA, path);
    }

    List<String> rows(Format format, String path) throws IOException {
        Engine engine = TestEngine.DUCKDB.open();
        try (Session session =
                engine.open(new SessionSettings("look", Files.createDirectories(folder.resolve(".tarn/look"))))) {
            Location location =
                    new Location("data", path, folder.resolve(path).toString(), new SourceFile("test", "x").start());
            Read read = new Read(
                    format,
                    location,
                    List.of(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    new SourceFile("test", "x").start());
            Sample sample = session.look(session.cache(session.read(read)), 1_000_000);
            List<String> rows = new java.util.ArrayList<>();
            rows.add(String.join(
                    ", ",
                    sample.columns().stream()
                            .map(column -> column.name() + " " + column.type())
                            .toList()));
            sample.rows().stream()
                    .map(row -> String.join(
                            "|", row.stream().map(value -> value.orElse("NULL")).toList()))
                    .sorted(Comparator.naturalOrder())
                    .forEach(rows::add);
            return rows;
        } finally {
            engine.close();
        }
    }

    Path path(String name) {
        return folder.resolve(name);
    }
}
