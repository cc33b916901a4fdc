package dev.tarn.cli;

import dev.tarn.core.project.NodeId;
import dev.tarn.core.select.Earlier;
import java.util.Set;

/**
 * What a selection found in a project.
 *
 * @param nodes in the plan's order; none only where nothing has changed, or nothing failed
 * @param earlier what it was compared with
 */
record Selected(Set<NodeId> nodes, Earlier earlier) {}
