package dev.tarn.cli.verify;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.plan.Detour;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.PipelineRunner;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.run.RunSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of two engines with what it needs to run.
 *
 * @param engine its name
 * @param plan of the nodes to compare, as this engine understands them
 * @param listener is told of the run
 * @param interrupt ends it
 */
public record EngineSide(
        String engine,
        Engine runs,
        Plan plan,
        SessionSettings session,
        RunSettings settings,
        RunListener listener,
        Cancellation interrupt) {

    /** Runs its plan with all that they write in another place; gives the nodes that have no output now, and why. */
    Map<NodeId, String> run(Detour detour) {
        return run(detour.of(plan));
    }

    /** Runs a plan as it is. */
    Map<NodeId, String> run(Plan plan) {
        try (Session opened = runs.open(session)) {
            RunResult result = new PipelineRunner(settings, listener, interrupt).run(plan, opened);
            if (result.interrupted()) {
                throw new VerifyException(
                        "interrupted", "start again when you like; nothing of the project was changed");
            }
            Map<NodeId, String> troubles = new LinkedHashMap<>();
            result.nodes().forEach(node -> {
                if (node instanceof NodeResult.Failed failed) {
                    troubles.put(node.node(), "failed: " + failed.failure().message());
                } else if (node instanceof NodeResult.Skipped skipped) {
                    troubles.put(node.node(), "did not run: " + skipped.reason());
                }
            });
            return troubles;
        }
    }
}
