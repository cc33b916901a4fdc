package dev.tarn.core.run;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.project.NodeId;
import java.time.Duration;
import java.util.List;

/** Tells several listeners, one after the other. */
public record RunListeners(List<RunListener> all) implements RunListener {

    public RunListeners {
        all = List.copyOf(all);
    }

    @Override
    public void runStarted(String runId, Plan plan) {
        all.forEach(listener -> listener.runStarted(runId, plan));
    }

    @Override
    public void nodeStarted(NodeId node) {
        all.forEach(listener -> listener.nodeStarted(node));
    }

    @Override
    public void nodeRetrying(NodeId node, int attempt, Failure failure, Duration pause) {
        all.forEach(listener -> listener.nodeRetrying(node, attempt, failure, pause));
    }

    @Override
    public void nodeTraced(NodeTrace trace) {
        all.forEach(listener -> listener.nodeTraced(trace));
    }

    @Override
    public void nodeFinished(NodeResult result) {
        all.forEach(listener -> listener.nodeFinished(result));
    }

    @Override
    public void runFinished(RunResult result) {
        all.forEach(listener -> listener.runFinished(result));
    }
}
