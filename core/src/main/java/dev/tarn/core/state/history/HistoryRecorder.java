package dev.tarn.core.state.history;

import dev.tarn.core.manifest.CanonicalText;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunResult;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run into the history while it goes on, in a thread of its own: opening SQLite takes as long as opening the
 * engine, and no node waits for a flush. After the first failure nothing more is written; the run goes on.
 */
public final class HistoryRecorder implements RunListener, AutoCloseable {

    private final Path directory;
    private final RunStart run;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> thread(task, "tarn-history"));
    private final CompletableFuture<RunHistory> history;
    private CompletableFuture<Optional<GitRevision>> revision = CompletableFuture.completedFuture(Optional.empty());
    private CompletableFuture<Void> git = CompletableFuture.completedFuture(null);
    private volatile Map<NodeId, String> fingerprints = Map.of();
    private volatile Map<NodeId, String> madeBefore = Map.of();
    /** Of the writer's thread, until it has ended. */
    private @Nullable HistoryException problem;

    private HistoryRecorder(Path directory, RunStart run, Clock clock) {
        this.directory = directory;
        this.run = run;
        this.history = CompletableFuture.supplyAsync(() -> RunHistory.open(directory, clock), writer);
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Begins to load what takes long to load, SQLite and the JDK's list of hashes (50 ms), while the project is read and
     * planned on another core.
     */
    public static void prepare() {
        Runnable load = () -> {
            CanonicalText.sha256("");
            HistoryDatabase.load();
        };
        thread(load, "tarn-sqlite").start();
    }

    /** Begins to open the history of a project's folder. */
    public static HistoryRecorder open(Path directory, RunStart run, Clock clock) {
        return new HistoryRecorder(directory, run, clock);
    }

    /** What ran before this run; waits for it. Throws where that cannot be told. */
    public EarlierRuns earlier() {
        try {
            return history.thenApplyAsync(open -> open.earlier(run.project()), writer)
                    .join();
        } catch (CompletionException e) {
            throw asProblem(e);
        }
    }

    /** Completes the records of earlier runs; waits for it. Throws where that cannot be done. */
    public void complete(Recovery recovery) {
        if (recovery.done().isEmpty()) {
            return;
        }
        try {
            history.thenAcceptAsync(open -> open.complete(recovery.done()), writer)
                    .join();
        } catch (CompletionException e) {
            throw asProblem(e);
        }
    }

    /** Begins to look up each node's last success before this run; fails where that cannot be told. */
    public CompletableFuture<Map<NodeId, PastRuns.Success>> lastSuccesses() {
        return history.thenApplyAsync(open -> open.past(run.project()).lastSuccesses(run.runId()), writer);
    }

    /** From which commit the run works; waits for git's answer. Empty where there is none. */
    public Optional<GitRevision> revision() {
        return revision.join();
    }

    /** Begins to store that the run has started, and from which commit. */
    public void begin() {
        write(open -> open.begin(run));
        revision = CompletableFuture.supplyAsync(
                () -> GitRevision.of(directory),
                task -> thread(task, "tarn-git").start());
        git = revision.thenAccept(found ->
                found.ifPresent(commit -> write(open -> open.describe(run.runId(), commit))));
    }

    /**
     * Waits until the start is stored, or cannot be: a killed run must be known before it touches anything.
     *
     * @param madeBefore nodes that run again only to make for others what an earlier run had made, and that run
     */
    public void awaitStart(Map<NodeId, String> fingerprints, Map<NodeId, String> madeBefore) {
        this.fingerprints = Map.copyOf(fingerprints);
        this.madeBefore = Map.copyOf(madeBefore);
        write(open -> open.plan(run.runId(), this.fingerprints));
        CompletableFuture.runAsync(() -> {}, writer).join();
    }

    @Override
    public void nodeFinished(NodeResult result) {
        if (!run.nodes().contains(result.node())) {
            return;
        }
        Optional<String> fingerprint = Optional.ofNullable(fingerprints.get(result.node()));
        write(open -> open.append(run.runId(), result, fingerprint, madeBy(result)));
    }

    private String madeBy(NodeResult result) {
        return result instanceof NodeResult.UpToDate upToDate
                ? upToDate.madeBy()
                : madeBefore.getOrDefault(result.node(), run.runId());
    }

    @Override
    public void runFinished(RunResult result) {
        write(open -> open.finish(run.project(), result));
    }

    private void write(Consumer<RunHistory> step) {
        writer.execute(() -> {
            if (problem == null) {
                try {
                    step.accept(history.join());
                } catch (HistoryException e) {
                    problem = e;
                } catch (CompletionException e) {
                    problem = asProblem(e);
                } catch (RuntimeException | LinkageError e) {
                    problem = unexpected(e);
                }
            }
        });
    }

    private static HistoryException asProblem(CompletionException e) {
        Throwable cause = e.getCause();
        return cause instanceof HistoryException known ? known : unexpected(cause == null ? e : cause);
    }

    /** Such as a native library that this machine does not have: no reason to fail a run whose tables are written. */
    private static HistoryException unexpected(Throwable e) {
        return new HistoryException(String.valueOf(e), "please report it with the output of --trace", e);
    }

    /** Waits until all is written, and says what could not be. */
    public Optional<HistoryException> finish() {
        close();
        return Optional.ofNullable(problem);
    }

    @Override
    public void close() {
        if (!writer.isShutdown()) {
            git.join();
            write(RunHistory::close);
            CompletableFuture.runAsync(() -> {}, writer).join();
            writer.shutdown();
        }
    }
}
