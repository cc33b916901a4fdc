package dev.tarn.core.select;

import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds in a plan what one argument asks for.
 *
 * @param problems takes what the argument asks for and the plan does not have
 */
record Lookup(Plan plan, NodeGraph graph, Earlier earlier, Argument argument, List<SelectionProblem> problems) {

    Set<NodeId> matching(Criterion criterion) {
        Set<NodeId> found = plan.nodes().stream()
                .filter(node -> criterion.matches(node, plan, earlier))
                .map(PlannedNode::id)
                .collect(Collectors.toSet());
        if (found.isEmpty() && !criterion.mayMatchNothing()) {
            Criterion.Miss miss = criterion.miss(plan);
            report(miss.message(), miss.help());
        }
        return found;
    }

    void report(String message, String help) {
        problems.add(argument.problem(message, help));
    }
}
