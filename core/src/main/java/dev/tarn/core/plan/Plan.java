package dev.tarn.core.plan;

import dev.tarn.core.project.Project;
import java.nio.file.Path;
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

    /** Whether a node of this plan writes the file or table at an absolute path, or the folder it is in. */
    public boolean writes(String path) {
        return nodes.stream()
                .flatMap(node -> node.writes().stream())
                .anyMatch(write -> Path.of(path).startsWith(write.location().path()));
    }
}
