package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.project.NodeId;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Draws a graph as a tree for a terminal, and in the languages of Graphviz and Mermaid. */
public final class GraphText {

    private final Console console;
    private final PrintStream out;

    public GraphText(Console console) {
        this.console = console;
        this.out = console.out();
    }

    /** Each node below what it reads; one that reads several is opened at the first and only named at the others. */
    public void tree(Graph graph) {
        Set<NodeId> opened = new HashSet<>();
        graph.sources().forEach(source -> branch(source, "", "", graph, opened));
    }

    private void branch(NodeId node, String before, String below, Graph graph, Set<NodeId> opened) {
        if (!opened.add(node)) {
            out.println(before + node + console.paint(Style.FAINT, " (above)"));
            return;
        }
        out.println(before + node);
        List<NodeId> readers = graph.readersOf(node);
        for (int i = 0; i < readers.size(); i++) {
            boolean last = i == readers.size() - 1;
            branch(readers.get(i), below + (last ? "└── " : "├── "), below + (last ? "    " : "│   "), graph, opened);
        }
    }

    /** For {@code dot}. Each pipeline is a cluster; a dashed arrow only waits. */
    public void dot(Graph graph) {
        out.println("digraph " + dotText(graph.project()) + " {");
        out.println("  rankdir=LR;");
        out.println("  node [shape=box];");
        graph.byPipeline().forEach(this::dotCluster);
        graph.edges()
                .forEach(edge -> out.println("  " + dotText(edge.from().toString()) + " -> "
                        + dotText(edge.to().toString()) + (edge.data() ? ";" : " [style=dashed];")));
        out.println("}");
    }

    private void dotCluster(String pipeline, List<NodeId> nodes) {
        out.println("  subgraph " + dotText("cluster_" + pipeline) + " {");
        out.println("    label=" + dotText(pipeline) + ";");
        nodes.forEach(
                node -> out.println("    " + dotText(node.toString()) + " [label=" + dotText(node.node()) + "];"));
        out.println("  }");
    }

    /** Everything in quotes is a name for Graphviz; backslashes are doubled because labels give them a meaning. */
    private static String dotText(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /** For Mermaid. Each pipeline is a subgraph; a dashed arrow only waits. */
    public void mermaid(Graph graph) {
        // Names of nodes can be words of Mermaid's own, such as 'end'; numbered ones cannot.
        Map<NodeId, String> ids = new HashMap<>();
        graph.nodes().forEach(node -> ids.put(node, "n" + ids.size()));
        out.println("flowchart LR");
        graph.byPipeline().forEach((pipeline, nodes) -> {
            out.println("  subgraph p_" + pipeline + "[" + mermaidText(pipeline) + "]");
            nodes.forEach(node -> out.println("    " + ids.get(node) + "[" + mermaidText(node.node()) + "]"));
            out.println("  end");
        });
        graph.edges()
                .forEach(edge -> out.println(
                        "  " + ids.get(edge.from()) + (edge.data() ? " --> " : " -.-> ") + ids.get(edge.to())));
    }

    /** Mermaid has no backslashes; it writes characters as entities. */
    private static String mermaidText(String text) {
        return '"' + text.replace("#", "#35;").replace("\"", "#quot;").replace("\n", " ") + '"';
    }
}
