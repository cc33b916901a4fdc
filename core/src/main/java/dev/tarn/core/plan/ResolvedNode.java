package dev.tarn.core.plan;

import dev.tarn.core.connection.Location;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import java.util.List;
import java.util.Set;

/**
 * A node with its inputs found.
 *
 * @param needs nodes that it names, in {@code depends_on}, {@code inputs} or SQL
 * @param files that its SQL reads by itself
 */
record ResolvedNode(Node node, List<Input> inputs, boolean hasDf, Set<NodeId> needs, List<Location> files) {

    NodeId id() {
        return node.id();
    }
}
