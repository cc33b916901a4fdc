package dev.tarn.core.plan;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Pipeline;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.Step;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.source.MappedText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What of a project every engine runs, and can run in another place.
 *
 * @param project the project without the rest
 * @param rest the enabled nodes that not every engine runs, in their order, and why not
 */
public record PortablePart(Project project, Map<NodeId, String> rest) {

    /**
     * Takes a project apart.
     *
     * @param engine asked what the SQL of the portable nodes reads
     */
    public static PortablePart of(Project project, Engine engine) {
        List<Node> nodes = project.pipelines().stream()
                .flatMap(pipeline -> pipeline.nodes().stream())
                .toList();
        Map<NodeId, String> rest = new LinkedHashMap<>();
        nodes.forEach(node -> reason(node).ifPresent(reason -> rest.put(node.id(), reason)));
        boolean found = true;
        while (found) {
            found = false;
            for (Node node : nodes) {
                if (!rest.containsKey(node.id())) {
                    Optional<Node> needed = nodes.stream()
                            .filter(other -> rest.containsKey(other.id()) && needs(node, other, engine))
                            .findFirst();
                    needed.ifPresent(other -> rest.put(node.id(), "needs " + other.id()));
                    found |= needed.isPresent();
                }
            }
        }
        return new PortablePart(without(project, rest), inOrder(nodes, rest));
    }

    private static Optional<String> reason(Node node) {
        if (!node.statements().isEmpty()) {
            return Optional.of("has 'pre_sql' or 'post_sql', whose effects cannot be kept apart");
        }
        return node.sql().isEmpty() || node.dialect() == Dialect.COMMON
                ? Optional.empty()
                : Optional.of("is written in dialect '" + node.dialect().name().toLowerCase(Locale.ROOT) + "'");
    }

    private static Map<NodeId, String> inOrder(List<Node> nodes, Map<NodeId, String> rest) {
        Map<NodeId, String> ordered = new LinkedHashMap<>();
        nodes.stream()
                .filter(Node::enabled)
                .forEach(node ->
                        Optional.ofNullable(rest.get(node.id())).ifPresent(reason -> ordered.put(node.id(), reason)));
        return ordered;
    }

    private static boolean needs(Node node, Node other, Engine engine) {
        boolean sibling = node.id().pipeline().equals(other.id().pipeline());
        boolean named = sibling
                && node.dependsOn().stream()
                        .anyMatch(each -> each.name().equals(other.id().node()));
        boolean taken = node.inputs().stream()
                .anyMatch(input ->
                        input instanceof Input.FromNode from && from.node().equals(other.id()));
        boolean read = reads(node)
                .anyMatch(place -> TableAccess.writes(other).stream().anyMatch(w -> TableAccess.overlap(place, w)));
        return named || taken || read || (sibling && names(node, other, engine));
    }

    private static Stream<Location> reads(Node node) {
        return node.inputs().stream()
                .flatMap(input -> input instanceof Input.External external
                        ? Stream.of(external.read().location())
                        : Stream.empty());
    }

    /** Whether a step of a node names another one that is no input of it. */
    private static boolean names(Node node, Node other, Engine engine) {
        String name = other.id().node();
        return node.inputs().stream().noneMatch(input -> input.name().equalsIgnoreCase(name))
                && node.steps().stream().flatMap(step -> tables(step, engine)).anyMatch(name::equalsIgnoreCase);
    }

    private static Stream<String> tables(Step step, Engine engine) {
        if (step instanceof TransformStep transform) {
            return transform.call().tables().stream().map(MappedText::text);
        }
        return engine.analyze(step.text()) instanceof QueryAnalysis.Query query
                ? query.tables().stream().map(QueryAnalysis.TableReference::name)
                : Stream.empty();
    }

    private static Project without(Project project, Map<NodeId, String> rest) {
        List<Pipeline> pipelines = project.pipelines().stream()
                .map(pipeline -> with(
                        pipeline,
                        pipeline.nodes().stream()
                                .filter(node -> !rest.containsKey(node.id()))
                                .toList()))
                .toList();
        return project.with(pipelines);
    }

    private static Pipeline with(Pipeline pipeline, List<Node> nodes) {
        return new Pipeline(
                pipeline.name(), pipeline.span(), pipeline.description(), pipeline.layer(), pipeline.tags(), nodes);
    }
}
