package dev.tarn.core.run;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.project.NodeId;
import java.time.Duration;

/**
 * Is told what happens while a run goes on. Called by several threads; a listener never changes a run.
 */
public interface RunListener {

    default void runStarted(String runId, Plan plan) {}

    default void nodeStarted(NodeId node) {}

    /** A passing failure: the node is tried again after the pause. */
    default void nodeRetrying(NodeId node, int attempt, Failure failure, Duration pause) {}

    /** How a node came to its result, which follows; told of nodes that ran, if the run is traced. */
    default void nodeTraced(NodeTrace trace) {}

    default void nodeFinished(NodeResult result) {}

    default void runFinished(RunResult result) {}
}
