package dev.tarn.core.select;

import dev.tarn.core.project.NodeId;
import java.util.HashSet;
import java.util.Set;

/**
 * How far a part goes from the nodes that it names.
 *
 * @param up steps to what they need: {@code +a}, {@code 2+a}
 * @param down steps to what needs them: {@code a+}, {@code a+2}
 * @param complete whether all that needs them comes along with all that this needs in turn: {@code @a}
 */
record Reach(int up, int down, boolean complete) {

    static final int ALL = Integer.MAX_VALUE;

    Set<NodeId> around(Set<NodeId> named, NodeGraph graph) {
        if (complete) {
            return graph.up(graph.down(named, ALL), ALL);
        }
        Set<NodeId> found = new HashSet<>(graph.up(named, up));
        found.addAll(graph.down(named, down));
        return found;
    }
}
