package dev.tarn.core.plan;

import dev.tarn.core.project.Input;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Write;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A node with everything about it decided.
 *
 * @param inputs what it reads, with the names its SQL uses; the first is {@code df}
 * @param hasDf whether the first input is {@code df}; a node may have inputs that only its SQL names
 * @param needs nodes whose output or table it reads: it is skipped when one of them fails
 * @param after nodes it must wait for, whatever their outcome; holds all of {@code needs}
 * @param readers how many nodes take its output
 * @param keep whether its output must be computed as soon as it runs, although only one node takes it, because a
 *     later node changes what it reads or because the project says so
 * @param helper whether it was not selected and runs because others take its output; it
 *     writes nothing
 */
public record PlannedNode(
        Node node,
        List<Input> inputs,
        boolean hasDf,
        Set<NodeId> needs,
        Set<NodeId> after,
        int readers,
        boolean keep,
        boolean helper) {

    public PlannedNode {
        inputs = List.copyOf(inputs);
        needs = Set.copyOf(needs);
        after = Set.copyOf(after);
    }

    public NodeId id() {
        return node.id();
    }

    boolean takesOutputOf(NodeId other) {
        return sources().anyMatch(from -> from.node().equals(other));
    }

    /** The inputs that are other nodes' output. */
    Stream<Input.FromNode> sources() {
        return inputs.stream().flatMap(i -> i instanceof Input.FromNode from ? Stream.of(from) : Stream.empty());
    }

    /** Where it stores rows: its output, and those it rejects. */
    public List<Write> writes() {
        return TableAccess.writes(node);
    }
}
