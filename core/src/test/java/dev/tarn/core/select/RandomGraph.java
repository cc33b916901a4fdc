package dev.tarn.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.project.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A graph and selections from it by chance, and what they mean by definition: from a table of distances. */
final class RandomGraph {

    private static final int FAR = 1000;

    private final Random random;
    private final int size;
    /** Steps from a node to one that needs it. */
    private final int[][] distance;

    private final List<Set<String>> tags = new ArrayList<>();
    private final PlanFixture plan = new PlanFixture();

    /** A written selector and the nodes it means; none if it must be refused. */
    private record Expected(String text, Optional<Set<Integer>> nodes) {}

    RandomGraph(Random random) {
        this.random = random;
        this.size = 1 + random.nextInt(12);
        this.distance = new int[size][size];
        IntStream.range(0, size).forEach(this::addNode);
        closeDistances();
    }

    private void addNode(int node) {
        Set<String> needs = new HashSet<>();
        Set<String> waits = new HashSet<>();
        for (int other = 0; other < size; other++) {
            distance[other][node] = other == node ? 0 : FAR;
        }
        for (int other = 0; other < node; other++) {
            int kind = random.nextInt(6);
            if (kind == 0) {
                needs.add(name(other));
                distance[other][node] = 1;
            } else if (kind == 1) {
                waits.add(name(other));
            }
        }
        tags.add(random.nextBoolean() ? Set.of("odd") : random.nextBoolean() ? Set.of("odd", "even") : Set.of());
        plan.node(name(node), List.copyOf(tags.get(node)), List.of(), needs, waits);
    }

    private static String name(int node) {
        return "p" + node % 3 + ".n" + node;
    }

    private void closeDistances() {
        for (int via = 0; via < size; via++) {
            for (int from = 0; from < size; from++) {
                for (int to = 0; to < size; to++) {
                    distance[from][to] = Math.min(distance[from][to], distance[from][via] + distance[via][to]);
                }
            }
        }
    }

    private Set<Integer> nodes(IntPredicate condition) {
        return new TreeSet<>(IntStream.range(0, size).filter(condition).boxed().toList());
    }

    private Expected named() {
        int node = random.nextInt(size);
        return switch (random.nextInt(5)) {
            case 0 -> of("tag:odd", nodes(n -> tags.get(n).contains("odd")));
            case 1 -> of("tag:even", nodes(n -> tags.get(n).contains("even")));
            case 2 -> of("pipeline:p" + node % 3, nodes(n -> n % 3 == node % 3));
            case 3 -> of("n" + node, nodes(n -> n == node));
            default -> of("n" + node + "*", nodes(n -> ("n" + n).startsWith("n" + node)));
        };
    }

    private static Expected of(String text, Set<Integer> nodes) {
        return new Expected(text, nodes.isEmpty() ? Optional.empty() : Optional.of(nodes));
    }

    private Expected part() {
        Expected named = named();
        if (random.nextInt(5) == 0) {
            return new Expected(
                    "@" + named.text(),
                    named.nodes()
                            .map(from -> nodes(n -> IntStream.range(0, size)
                                    .anyMatch(end -> near(n, end, FAR - 1)
                                            && from.stream().anyMatch(a -> near(a, end, FAR - 1))))));
        }
        int up = random.nextInt(4) - 1;
        int down = random.nextInt(4) - 1;
        return new Expected(
                sign(up, true) + named.text() + sign(down, false),
                named.nodes()
                        .map(from -> nodes(n ->
                                from.stream().anyMatch(a -> near(n, a, steps(up)) || near(a, n, steps(down))))));
    }

    private boolean near(int from, int to, int steps) {
        return distance[from][to] <= steps;
    }

    /** -1 is no operator, 0 one without a number. */
    private static String sign(int steps, boolean before) {
        String number = steps > 0 ? String.valueOf(steps) : "";
        return steps < 0 ? "" : before ? number + "+" : "+" + number;
    }

    private static int steps(int sign) {
        return sign < 0 ? 0 : sign == 0 ? FAR - 1 : sign;
    }

    private Expected intersection() {
        Expected left = part();
        if (random.nextBoolean()) {
            return left;
        }
        Expected right = part();
        Optional<Set<Integer>> common =
                left.nodes().flatMap(l -> right.nodes().map(r -> nodes(n -> l.contains(n) && r.contains(n))));
        return new Expected(left.text() + "," + right.text(), common.filter(both -> !both.isEmpty()));
    }

    private Expected union() {
        Expected left = intersection();
        if (random.nextBoolean()) {
            return left;
        }
        Expected right = intersection();
        return new Expected(
                left.text() + " " + right.text(),
                left.nodes().flatMap(l -> right.nodes().map(r -> nodes(n -> l.contains(n) || r.contains(n)))));
    }

    private Optional<List<String>> found(List<String> select, List<String> exclude) {
        try {
            return Optional.of(Selection.parse(select, exclude).of(plan.plan()).stream()
                    .map(NodeId::toString)
                    .toList());
        } catch (SelectionException e) {
            assertThat(e.problems()).isNotEmpty();
            return Optional.empty();
        }
    }

    /** Makes up a selection and looks it up both ways; whether it selects anything. */
    boolean agrees() {
        Expected select = union();
        Expected exclude = union();
        List<String> excluded = random.nextInt(3) == 0 ? List.of(exclude.text()) : List.of();
        Optional<Set<Integer>> left = excluded.isEmpty()
                ? select.nodes()
                : select.nodes()
                        .flatMap(s -> exclude.nodes().map(x -> nodes(n -> s.contains(n) && !x.contains(n))))
                        .filter(nodes -> !nodes.isEmpty());
        assertThat(found(List.of(select.text()), excluded))
                .as("%s nodes, --select '%s' --exclude %s", size, select.text(), excluded)
                .isEqualTo(
                        left.map(nodes -> nodes.stream().map(RandomGraph::name).toList()));
        return left.isPresent();
    }
}
