package dev.tarn.core.plan;

import dev.tarn.core.connection.Location;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Cuts a plan down to the selected nodes, and to the helpers without which they have no rows. */
final class PartialPlan {

    private final Plan whole;
    private final Set<NodeId> selected;
    private final Map<NodeId, PlannedNode> all = new LinkedHashMap<>();
    /** Selected nodes and helpers, in the whole plan's order. */
    private final Set<NodeId> kept;

    private PartialPlan(Plan whole, Set<NodeId> selected) {
        this.whole = whole;
        this.selected = selected;
        whole.nodes().forEach(node -> all.put(node.id(), node));
        Set<NodeId> withHelpers = withHelpers();
        this.kept = inOrder(withHelpers);
    }

    static Plan of(Plan whole, Set<NodeId> selected, Problems problems) {
        PartialPlan partial = new PartialPlan(whole, selected);
        partial.reportNotWritten(problems);
        return partial.plan();
    }

    private PlannedNode get(NodeId id) {
        return Objects.requireNonNull(all.get(id), () -> id + " is not in the plan");
    }

    private Stream<PlannedNode> keptNodes() {
        return kept.stream().map(this::get);
    }

    private Set<NodeId> inOrder(Set<NodeId> nodes) {
        return all.keySet().stream().filter(nodes::contains).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** A node that writes nothing has no rows from before: it must be computed for those who take its output. */
    private Set<NodeId> withHelpers() {
        Set<NodeId> found = new HashSet<>(selected);
        Deque<NodeId> open = new ArrayDeque<>(selected);
        while (!open.isEmpty()) {
            get(open.pop())
                    .sources()
                    .map(Input.FromNode::node)
                    .filter(id -> get(id).node().write().isEmpty())
                    .filter(found::add)
                    .forEach(open::push);
        }
        return found;
    }

    private Plan plan() {
        DependencyGraph graph = new DependencyGraph(kept);
        keptNodes().forEach(node -> {
            inOrder(node.needs()).forEach(need -> graph.need(node.id(), need));
            before(node).forEach(other -> graph.waitFor(node.id(), other));
        });
        letEarlierRowsBeRead(graph);
        return new Plan(
                whole.project(),
                graph.order().stream().map(id -> cut(get(id), graph)).toList(),
                earlier());
    }

    /** What the node waits for, directly or through nodes that are left out. */
    private Set<NodeId> before(PlannedNode node) {
        Set<NodeId> found = new HashSet<>();
        Set<NodeId> seen = new HashSet<>(node.after());
        Deque<NodeId> open = new ArrayDeque<>(node.after());
        while (!open.isEmpty()) {
            NodeId id = open.pop();
            if (kept.contains(id)) {
                found.add(id);
            } else {
                get(id).after().stream().filter(seen::add).forEach(open::push);
            }
        }
        return inOrder(found);
    }

    /**
     * Who reads a table of an earlier run goes before those who write it in this one. In the whole plan it took the rows
     * from the node itself, so nothing there says so.
     */
    private void letEarlierRowsBeRead(DependencyGraph graph) {
        keptNodes()
                .forEach(reader -> writersOverEarlier(reader)
                        .filter(writer -> !graph.reaches(reader.id(), writer.id()))
                        .forEach(writer -> graph.waitFor(writer.id(), reader.id())));
    }

    private Stream<PlannedNode> writersOverEarlier(PlannedNode reader) {
        List<Location> read = earlierOf(reader).map(Write::location).toList();
        return keptNodes()
                .filter(writer -> !writer.id().equals(reader.id()))
                .filter(writer -> read.stream().anyMatch(location -> writes(writer, location)));
    }

    private Stream<Write> earlierOf(PlannedNode node) {
        return node.sources().filter(from -> !kept.contains(from.node())).map(this::target);
    }

    private Write target(Input.FromNode from) {
        return get(from.node()).node().write().orElseThrow();
    }

    private static boolean writes(PlannedNode node, Location place) {
        return TableAccess.writes(node.node()).stream().anyMatch(write -> TableAccess.overlap(place, write));
    }

    private PlannedNode cut(PlannedNode node, DependencyGraph graph) {
        int readers = (int) keptNodes().filter(n -> n.takesOutputOf(node.id())).count();
        boolean keep = node.keep() || writersOverEarlier(node).findAny().isPresent();
        return new PlannedNode(
                node.node(),
                node.inputs(),
                node.hasDf(),
                graph.needs(node.id()),
                graph.after(node.id()),
                readers,
                keep,
                !selected.contains(node.id()));
    }

    private Map<NodeId, Write> earlier() {
        Map<NodeId, Write> earlier = new LinkedHashMap<>();
        keptNodes()
                .flatMap(PlannedNode::sources)
                .filter(from -> !kept.contains(from.node()))
                .forEach(from -> earlier.put(from.node(), target(from)));
        return earlier;
    }

    /** Tables that a kept node reads, that are not there, and that only nodes which are left out write. */
    private void reportNotWritten(Problems problems) {
        keptNodes()
                .forEach(node -> node.inputs().forEach(input -> {
                    if (input instanceof Input.FromNode from) {
                        if (!kept.contains(from.node())) {
                            reportNotWritten(target(from).location(), get(from.node()), from.span(), problems);
                        }
                    } else if (input instanceof Input.External external) {
                        Location place = external.read().location();
                        leftOutWriter(place)
                                .ifPresent(writer -> reportNotWritten(place, writer, place.span(), problems));
                    }
                }));
    }

    private Optional<PlannedNode> leftOutWriter(Location place) {
        return all.values().stream()
                .filter(node -> !kept.contains(node.id()))
                .filter(node -> writes(node, place))
                .findFirst();
    }

    private void reportNotWritten(Location place, PlannedNode writer, SourceSpan span, Problems problems) {
        boolean made = keptNodes().anyMatch(node -> writes(node, place));
        if (!made && !TableAccess.exists(place)) {
            problems.error(
                    ProblemCode.NOT_WRITTEN_YET,
                    span,
                    "'" + place + "' does not exist yet, and node '" + writer.id()
                            + "', which writes it, is not selected",
                    "select '" + writer.id() + "' too, or run it before");
        }
    }
}
