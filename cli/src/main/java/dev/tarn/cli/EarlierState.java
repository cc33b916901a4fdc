package dev.tarn.cli;

import dev.tarn.core.manifest.Changes;
import dev.tarn.core.manifest.Manifest;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.Planner;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.select.Earlier;
import dev.tarn.core.select.Outcome;
import dev.tarn.core.select.Selection;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.Severity;
import dev.tarn.core.state.history.HistoryException;
import dev.tarn.core.state.history.PastRuns;
import dev.tarn.core.state.history.RunHistory;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Finds what {@code state:} and {@code result:} ask for: in a run of the history, in another copy of the project, or in a
 * manifest that was saved of one.
 */
final class EarlierState {

    /** The newest run; also what is meant when nothing is given. */
    private static final String LAST = "last";

    private final LoadedProject loaded;
    private final Optional<String> given;

    private EarlierState(LoadedProject loaded, Optional<String> given) {
        this.loaded = loaded;
        this.given = given;
    }

    /**
     * What the selection asks for.
     *
     * @param given the value of {@code --state}
     * @throws UsageException if it is not there
     */
    static Earlier of(Selection selection, Optional<String> given, LoadedProject loaded) {
        EarlierState state = new EarlierState(loaded, given);
        boolean changes = selection.comparesState();
        boolean outcomes = selection.asksForOutcomes();
        if (!changes && !outcomes) {
            state.refuseUnused();
            return Earlier.NOTHING;
        }
        return new Earlier(
                changes ? Optional.of(state.changes()) : Optional.empty(),
                outcomes ? Optional.of(state.outcomes()) : Optional.empty());
    }

    /** The names of all recorded runs, the newest first. */
    static List<String> runs(LoadedProject loaded) {
        try (RunHistory history = RunHistory.openExisting(loaded.project().directory(), Clock.systemUTC())
                .orElse(null)) {
            return history == null
                    ? List.of()
                    : history.past(loaded.historyName()).names();
        } catch (HistoryException e) {
            return List.of();
        }
    }

    private void refuseUnused() {
        if (given.isPresent()) {
            throw new UsageException(
                    "--state has no effect: no selector asks for it",
                    "use it with --select state:modified, state:new or result:error");
        }
    }

    private Changes changes() {
        Manifest now = Manifest.of(loaded.whole());
        Optional<Path> path = given.flatMap(EarlierState::existing);
        if (path.isPresent()) {
            return now.since(manifest(path.get()), Names.quoted(path.get().toString()));
        }
        return withRun((runs, run) -> now.since(
                runs.manifest(run)
                        .orElseThrow(() -> new UsageException(
                                "what the nodes were in run " + run + " is not known: an older Tarn recorded it",
                                "name a newer run, or a copy of the project: --state FOLDER")),
                "run " + run));
    }

    private Map<NodeId, Set<Outcome>> outcomes() {
        given.flatMap(EarlierState::existing).ifPresent(path -> {
            throw new UsageException(
                    "'result:' asks for a run, and " + Names.quoted(path.toString()) + " is none",
                    "use --state with the name of a run; without it the last one is taken");
        });
        return withRun(PastRuns::outcomes);
    }

    private <T> T withRun(BiFunction<PastRuns, String, T> question) {
        try (RunHistory history = RunHistory.openExisting(loaded.project().directory(), Clock.systemUTC())
                .orElseThrow(this::noRun)) {
            PastRuns runs = history.past(loaded.historyName());
            return question.apply(runs, run(runs.names()));
        } catch (HistoryException e) {
            throw new UsageException("the history of runs is not readable: " + e.getMessage(), e.help());
        }
    }

    private String run(List<String> known) {
        if (known.isEmpty()) {
            throw noRun();
        }
        String name = given.orElse(LAST);
        if (name.equals(LAST)) {
            return known.get(0);
        }
        if (!known.contains(name)) {
            throw new UsageException(
                    "--state " + Names.quoted(name) + " is neither a folder, a file nor a run of '"
                            + loaded.historyName() + "'",
                    Names.didYouMean(name, known).orElse("the last run is " + known.get(0)));
        }
        return name;
    }

    private UsageException noRun() {
        return new UsageException(
                given.filter(name -> !name.equals(LAST))
                                .map(name -> "--state " + Names.quoted(name) + " is neither a folder nor a file, and ")
                                .orElse("there is nothing to compare with: ")
                        + "no run of '" + loaded.historyName() + "' is recorded",
                "run the project once, or compare it with a copy: --state FOLDER");
    }

    private static Optional<Path> existing(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private Manifest manifest(Path path) {
        String name = String.valueOf(path.getFileName());
        return Files.isDirectory(path) || name.endsWith(".yaml") || name.endsWith(".yml")
                ? ofProject(path)
                : saved(path);
    }

    private static Manifest saved(Path file) {
        try {
            return Manifest.parse(Files.readString(file))
                    .orElseThrow(() -> new UsageException(
                            Names.quoted(file.toString()) + " is no manifest that this Tarn understands",
                            "make one with 'tarn ls --save-state FILE'"));
        } catch (MalformedInputException e) {
            throw new UsageException(
                    Names.quoted(file.toString()) + " is no manifest", "make one with 'tarn ls --save-state FILE'");
        } catch (IOException e) {
            throw new UsageException(
                    Names.quoted(file.toString()) + " cannot be read: " + e.getMessage(), "make it readable");
        }
    }

    /** The other project in the same environment: only what was written differently is to count. */
    private Manifest ofProject(Path path) {
        Problems problems = new Problems();
        Optional<String> environment =
                Optional.of(loaded.project().environment()).filter(name -> !name.isEmpty());
        Project other = new ProjectLoader(System.getenv(), Clock.systemUTC()).load(path, environment, problems);
        Plan plan = Planner.plan(other, loaded.engine(), problems);
        problems.all().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .findFirst()
                .ifPresent(problem -> {
                    throw invalid(path, problem);
                });
        return Manifest.of(plan);
    }

    private static UsageException invalid(Path path, Problem problem) {
        return new UsageException(
                "the project to compare with is not valid: " + problem.message() + " (" + problem.span() + ")",
                "'tarn validate " + path + "' says all that is wrong with it");
    }
}
