package dev.tarn.core.select;

import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The nodes that a user asks for: all or the selected ones, less the excluded ones. */
public final class Selection {

    private final Map<Argument, Selector> selected;
    private final Map<Argument, Selector> excluded;

    private Selection(Map<Argument, Selector> selected, Map<Argument, Selector> excluded) {
        this.selected = selected;
        this.excluded = excluded;
    }

    /**
     * Parses the arguments of both options.
     *
     * @throws SelectionException with all that is wrong with them
     */
    public static Selection parse(List<String> select, List<String> exclude) {
        List<SelectionProblem> problems = new ArrayList<>();
        Selection selection = new Selection(parse("--select", select, problems), parse("--exclude", exclude, problems));
        failOn(problems);
        return selection;
    }

    private static Map<Argument, Selector> parse(String option, List<String> texts, List<SelectionProblem> problems) {
        Map<Argument, Selector> selectors = new LinkedHashMap<>();
        for (String text : texts) {
            Argument argument = new Argument(option, text);
            selectors.computeIfAbsent(argument, a -> SelectorParser.parse(a, problems));
        }
        return selectors;
    }

    private static void failOn(List<SelectionProblem> problems) {
        if (!problems.isEmpty()) {
            throw new SelectionException(problems);
        }
    }

    /** Whether nothing was asked for, so that all nodes are meant. */
    public boolean isWhole() {
        return selected.isEmpty() && excluded.isEmpty();
    }

    /** Whether it asks how nodes stand to an earlier state of the project. */
    public boolean comparesState() {
        return criteria().anyMatch(Criterion.InState.class::isInstance);
    }

    /** Whether it asks what came of nodes in an earlier run. */
    public boolean asksForOutcomes() {
        return criteria().anyMatch(Criterion.WithOutcome.class::isInstance);
    }

    private Stream<Criterion> criteria() {
        return Stream.of(selected, excluded)
                .flatMap(selectors -> selectors.values().stream())
                .flatMap(Selector::criteria);
    }

    /** The nodes that are meant, of a selection that asks for nothing earlier. */
    public Set<NodeId> of(Plan plan) {
        return of(plan, Earlier.NOTHING);
    }

    /**
     * The nodes that are meant, in the plan's order. None only if the selection asks for what came before: nothing
     * changed, or nothing failed.
     *
     * @throws SelectionException if a part of the selection, or all of it, matches nothing
     */
    public Set<NodeId> of(Plan plan, Earlier earlier) {
        Set<NodeId> all =
                plan.nodes().stream().map(PlannedNode::id).collect(Collectors.toCollection(LinkedHashSet::new));
        List<SelectionProblem> problems = new ArrayList<>();
        NodeGraph graph = new NodeGraph(plan);
        Set<NodeId> wanted = selected.isEmpty() ? all : find(selected, plan, graph, earlier, problems);
        Set<NodeId> unwanted = find(excluded, plan, graph, earlier, problems);
        failOn(problems);
        Set<NodeId> meant = new LinkedHashSet<>(all);
        meant.removeIf(node -> !wanted.contains(node) || unwanted.contains(node));
        if (meant.isEmpty() && criteria().noneMatch(Criterion::mayMatchNothing)) {
            throw new SelectionException(List.of(nothingLeft()));
        }
        return meant;
    }

    private static Set<NodeId> find(
            Map<Argument, Selector> selectors,
            Plan plan,
            NodeGraph graph,
            Earlier earlier,
            List<SelectionProblem> problems) {
        Set<NodeId> found = new HashSet<>();
        selectors.forEach((argument, selector) ->
                found.addAll(selector.in(new Lookup(plan, graph, earlier, argument, problems))));
        return found;
    }

    private SelectionProblem nothingLeft() {
        String excludes = excluded.keySet().stream().map(Argument::toString).collect(Collectors.joining(" "));
        return new SelectionProblem(excludes + ": no node is left", "exclude less, or select more");
    }
}
