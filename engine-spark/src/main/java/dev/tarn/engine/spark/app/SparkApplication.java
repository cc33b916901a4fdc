package dev.tarn.engine.spark.app;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.Planner;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.run.PipelineRunner;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.run.RunSettings;
import dev.tarn.core.select.Selection;
import dev.tarn.core.select.SelectionException;
import dev.tarn.core.source.Problems;
import dev.tarn.core.state.RunId;
import dev.tarn.core.state.WorkFolder;
import dev.tarn.engine.spark.SparkEngineFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a project where Spark is: {@code spark-submit tarn-spark-app.jar run PROJECT}.
 *
 * <p>A run that does not succeed ends with an exception, which is what every platform understands as a failed job; an exit code
 * is lost on some, and ends the driver of all jobs on others.
 */
public final class SparkApplication {

    private final PrintStream out;
    private final Clock clock = Clock.systemUTC();
    private final Redaction redaction = new Redaction();

    private SparkApplication(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the project that the arguments name, on the Spark that has started this.
     *
     * @param args see {@link Arguments#USAGE}
     */
    public static void main(String... args) throws IOException {
        Optional<String> failure;
        try {
            failure = new SparkApplication(System.out).run(Arguments.of(args));
        } catch (SelectionException | IllegalArgumentException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
        if (failure.isPresent()) {
            throw new FailedRunException(failure.get());
        }
    }

    /** Runs what the arguments say; gives what has gone wrong. */
    private Optional<String> run(Arguments arguments) throws IOException {
        Problems problems = new Problems();
        Project project = new ProjectLoader(System.getenv(), clock, redaction)
                .load(arguments.project(), arguments.environment(), problems);
        Lines lines = new Lines(out, redaction);
        try (Engine engine = engine()) {
            Plan whole = Planner.plan(project, engine, problems);
            Plan plan = problems.hasErrors() ? whole : selected(whole, arguments, problems);
            lines.problems(problems);
            if (problems.hasErrors()) {
                return Optional.of("the project cannot be run; its problems are above");
            }
            return run(plan, engine, arguments, lines);
        } catch (FailureException e) {
            return Optional.of(lines.text(e.failure()));
        }
    }

    private static Engine engine() {
        SparkEngineFactory factory = new SparkEngineFactory();
        factory.checkVersion();
        return factory.create();
    }

    private static Plan selected(Plan whole, Arguments arguments, Problems problems) {
        Selection selection = Selection.parse(arguments.select(), arguments.exclude());
        return selection.isWhole() ? whole : whole.only(selection.of(whole), problems);
    }

    private Optional<String> run(Plan plan, Engine engine, Arguments arguments, Lines lines) throws IOException {
        String runId = RunId.create(clock);
        Map<String, String> settings = new HashMap<>(plan.project().spark().config());
        arguments
                .master()
                .or(() -> plan.project().spark().master())
                .ifPresent(master -> settings.put("spark.master", master));
        try (WorkFolder folder = WorkFolder.create(plan.project().directory(), runId);
                Session session = engine.open(new SessionSettings(
                        runId, folder.path(), dev.tarn.core.connection.Connections.NONE, settings))) {
            RunResult result = new PipelineRunner(
                            new RunSettings(runId, arguments.workers(), clock), lines, new Cancellation())
                    .run(plan, session);
            return result.succeeded() ? Optional.empty() : Optional.of("run " + runId + " failed");
        }
    }
}
