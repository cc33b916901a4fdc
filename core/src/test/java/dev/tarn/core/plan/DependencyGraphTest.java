package dev.tarn.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.project.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DependencyGraphTest {

    private static NodeId id(String name) {
        return new NodeId("p", name);
    }

    private static DependencyGraph graph(String... nodes) {
        return new DependencyGraph(
                List.of(nodes).stream().map(DependencyGraphTest::id).toList());
    }

    @Test
    void keepsTheOrderOfDeclarationWhereNothingElseDecides() {
        DependencyGraph graph = graph("c", "a", "b");
        graph.need(id("c"), id("b"));

        assertThat(graph.order()).containsExactly(id("b"), id("c"), id("a"));
    }

    @Test
    void findsTheShortestCircle() {
        DependencyGraph graph = graph("a", "b", "c", "d");
        graph.need(id("a"), id("b"));
        graph.need(id("b"), id("c"));
        graph.need(id("c"), id("a"));
        graph.need(id("b"), id("a"));

        assertThat(graph.cycle()).hasValue(List.of(id("a"), id("b")));
    }

    @Test
    void aNodeThatNeedsItselfIsACircle() {
        DependencyGraph graph = graph("a");
        graph.need(id("a"), id("a"));

        assertThat(graph.cycle()).hasValue(List.of(id("a")));
    }

    @Test
    void aChainAsLongAsAProjectIsLargeIsNoProblem() {
        List<NodeId> nodes = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            nodes.add(id("n" + i));
        }
        DependencyGraph graph = new DependencyGraph(nodes);
        for (int i = 0; i < 4999; i++) {
            graph.need(nodes.get(i), nodes.get(i + 1));
        }
        List<NodeId> reversed = new ArrayList<>(nodes);
        Collections.reverse(reversed);

        assertThat(graph.order()).isEqualTo(reversed);
    }

    @Test
    void everyNodeStandsAfterWhatItWaitsFor() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int size = 1 + random.nextInt(30);
            List<NodeId> nodes = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                nodes.add(id("n" + i));
            }
            List<NodeId> declared = new ArrayList<>(nodes);
            Collections.shuffle(declared, random);
            DependencyGraph graph = new DependencyGraph(declared);
            for (int i = 0; i < 2 * size; i++) {
                int later = random.nextInt(size);
                if (later > 0) {
                    graph.waitFor(nodes.get(later), nodes.get(random.nextInt(later)));
                }
            }

            List<NodeId> order = graph.order();

            assertThat(order).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(nodes);
            for (NodeId node : nodes) {
                graph.after(node)
                        .forEach(other -> assertThat(order.indexOf(other)).isLessThan(order.indexOf(node)));
            }
        }
    }
}
