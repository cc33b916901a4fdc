package dev.tarn.core.plan;

import dev.tarn.core.project.Project;
import java.util.List;

/**
 * What will run, in an order that respects what each node needs.
 *
 * @param nodes enabled nodes; each stands after all that it needs or waits for
 */
public record Plan(Project project, List<PlannedNode> nodes) {
    public Plan {
        nodes = List.copyOf(nodes);
    }
}
