package dev.tarn.core.plan;

import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What will run, in an order that respects what each node needs.
 *
 * @param nodes enabled nodes; each stands after all that it needs or waits for
 * @param earlier for each node that is left out and read by one that is not: where its output of an earlier run is
 */
public record Plan(Project project, List<PlannedNode> nodes, Map<NodeId, Write> earlier) {
    public Plan {
        nodes = List.copyOf(nodes);
        earlier = Map.copyOf(earlier);
    }

    /** A plan that leaves nothing out. */
    public Plan(Project project, List<PlannedNode> nodes) {
        this(project, nodes, Map.of());
    }

    /**
     * The plan of the selected nodes. One that is left out and read by a selected one is read where it was written in an
     * earlier run; if it writes nothing it is computed again, as a {@linkplain PlannedNode#helper helper}. What was never
     * written is reported: with errors among the problems the plan cannot be run.
     *
     * @param selected nodes of this plan
     */
    public Plan only(Set<NodeId> selected, Problems problems) {
        return PartialPlan.of(this, selected, problems);
    }

    /** The nodes that a user asked for: all but helpers. */
    public List<PlannedNode> selected() {
        return nodes.stream().filter(node -> !node.helper()).toList();
    }

    /** The nodes that nobody asked for, and whose rows others need. */
    public List<PlannedNode> helpers() {
        return nodes.stream().filter(PlannedNode::helper).toList();
    }

    /** Whether a node of this plan writes the file or table at an absolute path, or the folder it is in. */
    public boolean writes(String path) {
        return nodes.stream()
                .flatMap(node -> node.writes().stream())
                .anyMatch(write -> Path.of(path).startsWith(write.location().path()));
    }
}
