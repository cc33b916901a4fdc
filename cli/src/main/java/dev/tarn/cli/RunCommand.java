package dev.tarn.cli;

import dev.tarn.cli.log.ProblemLog;
import dev.tarn.cli.log.RunLogs;
import dev.tarn.cli.render.ChangeText;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.cli.render.RunJson;
import dev.tarn.cli.render.RunText;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.manifest.Manifest;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.run.PipelineRunner;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunListeners;
import dev.tarn.core.run.RunLog;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.run.RunSettings;
import dev.tarn.core.select.Selection;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.state.RunId;
import dev.tarn.core.state.WorkFolder;
import dev.tarn.core.state.history.EarlierRuns;
import dev.tarn.core.state.history.Fingerprints;
import dev.tarn.core.state.history.HistoryException;
import dev.tarn.core.state.history.HistoryRecorder;
import dev.tarn.core.state.history.Recovery;
import dev.tarn.core.state.history.Resumption;
import dev.tarn.core.state.history.RunStart;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        addMethodSubcommands = false,
        description = "Run a project's pipelines, or some of their nodes.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {

    private final Console console;
    private final ProjectLoading loading;
    /** What people read; a log of JSON is alone on standard error. */
    private Console people;

    private Optional<ProblemLog> problemLog = Optional.empty();

    private final Cancellation interrupt;
    private final Clock clock = Clock.systemUTC();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ProjectOptions project = new ProjectOptions();

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Mixin
    private ReportOptions report = new ReportOptions();

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Nodes that may run at the same time (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "With the engine spark, where it runs: local[*], spark://host:7077 (default: as the project says, "
                            + "else local[*]).")
    private Optional<String> master = Optional.empty();

    @Option(names = "--dry-run", description = "Show what would run, and touch nothing.")
    private boolean dryRun;

    @Option(
            names = "--resume",
            description = "Run only what failed or was not finished, or has changed, and what depends on it.")
    private boolean resume;

    RunCommand(Console console, ProjectLoading loading, Cancellation interrupt) {
        this.console = console;
        this.loading = loading;
        this.people = console;
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() {
        if (workers < 1) {
            throw new ParameterException(spec.commandLine(), "--workers must be at least 1");
        }
        if (resume && dryRun) {
            throw new ParameterException(spec.commandLine(), "--resume and --dry-run exclude each other");
        }
        Selection selected = selection.parse();
        if (resume && !selected.isWhole()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--resume works on the whole project: it cannot be combined with --select or --exclude");
        }
        if (!dryRun) {
            HistoryRecorder.prepare();
        }
        try (LoadedProject loaded = loading.load(project);
                RunLogs log = report.openLog(console, loaded.project())) {
            if (log.isForPrograms()) {
                people = console.withoutErr();
                problemLog = Optional.of(new ProblemLog());
            }
            return loaded.problems().hasErrors() ? invalid(loaded) : runOnly(loaded, selected);
        }
    }

    private int runOnly(LoadedProject whole, Selection asked) {
        Selected selected = selection.in(whole, asked);
        selected.earlier().changes().ifPresent(changes -> new ChangeText(people).print(changes, selected.nodes()));
        if (selected.nodes().isEmpty()) {
            return nothingToDo(whole);
        }
        LoadedProject loaded = whole.only(selected.nodes());
        if (loaded.problems().hasErrors()) {
            return invalid(loaded);
        }
        return dryRun ? showPlan(loaded) : run(loaded);
    }

    /** No run is recorded: there is nothing that the next one could build on. */
    private int nothingToDo(LoadedProject loaded) {
        new ProblemText(people).print(loaded.problems());
        if (project.json()) {
            new RunJson(console).nothing(loaded.project(), dryRun, loaded.problems());
        } else {
            new ChangeText(people).nothing();
        }
        return ExitCode.OK;
    }

    private int unwritable(IOException e) {
        return environment(
                ProblemCode.STATE_UNWRITABLE,
                "the state folder '.tarn' beside the project cannot be written (" + reason(e) + ")",
                "make the project's folder writable; nothing was run");
    }

    private int environment(ProblemCode code, String message, String help) {
        problemLog.ifPresent(log -> log.error(code, message, help));
        new ErrorText(people).environment(code, message, help, project.json());
        return ExitCode.INVALID;
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + e.getMessage();
        }
        return e instanceof FileAlreadyExistsException ? e.getMessage() + " is a file" : String.valueOf(e.getMessage());
    }

    private int invalid(LoadedProject loaded) {
        problemLog.ifPresent(log -> log.log(loaded.problems()));
        return loaded.invalid(people, "tarn/run/v1", project.json());
    }

    private int showPlan(LoadedProject loaded) {
        if (project.json()) {
            new RunJson(console).plan(loaded.plan(), loaded.problems());
        } else {
            new ProblemText(people).print(loaded.problems());
            new RunText(people).plan(loaded.plan());
        }
        return ExitCode.OK;
    }

    private int run(LoadedProject loaded) {
        problemLog.ifPresent(log -> log.log(loaded.problems()));
        new ProblemText(people).print(loaded.problems());
        RunStart start = start(loaded);
        Path directory = loaded.project().directory();
        try (WorkFolder folder = WorkFolder.create(directory, start.runId());
                HistoryRecorder history = HistoryRecorder.open(directory, start, clock)) {
            return run(
                    loaded,
                    new SessionSettings(
                            start.runId(), folder.path(), connections(loaded), engineSettings(loaded.project())),
                    history);
        } catch (FailureException e) {
            return environment(
                    e.failure().code(),
                    e.failure().message(),
                    e.failure().help().orElse("nothing was run"));
        } catch (HistoryException e) {
            return unknownHistory(e);
        } catch (IOException e) {
            return unwritable(e);
        }
    }

    private Connections connections(LoadedProject loaded) {
        return new ProjectConnections(project.path(), loaded.project(), console.redaction()).all();
    }

    private Map<String, String> engineSettings(Project project) {
        Map<String, String> settings = new HashMap<>(project.spark().config());
        master.or(() -> project.spark().master()).ifPresent(url -> settings.put("spark.master", url));
        return settings;
    }

    private RunStart start(LoadedProject loaded) {
        return new RunStart(
                RunId.create(clock),
                loaded.historyName(),
                loaded.project().environment(),
                clock.instant(),
                Version.number(),
                options(),
                loaded.plan().selected().stream().map(PlannedNode::id).toList(),
                Manifest.of(loaded.whole()));
    }

    private String options() {
        String environment = project.environment.map(name -> " --env " + name).orElse("");
        return console.redaction()
                .apply("--workers " + workers + environment + selection.text() + (resume ? " --resume" : ""));
    }

    private int run(LoadedProject loaded, SessionSettings settings, HistoryRecorder history) {
        // An engine that does not start leaves no run that would have to be resumed.
        try (Session session = loaded.engine().open(settings)) {
            if (!resume) {
                history.begin();
            }
            Map<NodeId, String> fingerprints = Fingerprints.of(loaded.plan().nodes(), loaded.whole(), session);
            Recovery recovery = resume ? recovery(loaded, history, fingerprints, session) : Recovery.NONE;
            Resumption resumption =
                    resume ? resumption(loaded, history.earlier(), fingerprints, session) : Resumption.NONE;
            if (resume) {
                history.begin();
            }
            history.awaitStart(fingerprints, resumption.madeBefore());
            RunStory story = RunStory.of(loaded, history, clock, console.redaction());
            RunListener listener = new RunListeners(List.of(
                    report.progress(console, loaded.project()),
                    new RunLog(settings.runId()),
                    history,
                    story.recorder()));
            RunResult result = new PipelineRunner(
                            new RunSettings(
                                    settings.runId(),
                                    workers,
                                    clock,
                                    story.tracing(),
                                    recovery.committed(),
                                    console.redaction()),
                            listener,
                            interrupt)
                    .run(loaded.plan(), resumption.upToDate(), session);
            Optional<Path> page = story.write(result, options(), this::warnOfStory);
            report(loaded, result, page);
            history.finish().ifPresent(this::warnOfHistory);
            return exitCode(result);
        }
    }

    /** What a killed run had written is recorded before it is asked what is left to do. */
    private Recovery recovery(
            LoadedProject loaded, HistoryRecorder history, Map<NodeId, String> fingerprints, Session session) {
        Recovery recovery = Recovery.of(loaded.plan(), history.earlier(), fingerprints, session);
        history.complete(recovery);
        new RunText(people).recovery(recovery);
        return recovery;
    }

    private Resumption resumption(
            LoadedProject loaded, EarlierRuns earlier, Map<NodeId, String> fingerprints, Session session) {
        RunText text = new RunText(people);
        if (earlier.isEmpty()) {
            text.nothingToResume(loaded.project());
            return Resumption.NONE;
        }
        Resumption resumption = Resumption.of(loaded.plan(), earlier, fingerprints, loaded.engine(), session);
        text.resumption(loaded.plan(), resumption);
        return resumption;
    }

    /** To run everything instead would append again what was appended already. */
    private int unknownHistory(HistoryException e) {
        return environment(
                ProblemCode.HISTORY_UNREADABLE,
                "--resume does not know what ran before: " + e.getMessage(),
                e.help() + "; or run without --resume. Nothing was run");
    }

    private void warnOfHistory(HistoryException e) {
        String message = "this run is not, or not wholly, in the history: " + e.getMessage();
        problemLog.ifPresent(log -> log.warning(message, e.help()));
        new ErrorText(people).warning(message, e.help());
        Throwable cause = e.getCause();
        if (project.trace && cause != null) {
            cause.printStackTrace(people.err());
        }
    }

    private void warnOfStory(Exception e) {
        String message = "this run has no story: " + (e instanceof IOException io ? reason(io) : String.valueOf(e));
        String help = "the run itself is not touched by it; 'story' in the project file says where stories go";
        problemLog.ifPresent(log -> log.warning(message, help));
        new ErrorText(people).warning(message, help);
        if (project.trace) {
            e.printStackTrace(people.err());
        }
    }

    private void report(LoadedProject loaded, RunResult result, Optional<Path> story) {
        new RunText(people).failures(result, project.trace);
        if (project.json()) {
            new RunJson(console).result(loaded.project(), result, story, loaded.problems());
        } else {
            new RunText(people).summary(result);
            story.ifPresent(new RunText(people)::story);
        }
    }

    private static int exitCode(RunResult result) {
        if (result.interrupted()) {
            return ExitCode.INTERRUPTED;
        }
        return result.succeeded() ? ExitCode.OK : ExitCode.FAILED;
    }
}
