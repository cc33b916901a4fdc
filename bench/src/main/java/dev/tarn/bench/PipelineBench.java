package dev.tarn.bench;

import dev.tarn.core.connection.Connections;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.EngineFactory;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.Planner;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.project.StorySettings;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.run.PipelineRunner;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.run.RunSettings;
import dev.tarn.core.run.Tracing;
import dev.tarn.core.source.Problems;
import dev.tarn.core.state.RunId;
import dev.tarn.core.state.WorkFolder;
import dev.tarn.core.story.StoryFacts;
import dev.tarn.core.story.StoryFolder;
import dev.tarn.core.story.StoryRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The flights example at 3 million rows against the same SQL sent straight to DuckDB, plus an fsync of the files.
 *
 * <p>{@code TARN_BENCH_FLIGHTS} names a Parquet file with the columns of the example's; without it one is generated.
 */
public final class PipelineBench {

    private static final int ROUNDS = 7;
    private static final long GENERATED_ROWS = 3_000_000;

    private PipelineBench() {}

    /** Runs the comparison; the only argument is the folder of the flights example. */
    public static void main(String[] args) throws Exception {
        Path example = Path.of(args[0]).toAbsolutePath().normalize();
        Path folder = Files.createTempDirectory("tarn-bench");
        try {
            Path flights = flights(folder);
            long rows = rows(flights);
            Measurement.print("flights pipeline, %,d rows%n", rows);
            Path project = copy(example, folder.resolve("project"));
            PlainDuckDb plain = new PlainDuckDb(project, flights, folder.resolve("plain"));
            new Measurement("pipeline", ROUNDS)
                    .compare("tarn", () -> tarn(project, flights), "duckdb + fsync", plain::run, rows);
        } finally {
            delete(folder);
        }
    }

    static Path flights(Path folder) throws SQLException {
        String given = System.getenv("TARN_BENCH_FLIGHTS");
        if (given != null && !given.isBlank()) {
            return Path.of(given).toAbsolutePath();
        }
        Path generated = folder.resolve("flights-generated.parquet");
        execute("COPY (SELECT timestamp '2001-01-01' + interval (i // 12) minute AS date,"
                + " (abs(hash(i, 1)::HUGEINT % 120) - 20)::BIGINT AS delay, (100 + hash(i, 2) % 2500)::BIGINT AS distance,"
                + " ['ATL', 'ORD', 'DFW', 'LAX', 'PHX', 'DEN', 'SFO', 'MSP'][1 + (hash(i, 3) % 8)::INT] AS origin,"
                + " ['DTW', 'STL', 'EWR', 'BOS', 'SEA', 'MIA', 'PHL', 'LAS'][1 + (hash(i, 4) % 8)::INT] AS destination"
                + " FROM range(" + GENERATED_ROWS + ") t(i)) TO '" + generated + "' (FORMAT parquet)");
        return generated;
    }

    static long rows(Path parquet) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM '" + parquet + "'")) {
            result.next();
            return result.getLong(1);
        }
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void tarn(Path directory, Path flights) throws IOException {
        try (Engine engine = ServiceLoader.load(EngineFactory.class)
                .findFirst()
                .orElseThrow()
                .create()) {
            run(engine, Map.of(), directory, flights);
        }
    }

    /** What {@code tarn run} does, with its story, without the start of the process and the history. */
    static void run(Engine engine, Map<String, String> engineSettings, Path directory, Path flights)
            throws IOException {
        Problems problems = new Problems();
        Clock clock = Clock.systemUTC();
        Project project =
                new ProjectLoader(Map.of("TARN_FLIGHTS", flights.toString()), clock).load(directory, problems);
        String runId = RunId.create(clock);
        Plan plan = Planner.plan(project, engine, problems);
        if (problems.hasErrors()) {
            throw new IllegalStateException(problems.all().toString());
        }
        try (WorkFolder work = WorkFolder.create(project.directory(), runId);
                Session session =
                        engine.open(new SessionSettings(runId, work.path(), Connections.NONE, engineSettings))) {
            StoryRecorder recorder = new StoryRecorder(plan, plan);
            StorySettings story = project.story();
            RunSettings settings =
                    new RunSettings(runId, 4, clock, Optional.of(new Tracing(story.sampleRows(), story.brokenRows())));
            RunResult result = new PipelineRunner(settings, recorder, new Cancellation()).run(plan, session);
            if (!result.succeeded()) {
                throw new IllegalStateException(result.toString());
            }
            StoryFacts facts = new StoryFacts(Optional.empty(), "bench", "", Optional.empty(), false);
            new StoryFolder(story.folder()).write(recorder.story(result, facts, Map.of()));
        }
    }

    static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.toList()) {
                Path twin = to.resolve(from.relativize(file).toString());
                boolean output = from.relativize(file).startsWith("lake")
                        || from.relativize(file).startsWith(".tarn");
                if (Files.isDirectory(file) && !output) {
                    Files.createDirectories(twin);
                } else if (!output) {
                    Files.copy(file, twin);
                }
            }
        }
        return to;
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> walk = Files.walk(folder)) {
            deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
