package dev.tarn.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.connection.Location;
import dev.tarn.core.project.Columns;
import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.OnError;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.Statements;
import dev.tarn.core.project.Validation;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableAccessTest {

    private static final SourceSpan SPAN = new SourceFile("tarn.yaml", "x").start();

    private final List<ResolvedNode> nodes = new ArrayList<>();

    private static NodeId id(String name) {
        return new NodeId("p", name);
    }

    private static Location location(String path) {
        return new Location("lake", path, path, SPAN);
    }

    private TableAccessTest node(String name, @Nullable String reads, @Nullable String writes, WriteMode mode) {
        List<Input> inputs = reads == null
                ? List.of()
                : List.of(new Input.External(
                        "df",
                        new Read(
                                Format.DELTA,
                                location(reads),
                                List.of(),
                                Optional.empty(),
                                OptionalLong.empty(),
                                SPAN)));
        Optional<Write> write = Optional.ofNullable(writes)
                .map(path -> new Write(
                        path.contains(".") ? Format.CSV : Format.DELTA,
                        location(path),
                        mode,
                        List.of(),
                        false,
                        false,
                        List.of(),
                        Set.of(),
                        SPAN));
        Node node = new Node(
                id(name),
                SPAN,
                "",
                true,
                List.of(),
                List.of(),
                inputs,
                List.of(),
                Statements.NONE,
                Validation.NONE,
                write,
                OnError.FAIL_LATER,
                Dialect.DUCKDB,
                false,
                Columns.NONE,
                Optional.empty());
        nodes.add(new ResolvedNode(node, inputs, true, Set.of(), List.of()));
        return this;
    }

    private DependencyGraph ordered() {
        DependencyGraph graph =
                new DependencyGraph(nodes.stream().map(ResolvedNode::id).toList());
        TableAccess.of(nodes).order(graph);
        return graph;
    }

    @Test
    void aReaderNeedsTheWritersAboveIt() {
        DependencyGraph graph = node("w", null, "/lake/t", WriteMode.OVERWRITE)
                .node("r", "/lake/t", null, WriteMode.OVERWRITE)
                .ordered();

        assertThat(graph.needs(id("r"))).containsExactly(id("w"));
    }

    @Test
    void aWriterWaitsForTheReadersAboveItButDoesNotNeedThem() {
        DependencyGraph graph = node("r", "/lake/t", null, WriteMode.OVERWRITE)
                .node("w", null, "/lake/t", WriteMode.OVERWRITE)
                .ordered();

        assertThat(graph.needs(id("w"))).isEmpty();
        assertThat(graph.after(id("w"))).containsExactly(id("r"));
    }

    @Test
    void writersOfOneTableTakeTurns() {
        DependencyGraph graph = node("one", null, "/lake/t", WriteMode.APPEND)
                .node("two", null, "/lake/t", WriteMode.APPEND)
                .ordered();

        assertThat(graph.after(id("two"))).containsExactly(id("one"));
    }

    @Test
    void aNodeThatReadsWhatItWritesIsNoCircle() {
        DependencyGraph graph =
                node("both", "/lake/t", "/lake/t", WriteMode.OVERWRITE).ordered();

        assertThat(graph.cycle()).isEmpty();
    }

    @Test
    void whatIsDeclaredWinsOverTheOrderOfTheFile() {
        node("r", "/lake/t", null, WriteMode.OVERWRITE).node("w", null, "/lake/t", WriteMode.OVERWRITE);
        DependencyGraph graph =
                new DependencyGraph(nodes.stream().map(ResolvedNode::id).toList());
        graph.need(id("r"), id("w"));

        TableAccess.of(nodes).order(graph);

        assertThat(graph.cycle()).isEmpty();
        assertThat(graph.after(id("w"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/lake/t, /lake/t, true",
        "/lake/t, /lake/t2, false",
        "/lake, /lake/a/b, true",
        "/lake/a/part.parquet, /lake/a, true",
        "/lake/*.csv, /lake/a.csv, true",
        "/lake/*.csv, /lake/sub/a.csv, false",
        "/lake/**/x.csv, /lake/a/b/x.csv, true",
        "/lake/out/**/*.parquet, /lake/out, true",
        "/lake/**/*.parquet, /lake/sales, true",
        "/lake/a[12].csv, /lake/a1.csv, true",
        "/lake/a?.csv, /lake/ab.json, false",
        "/lake/**/*.csv, /lake/new.csv, true",
        "/lake/{1/*.csv, /lake/{1/a.csv, true",
        "/lake/[!a]*.csv, /lake/b.csv, true"
    })
    void seesWhichReadsAWriteTouches(String read, String write, boolean touches) {
        DependencyGraph graph = node("w", null, write, WriteMode.OVERWRITE)
                .node("r", read, null, WriteMode.OVERWRITE)
                .ordered();

        assertThat(graph.needs(id("r"))).hasSize(touches ? 1 : 0);
    }

    @Test
    void reportsTwoOverwritesOfOnePlaceAndAllowsAppends() {
        node("one", null, "/lake/t", WriteMode.OVERWRITE)
                .node("more", null, "/lake/t", WriteMode.APPEND)
                .node("two", null, "/lake/t", WriteMode.OVERWRITE);
        Problems problems = new Problems();

        TableAccess.of(nodes).reportLostOutputs(problems);

        assertThat(problems.all())
                .extracting(Problem::message)
                .containsExactly("'lake:/lake/t' is already written by node 'one', whose rows would be lost");
    }
}
