package dev.tarn.core.run;

import dev.tarn.core.engine.Session;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.OnError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs a plan: ready nodes in parallel, until all are finished, one fails fast, or the user stops it. */
public final class PipelineRunner {

    private final RunSettings settings;
    private final RunListener listener;
    private final Cancellation cancellation;

    public PipelineRunner(RunSettings settings, RunListener listener, Cancellation cancellation) {
        this.settings = settings;
        this.listener = listener;
        this.cancellation = cancellation;
    }

    /** Runs every node of the plan that can run, and says what came of each. */
    public RunResult run(Plan plan, Session session) {
        return run(plan, List.of(), session);
    }

    /** The same, but leaves out nodes whose earlier output is still good; others read that. */
    public RunResult run(Plan plan, List<NodeResult.UpToDate> upToDate, Session session) {
        Instant started = settings.clock().instant();
        long startNanos = System.nanoTime();
        Cancellation stop = stopOf(session);
        ExecutorService workers = Executors.newFixedThreadPool(settings.workers(), PipelineRunner::workerThread);
        try {
            listener.runStarted(settings.runId(), plan);
            NodeRunner nodes = new NodeRunner(settings, started, session, plan, upToDate, listener, stop);
            List<NodeResult> results = runAll(plan, upToDate, nodes, workers, stop);
            Duration duration = Duration.ofNanos(System.nanoTime() - startNanos);
            RunResult result = new RunResult(settings.runId(), started, duration, results, cancellation.isRequested());
            listener.runFinished(result);
            return result;
        } finally {
            workers.shutdownNow();
        }
    }

    /** The run's own wish to stop: made by the user's, or by a node that fails fast. */
    private Cancellation stopOf(Session session) {
        Cancellation stop = new Cancellation();
        stop.onRequest(session::cancel);
        cancellation.onRequest(stop::request);
        return stop;
    }

    private List<NodeResult> runAll(
            Plan plan,
            List<NodeResult.UpToDate> upToDate,
            NodeRunner nodes,
            ExecutorService workers,
            Cancellation stop) {
        Schedule schedule = new Schedule(plan);
        upToDate.forEach(schedule::takeUpToDate);
        upToDate.forEach(listener::nodeFinished);
        CompletionService<NodeResult> running = new ExecutorCompletionService<>(workers);
        while (!schedule.isFinished()) {
            for (PlannedNode node : schedule.takeReady()) {
                running.submit(() -> nodes.run(node));
            }
            NodeResult result = next(running);
            schedule.finished(result);
            listener.nodeFinished(result);
            if (failsFast(result, plan)) {
                stop.request();
            }
            List<NodeResult> skipped =
                    stop.isRequested() ? schedule.takeAll("the run was stopped") : schedule.takeBlocked();
            skipped.forEach(listener::nodeFinished);
        }
        return schedule.results().stream().filter(r -> isAnswer(r, plan)).toList();
    }

    /** A helper is told of only when it is the reason why something else did not run. */
    private static boolean isAnswer(NodeResult result, Plan plan) {
        return !(result instanceof NodeResult.Succeeded)
                || plan.helpers().stream().noneMatch(helper -> helper.id().equals(result.node()));
    }

    private static boolean failsFast(NodeResult result, Plan plan) {
        return result instanceof NodeResult.Failed
                && plan.nodes().stream()
                        .anyMatch(node ->
                                node.id().equals(result.node()) && node.node().onError() == OnError.FAIL_FAST);
    }

    private static NodeResult next(CompletionService<NodeResult> running) {
        try {
            return running.take().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the thread that runs the plan was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a node ended without a result", e.getCause());
        }
    }

    private static Thread workerThread(Runnable task) {
        Thread thread = new Thread(task, "tarn-node");
        thread.setDaemon(true);
        return thread;
    }
}
