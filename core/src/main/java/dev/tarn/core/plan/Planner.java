package dev.tarn.core.plan;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Pipeline;
import dev.tarn.core.project.Project;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Orders a project's nodes so that each runs after what it reads, and reports what keeps them from running. */
public final class Planner {

    private final Engine engine;
    private final Problems problems;

    private Planner(Engine engine, Problems problems) {
        this.engine = engine;
        this.problems = problems;
    }

    /** A plan of all enabled nodes; it can be run only if no error was added to {@code problems}. */
    public static Plan plan(Project project, Engine engine, Problems problems) {
        return new Planner(engine, problems).plan(project);
    }

    private Plan plan(Project project) {
        Map<NodeId, ResolvedNode> resolved = resolve(project);
        reportNothingToRun(project, resolved);
        DependencyGraph graph = new DependencyGraph(resolved.keySet());
        resolved.values().forEach(r -> r.needs().forEach(need -> graph.need(r.id(), need)));
        Optional<List<NodeId>> cycle = graph.cycle();
        if (cycle.isPresent()) {
            reportCycle(cycle.get(), resolved);
            return new Plan(project, List.of());
        }
        TableAccess access = TableAccess.of(resolved.values());
        access.reportLostOutputs(problems);
        access.reportMissingSources(project.streams(), problems);
        access.order(graph);
        Map<NodeId, Integer> readers = readers(resolved.values());
        return new Plan(
                project,
                graph.order().stream()
                        .map(id -> planned(get(resolved, id), graph, access, readers.getOrDefault(id, 0)))
                        .toList());
    }

    private Map<NodeId, ResolvedNode> resolve(Project project) {
        Map<NodeId, ResolvedNode> resolved = new LinkedHashMap<>();
        InputResolver resolver = new InputResolver(project, engine, problems);
        List<Node> understood = project.pipelines().stream()
                .flatMap(p -> p.nodes().stream())
                .filter(this::isUnderstood)
                .toList();
        engine.validate(understood, problems);
        for (Pipeline pipeline : project.pipelines()) {
            for (Node node : pipeline.nodes()) {
                ResolvedNode result = resolver.resolve(node);
                if (node.enabled()) {
                    resolved.putIfAbsent(node.id(), result);
                }
            }
        }
        return resolved;
    }

    private boolean isUnderstood(Node node) {
        boolean understood = node.sql().isEmpty() || engine.dialects().contains(node.dialect());
        if (!understood) {
            String dialect = node.dialect().name().toLowerCase(Locale.ROOT);
            problems.error(
                    ProblemCode.UNSUPPORTED_DIALECT,
                    node.sql().get(0).start(),
                    "node '" + node.id() + "' is written in dialect '" + dialect + "', which this engine does not run",
                    dialectHelp(node.dialect()));
        }
        return understood;
    }

    private static String dialectHelp(Dialect dialect) {
        String engine = dialect == Dialect.SPARK ? "spark" : "duckdb";
        return "run it with --engine " + engine + "; or write SQL that both understand and say 'dialect: common'";
    }

    private void reportNothingToRun(Project project, Map<NodeId, ResolvedNode> resolved) {
        if (resolved.isEmpty() && !problems.hasErrors()) {
            problems.error(
                    ProblemCode.NOTHING_TO_DO,
                    project.span(),
                    "project '" + project.name() + "' has no enabled node",
                    "add a node under 'pipelines', or remove 'enabled: false'");
        }
    }

    private void reportCycle(List<NodeId> cycle, Map<NodeId, ResolvedNode> resolved) {
        List<String> names = cycle.stream().map(NodeId::toString).toList();
        problems.error(
                ProblemCode.DEPENDENCY_CYCLE,
                get(resolved, cycle.get(0)).node().span(),
                "nodes depend on each other in a circle: " + String.join(" -> ", names) + " -> " + names.get(0),
                "remove one of these dependencies");
    }

    private static ResolvedNode get(Map<NodeId, ResolvedNode> resolved, NodeId id) {
        return Objects.requireNonNull(resolved.get(id), () -> id + " is not in the plan");
    }

    private static PlannedNode planned(ResolvedNode resolved, DependencyGraph graph, TableAccess access, int readers) {
        NodeId id = resolved.id();
        return new PlannedNode(
                resolved.node(),
                resolved.inputs(),
                resolved.hasDf(),
                graph.needs(id),
                graph.after(id),
                readers,
                resolved.node().cache() || access.readsWhatChanges(id),
                false);
    }

    /** How many nodes read the output of each. */
    private static Map<NodeId, Integer> readers(Collection<ResolvedNode> nodes) {
        Map<NodeId, Integer> readers = new HashMap<>();
        for (ResolvedNode reader : nodes) {
            Set<NodeId> read = new HashSet<>();
            for (Input input : reader.inputs()) {
                if (input instanceof Input.FromNode from && read.add(from.node())) {
                    readers.merge(from.node(), 1, Integer::sum);
                }
            }
        }
        return readers;
    }
}
