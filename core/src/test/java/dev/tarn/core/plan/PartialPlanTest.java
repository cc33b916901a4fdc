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
import dev.tarn.core.project.Project;
import dev.tarn.core.project.Retry;
import dev.tarn.core.project.Statements;
import dev.tarn.core.project.Validation;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialPlanTest {

    private static final SourceSpan SPAN = new SourceFile("tarn.yaml", "x").start();

    @TempDir
    Path folder;

    private final List<PlannedNode> nodes = new ArrayList<>();
    private final Problems problems = new Problems();

    private static NodeId id(String name) {
        return new NodeId("p", name);
    }

    /** A node that takes the output of others and writes a folder below this test's, or nothing. */
    private PartialPlanTest node(String name, @Nullable String target, String... takes) {
        return node(name, target, WriteMode.OVERWRITE, Set.of(), takes);
    }

    private PartialPlanTest node(
            String name, @Nullable String target, WriteMode mode, Set<String> waits, String... takes) {
        Optional<Write> write = Optional.ofNullable(target)
                .map(place -> new Write(
                        Format.DELTA,
                        new Location("lake", place, folder.resolve(place).toString(), SPAN),
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
                List.of(),
                List.of(),
                Statements.NONE,
                Validation.NONE,
                write,
                OnError.FAIL_LATER,
                Dialect.DUCKDB,
                false,
                Columns.NONE,
                Optional.empty());
        List<Input> inputs = Stream.of(takes)
                .<Input>map(other -> new Input.FromNode(other, id(other), SPAN))
                .toList();
        Set<NodeId> needs = ids(takes);
        Set<NodeId> after = new LinkedHashSet<>(needs);
        after.addAll(ids(waits.toArray(String[]::new)));
        nodes.add(new PlannedNode(node, inputs, !inputs.isEmpty(), needs, after, 0, false, false));
        return this;
    }

    private static Set<NodeId> ids(String... names) {
        return Stream.of(names).map(PartialPlanTest::id).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Plan only(String... selected) {
        Project project =
                new Project("test", "", "", "", "duckdb", "", folder, List.of(), Retry.DEFAULT, List.of(), SPAN);
        return new Plan(project, nodes).only(ids(selected), problems);
    }

    private static List<String> described(Plan plan) {
        return plan.nodes().stream()
                .map(node -> node.id().node() + (node.helper() ? " (helper)" : "") + " needs "
                        + names(node.needs()) + " after " + names(node.after()) + " readers " + node.readers()
                        + (node.keep() ? " keep" : ""))
                .toList();
    }

    private static List<String> names(Set<NodeId> nodes) {
        return nodes.stream().map(NodeId::node).sorted().toList();
    }

    private List<String> messages() {
        return problems.all().stream()
                .map(p -> p.code() + " " + p.message() + " -> " + p.help().orElse(""))
                .toList();
    }

    @Test
    void keepsTheOrderThroughNodesThatAreLeftOut() {
        node("a", "a").node("b", "b", "a").node("c", "c", "b").node("d", "d", "c");
        folder.resolve("c").toFile().mkdirs();

        assertThat(described(only("a", "d")))
                .containsExactly("a needs [] after [] readers 0", "d needs [] after [a] readers 0");
        assertThat(messages()).isEmpty();
    }

    @Test
    void readsWhatANodeThatIsLeftOutWroteBefore() {
        node("a", "a").node("b", "b", "a");
        folder.resolve("a").toFile().mkdirs();

        Plan plan = only("b");

        assertThat(described(plan)).containsExactly("b needs [] after [] readers 0");
        assertThat(plan.earlier()).containsOnlyKeys(id("a"));
        assertThat(messages()).isEmpty();
    }

    @Test
    void reportsWhatWasNeverWritten() {
        node("a", "a").node("b", "b", "a").only("b");

        assertThat(messages())
                .containsExactly(
                        "NOT_WRITTEN_YET 'lake:a' does not exist yet, and node 'p.a', which writes it, is not selected"
                                + " -> select 'p.a' too, or run it before");
    }

    @Test
    void computesWhatIsNotWrittenForThoseWhoReadIt() {
        node("a", null).node("b", null, "a").node("c", "c", "b", "a").node("d", "d", "b");

        Plan plan = only("c");

        assertThat(described(plan))
                .containsExactly(
                        "a (helper) needs [] after [] readers 2",
                        "b (helper) needs [a] after [a] readers 1",
                        "c needs [a, b] after [a, b] readers 0");
        assertThat(plan.selected()).extracting(PlannedNode::id).containsExactly(id("c"));
        assertThat(plan.earlier()).isEmpty();
    }

    @Test
    void aHelperTooReadsWhatWasWrittenBefore() {
        node("a", "a").node("b", null, "a").node("c", "c", "b");
        folder.resolve("a").toFile().mkdirs();

        Plan plan = only("c");

        assertThat(described(plan))
                .containsExactly("b (helper) needs [] after [] readers 1", "c needs [b] after [b] readers 0");
        assertThat(plan.earlier()).containsOnlyKeys(id("a"));
    }

    @Test
    void whoReadsTheEarlierRowsGoesBeforeWhoAddsToThem() {
        node("a", "t", WriteMode.APPEND, Set.of())
                .node("more", "t", WriteMode.APPEND, Set.of("a"))
                .node("b", "b", "a");
        folder.resolve("t").toFile().mkdirs();

        assertThat(described(only("more", "b")))
                .containsExactly("b needs [] after [] readers 0 keep", "more needs [] after [b] readers 0");
    }
}
