package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.TestProject.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphCommandTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder).file("in.csv", "id\n1\n").file("tarn.yaml", """
                project: 'A "quoted" \\ name'
                connections:
                  in: {type: local, base_path: .}
                  lake: {type: local, base_path: lake}
                pipelines:
                  - pipeline: bronze
                    nodes:
                      - name: a
                        read: {connection: in, format: csv, path: in.csv}
                      - name: b
                        read: {connection: in, format: csv, path: in.csv}
                        write: {connection: lake, format: delta, table: b, mode: append}
                  - pipeline: end
                    nodes:
                      - name: graph
                        inputs: {a: $bronze.a, b: $bronze.b}
                        write: {connection: lake, format: delta, table: b, mode: append}
                      - name: end
                        depends_on: [graph]
                        transform: {steps: [select * from df]}
                      - name: last
                        depends_on: [graph]
                        transform: {steps: [select * from df]}
                """);
    }

    private Outcome graph(String... more) {
        List<String> args = new ArrayList<>(List.of("graph", folder.toString()));
        args.addAll(List.of(more));
        return project.tarn(args.toArray(String[]::new));
    }

    @Test
    void drawsATreeInWhichEachNodeIsOpenedOnce() {
        assertThat(graph()).isEqualTo(new Outcome(0, """
                bronze.a
                └── end.graph
                    ├── end.end
                    └── end.last
                bronze.b
                └── end.graph (above)
                """, ""));
    }

    @Test
    void drawsWhatIsSelected() {
        assertThat(graph("--select", "graph+", "--exclude", "last").out()).isEqualTo("""
                end.graph
                └── end.end
                """);
    }

    @Test
    void drawsForGraphviz() {
        assertThat(graph("--format", "dot").out()).isEqualTo("""
                digraph "A \\"quoted\\" \\\\ name" {
                  rankdir=LR;
                  node [shape=box];
                  subgraph "cluster_bronze" {
                    label="bronze";
                    "bronze.a" [label="a"];
                    "bronze.b" [label="b"];
                  }
                  subgraph "cluster_end" {
                    label="end";
                    "end.graph" [label="graph"];
                    "end.end" [label="end"];
                    "end.last" [label="last"];
                  }
                  "bronze.a" -> "end.graph";
                  "bronze.b" -> "end.graph";
                  "end.graph" -> "end.end";
                  "end.graph" -> "end.last";
                }
                """);
    }

    @Test
    void drawsForMermaid() {
        assertThat(graph("--format", "mermaid").out()).isEqualTo("""
                flowchart LR
                  subgraph p_bronze["bronze"]
                    n0["a"]
                    n1["b"]
                  end
                  subgraph p_end["end"]
                    n2["graph"]
                    n3["end"]
                    n4["last"]
                  end
                  n0 --> n2
                  n1 --> n2
                  n2 --> n3
                  n2 --> n4
                """);
    }

    @Test
    void dashesWhatOnlyWaits() {
        project.nodes("""
                - name: one
                  read: {connection: in, format: csv, path: in.csv}
                  write: {connection: lake, format: delta, table: t, mode: append}
                - name: two
                  read: {connection: in, format: csv, path: in.csv}
                  write: {connection: lake, format: delta, table: t, mode: append}
                """);

        assertThat(graph("--format", "dot").out()).contains("  \"p.one\" -> \"p.two\" [style=dashed];\n");
        assertThat(graph("--format", "mermaid").out()).contains("  n0 -.-> n1\n");
        assertThat(graph().out()).isEqualTo("p.one\np.two\n");
    }

    @Test
    void jsonHasNodesAndEdges() throws IOException {
        Map<String, Object> json =
                JSON.std.mapFrom(graph("--select", "b+1", "-o", "json").out());

        assertThat(json)
                .containsEntry("schema", "tarn/graph/v1")
                .containsEntry(
                        "nodes",
                        List.of(
                                Map.of("node", "bronze.b", "pipeline", "bronze"),
                                Map.of("node", "end.graph", "pipeline", "end")))
                .containsEntry("edges", List.of(Map.of("from", "bronze.b", "to", "end.graph", "kind", "data")));
    }

    @Test
    void aFormatAndJsonExcludeEachOther() {
        assertThat(graph("--format", "tree", "-o", "json").err())
                .startsWith("error: --format and -o json exclude each other\n");
        assertThat(graph("--format", "svg").exitCode()).isEqualTo(2);
    }
}
