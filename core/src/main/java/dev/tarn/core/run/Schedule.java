package dev.tarn.core.run;

import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which nodes may run now, given what others came to. A node is ready when all that it waits for is finished; it is
 * skipped when something that it needs failed or was skipped, so a failure reaches all descendants. Not thread-safe.
 */
final class Schedule {

    private final Map<NodeId, PlannedNode> waiting = new LinkedHashMap<>();
    private final Map<NodeId, NodeResult> results = new LinkedHashMap<>();
    private final Plan plan;

    Schedule(Plan plan) {
        this.plan = plan;
        plan.nodes().forEach(node -> waiting.put(node.id(), node));
    }

    boolean isFinished() {
        return results.size() == plan.nodes().size();
    }

    /** Takes out a node that need not run. */
    void takeUpToDate(NodeResult.UpToDate result) {
        waiting.remove(result.node());
        finished(result);
    }

    /** Takes out the nodes that can start now. */
    List<PlannedNode> takeReady() {
        List<PlannedNode> ready = waiting.values().stream()
                .filter(node -> results.keySet().containsAll(node.after()))
                .toList();
        ready.forEach(node -> waiting.remove(node.id()));
        return ready;
    }

    void finished(NodeResult result) {
        results.put(result.node(), result);
    }

    /** Takes out the waiting nodes that can never run, as their results. */
    List<NodeResult> takeBlocked() {
        List<NodeResult> skipped = new ArrayList<>();
        for (PlannedNode node : List.copyOf(waiting.values())) {
            blocker(node)
                    .ifPresent(blocker -> skipped.add(skip(
                            node,
                            "needs " + blocker.node() + ", which "
                                    + (blocker instanceof NodeResult.Skipped ? "was skipped" : "failed"))));
        }
        return skipped;
    }

    private Optional<NodeResult> blocker(PlannedNode node) {
        return node.needs().stream()
                .sorted(java.util.Comparator.comparing(NodeId::toString))
                .flatMap(id -> Optional.ofNullable(results.get(id)).stream())
                .filter(result -> !result.letsDependentsRun())
                .findFirst();
    }

    /** Takes out all waiting nodes. */
    List<NodeResult> takeAll(String reason) {
        return List.copyOf(waiting.values()).stream()
                .map(node -> skip(node, reason))
                .toList();
    }

    private NodeResult skip(PlannedNode node, String reason) {
        waiting.remove(node.id());
        NodeResult.Skipped result = new NodeResult.Skipped(node.id(), reason);
        finished(result);
        return result;
    }

    /** All results in the plan's order. */
    List<NodeResult> results() {
        return plan.nodes().stream()
                .flatMap(node -> Optional.ofNullable(results.get(node.id())).stream())
                .toList();
    }
}
