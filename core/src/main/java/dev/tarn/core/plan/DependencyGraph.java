package dev.tarn.core.plan;

import dev.tarn.core.project.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which node waits for which. Iteration follows the order of declaration, so that plans are the same each time. */
final class DependencyGraph {

    private final Map<NodeId, Set<NodeId>> needs = new LinkedHashMap<>();
    private final Map<NodeId, Set<NodeId>> after = new LinkedHashMap<>();

    DependencyGraph(Collection<NodeId> nodes) {
        nodes.forEach(node -> {
            needs.put(node, new LinkedHashSet<>());
            after.put(node, new LinkedHashSet<>());
        });
    }

    /** {@code node} reads what {@code other} makes; ignored for a node that is not part of the graph. */
    void need(NodeId node, NodeId other) {
        if (needs.containsKey(other)) {
            of(needs, node).add(other);
            of(after, node).add(other);
        }
    }

    /** {@code node} must wait for {@code other}, whatever its outcome. */
    void waitFor(NodeId node, NodeId other) {
        of(after, node).add(other);
    }

    Set<NodeId> needs(NodeId node) {
        return of(needs, node);
    }

    Set<NodeId> after(NodeId node) {
        return of(after, node);
    }

    private static Set<NodeId> of(Map<NodeId, Set<NodeId>> edges, NodeId node) {
        Set<NodeId> targets = edges.get(node);
        if (targets == null) {
            throw new IllegalStateException("node " + node + " is not in the graph");
        }
        return targets;
    }

    /** Whether {@code node} waits for {@code other}, directly or through others. */
    boolean reaches(NodeId node, NodeId other) {
        Deque<NodeId> open = new ArrayDeque<>(List.of(node));
        Set<NodeId> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            NodeId current = open.pop();
            if (current.equals(other)) {
                return true;
            }
            after(current).stream().filter(seen::add).forEach(open::push);
        }
        return false;
    }

    /** The shortest circle through the first node that is on one; each element waits for the next. */
    Optional<List<NodeId>> cycle() {
        return after.keySet().stream()
                .flatMap(node -> pathBackTo(node).stream())
                .findFirst();
    }

    private Optional<List<NodeId>> pathBackTo(NodeId start) {
        Map<NodeId, NodeId> cameFrom = new LinkedHashMap<>();
        Deque<NodeId> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            NodeId current = open.poll();
            for (NodeId next : after(current)) {
                if (next.equals(start)) {
                    return Optional.of(path(start, current, cameFrom));
                }
                if (cameFrom.putIfAbsent(next, current) == null) {
                    open.add(next);
                }
            }
        }
        return Optional.empty();
    }

    private static List<NodeId> path(NodeId start, NodeId end, Map<NodeId, NodeId> cameFrom) {
        List<NodeId> reversed = new ArrayList<>();
        for (NodeId node = end; node != null && !node.equals(start); node = cameFrom.get(node)) {
            reversed.add(0, node);
        }
        reversed.add(0, start);
        return reversed;
    }

    /** All nodes, each after those it waits for, else in the order of declaration. */
    List<NodeId> order() {
        Set<NodeId> ordered = new LinkedHashSet<>();
        after.keySet().forEach(node -> visit(node, ordered));
        return List.copyOf(ordered);
    }

    private void visit(NodeId start, Set<NodeId> ordered) {
        Deque<NodeId> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            NodeId node = open.peek();
            List<NodeId> missing = after(node).stream()
                    .filter(other -> !ordered.contains(other))
                    .toList();
            if (missing.isEmpty()) {
                ordered.add(open.pop());
            } else {
                missing.forEach(open::push);
            }
        }
    }
}
