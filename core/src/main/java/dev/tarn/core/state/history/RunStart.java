package dev.tarn.core.state.history;

import dev.tarn.core.project.NodeId;
import java.time.Instant;
import java.util.List;

/**
 * What is known of a run when it starts.
 *
 * @param options what of the command line changes what happens, as it was given
 * @param nodes the planned nodes, in the plan's order, without helpers, which leave nothing behind
 */
public record RunStart(
        String runId, String project, Instant at, String tarnVersion, String options, List<NodeId> nodes) {

    public RunStart {
        nodes = List.copyOf(nodes);
    }
}
