package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.cli.render.Progress;
import dev.tarn.cli.render.RunJson;
import dev.tarn.cli.render.RunText;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.run.PipelineRunner;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.run.RunSettings;
import dev.tarn.core.select.Selection;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.state.RunId;
import dev.tarn.core.state.WorkFolder;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tarn run}: loads a project, plans it and runs the plan. */
@Command(
        name = "run",
        description = "Run a project's pipelines, or some of their nodes.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {

    private final Console console;
    private final Cancellation interrupt;
    private final Clock clock = Clock.systemUTC();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ProjectOptions project = new ProjectOptions();

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Nodes that may run at the same time (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(names = "--dry-run", description = "Show what would run, and touch nothing.")
    private boolean dryRun;

    RunCommand(Console console, Cancellation interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() {
        if (workers < 1) {
            throw new ParameterException(spec.commandLine(), "--workers must be at least 1");
        }
        Selection selected = selection.parse();
        try (LoadedProject loaded = LoadedProject.load(project)) {
            return loaded.problems().hasErrors() ? invalid(loaded) : runOnly(loaded.only(selected));
        }
    }

    private int runOnly(LoadedProject loaded) {
        if (loaded.problems().hasErrors()) {
            return invalid(loaded);
        }
        return dryRun ? showPlan(loaded) : run(loaded);
    }

    private int unwritable(IOException e) {
        new ErrorText(console)
                .environment(
                        ProblemCode.STATE_UNWRITABLE,
                        "the state folder '.tarn' beside the project cannot be written (" + reason(e) + ")",
                        "make the project's folder writable; nothing was run",
                        project.json());
        return ExitCode.INVALID;
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + e.getMessage();
        }
        return e instanceof FileAlreadyExistsException ? e.getMessage() + " is a file" : String.valueOf(e.getMessage());
    }

    private int invalid(LoadedProject loaded) {
        return loaded.invalid(console, "tarn/run/v1", project.json());
    }

    private int showPlan(LoadedProject loaded) {
        if (project.json()) {
            new RunJson(console).plan(loaded.plan(), loaded.problems());
        } else {
            new ProblemText(console).print(loaded.problems());
            new RunText(console).plan(loaded.plan());
        }
        return ExitCode.OK;
    }

    private int run(LoadedProject loaded) {
        new ProblemText(console).print(loaded.problems());
        String runId = RunId.create(clock);
        try (WorkFolder folder = WorkFolder.create(loaded.project().directory(), runId)) {
            return run(loaded, runId, folder);
        } catch (IOException e) {
            return unwritable(e);
        }
    }

    private int run(LoadedProject loaded, String runId, WorkFolder folder) {
        try (Session session = loaded.engine().open(new SessionSettings(runId, folder.path()))) {
            RunSettings settings = new RunSettings(runId, workers, clock);
            PipelineRunner runner = new PipelineRunner(settings, Progress.on(console), interrupt);
            RunResult result = runner.run(loaded.plan(), session);
            report(loaded, result);
            return exitCode(result);
        }
    }

    private void report(LoadedProject loaded, RunResult result) {
        new RunText(console).failures(result, project.trace);
        if (project.json()) {
            new RunJson(console).result(loaded.project(), result, loaded.problems());
        } else {
            new RunText(console).summary(result);
        }
    }

    private static int exitCode(RunResult result) {
        if (result.interrupted()) {
            return ExitCode.INTERRUPTED;
        }
        return result.succeeded() ? ExitCode.OK : ExitCode.FAILED;
    }
}
