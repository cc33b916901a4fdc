package dev.tarn.cli.render;

import dev.tarn.core.connection.Location;
import dev.tarn.core.manifest.Changes;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Prints nodes, one a line or as JSON, in the plan's order. */
public final class NodeList {

    private final Console console;

    public NodeList(Console console) {
        this.console = console;
    }

    public void text(Set<NodeId> nodes) {
        nodes.forEach(console.out()::println);
    }

    /**
     * Shows the nodes as JSON.
     *
     * @param changes what the plan was compared with, if it was
     */
    public void json(Plan plan, Set<NodeId> nodes, Optional<Changes> changes, Problems problems) {
        Map<String, Object> json = Json.answer("tarn/ls/v1", "listed");
        json.put("project", plan.project().name());
        json.put(
                "environment",
                plan.project().environment().isEmpty() ? null : plan.project().environment());
        changes.ifPresent(c -> json.put("compared_with", c.with()));
        json.put(
                "nodes",
                plan.nodes().stream()
                        .filter(node -> nodes.contains(node.id()))
                        .map(node -> node(plan.project(), node, changes))
                        .toList());
        json.put("problems", ProblemJson.list(problems));
        console.out().println(Json.text(json));
    }

    private static Map<String, Object> node(Project project, PlannedNode node, Optional<Changes> changes) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", node.id().toString());
        json.put("pipeline", node.id().pipeline());
        json.put("layer", project.pipelineOf(node.id()).layer());
        json.put("tags", project.tagsOf(node.node()));
        json.put("reads", reads(node));
        json.put("writes", writes(node));
        json.put("needs", node.needs().stream().map(NodeId::toString).sorted().toList());
        json.put("file", node.node().span().file().name());
        json.put("line", node.node().span().line());
        changes.ifPresent(c -> json.putAll(ChangeText.json(node.id(), c)));
        return json;
    }

    private static List<String> reads(PlannedNode node) {
        return node.inputs().stream()
                .flatMap(i -> i instanceof Input.External external
                        ? Stream.of(external.read().location().toString())
                        : Stream.empty())
                .toList();
    }

    private static List<String> writes(PlannedNode node) {
        return Stream.concat(
                        node.node().write().stream(),
                        node.node().validation().quarantine().map(Quarantine::write).stream())
                .map(Write::location)
                .map(Location::toString)
                .toList();
    }
}
