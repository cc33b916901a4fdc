package dev.tarn.cli.render;

import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nodes and what is between them, ready to be drawn.
 *
 * @param project its name
 * @param nodes in the plan's order
 * @param edges between these nodes, in the plan's order of both ends
 */
public record Graph(String project, List<NodeId> nodes, List<Edge> edges) {

    /**
     * An arrow between two nodes.
     *
     * @param data whether {@code to} reads what {@code from} makes; otherwise it only waits for it
     */
    record Edge(NodeId from, NodeId to, boolean data) {}

    public Graph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /** The part of a plan that has these nodes. */
    public static Graph of(Plan plan, Set<NodeId> nodes) {
        List<PlannedNode> shown =
                plan.nodes().stream().filter(node -> nodes.contains(node.id())).toList();
        List<Edge> edges = new ArrayList<>();
        for (PlannedNode from : shown) {
            for (PlannedNode to : shown) {
                if (to.after().contains(from.id())) {
                    edges.add(new Edge(from.id(), to.id(), to.needs().contains(from.id())));
                }
            }
        }
        return new Graph(
                plan.project().name(), shown.stream().map(PlannedNode::id).toList(), edges);
    }

    /** Who reads what the node makes. */
    List<NodeId> readersOf(NodeId node) {
        return edges.stream()
                .filter(edge -> edge.data() && edge.from().equals(node))
                .map(Edge::to)
                .toList();
    }

    /** The nodes that read no other one's output. */
    List<NodeId> sources() {
        return nodes.stream()
                .filter(node -> edges.stream()
                        .noneMatch(edge -> edge.data() && edge.to().equals(node)))
                .toList();
    }

    Map<String, List<NodeId>> byPipeline() {
        Map<String, List<NodeId>> pipelines = new LinkedHashMap<>();
        nodes.forEach(node -> pipelines
                .computeIfAbsent(node.pipeline(), name -> new ArrayList<>())
                .add(node));
        return pipelines;
    }
}
