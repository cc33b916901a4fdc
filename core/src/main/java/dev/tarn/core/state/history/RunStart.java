package dev.tarn.core.state.history;

import dev.tarn.core.manifest.Manifest;
import dev.tarn.core.project.NodeId;
import java.time.Instant;
import java.util.List;

/**
 * What is known of a run when it starts.
 *
 * @param options what of the command line changes what happens, as it was given
 * @param project the name under which its history is kept
 * @param environment empty for none
 * @param nodes the planned nodes, in the plan's order, without helpers, which leave nothing behind
 * @param manifest what all nodes of the project are, also those that do not run
 */
public record RunStart(
        String runId,
        String project,
        String environment,
        Instant at,
        String tarnVersion,
        String options,
        List<NodeId> nodes,
        Manifest manifest) {

    public RunStart {
        nodes = List.copyOf(nodes);
    }
}
