package dev.tarn.cli.render;

import dev.tarn.core.project.NodeId;
import dev.tarn.core.source.Problems;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints a graph as JSON. */
public final class GraphJson {

    private final Console console;

    public GraphJson(Console console) {
        this.console = console;
    }

    public void print(Graph graph, Problems problems) {
        Map<String, Object> json = Json.answer("tarn/graph/v1", "drawn");
        json.put("project", graph.project());
        json.put("nodes", graph.nodes().stream().map(GraphJson::node).toList());
        json.put("edges", graph.edges().stream().map(GraphJson::edge).toList());
        json.put("problems", ProblemJson.list(problems));
        console.out().println(Json.text(json));
    }

    private static Map<String, Object> node(NodeId node) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", node.toString());
        json.put("pipeline", node.pipeline());
        return json;
    }

    private static Map<String, Object> edge(Graph.Edge edge) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", edge.from().toString());
        json.put("to", edge.to().toString());
        json.put("kind", edge.data() ? "data" : "order");
        return json;
    }
}
