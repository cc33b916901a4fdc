package dev.tarn.core.select;

import dev.tarn.core.plan.Plan;
import dev.tarn.core.project.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who needs whom in a plan; mere waiting does not count. */
final class NodeGraph {

    private final Map<NodeId, Set<NodeId>> needs = new HashMap<>();
    private final Map<NodeId, Set<NodeId>> neededBy = new HashMap<>();

    NodeGraph(Plan plan) {
        plan.nodes().forEach(node -> {
            needs.put(node.id(), node.needs());
            node.needs()
                    .forEach(need -> neededBy.computeIfAbsent(need, id -> new HashSet<>())
                            .add(node.id()));
        });
    }

    /** The nodes with what they need, up to so many steps away. */
    Set<NodeId> up(Set<NodeId> from, int steps) {
        return walk(from, needs, steps);
    }

    /** The nodes with what needs them, up to so many steps away. */
    Set<NodeId> down(Set<NodeId> from, int steps) {
        return walk(from, neededBy, steps);
    }

    private static Set<NodeId> walk(Set<NodeId> from, Map<NodeId, Set<NodeId>> edges, int steps) {
        Set<NodeId> found = new HashSet<>(from);
        Set<NodeId> edge = from;
        for (int step = 0; step < steps && !edge.isEmpty(); step++) {
            Set<NodeId> next = new HashSet<>();
            edge.forEach(node -> next.addAll(edges.getOrDefault(node, Set.of())));
            next.removeAll(found);
            found.addAll(next);
            edge = next;
        }
        return found;
    }
}
