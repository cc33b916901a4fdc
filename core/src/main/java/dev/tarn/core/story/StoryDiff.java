package dev.tarn.core.story;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Two runs of a project side by side.
 *
 * @param from the run on the left, usually the older one
 * @param to the run on the right
 */
public record StoryDiff(String schema, Side from, Side to, List<NodeDiff> nodes) {

    public static final String SCHEMA = "tarn/story-diff/v1";

    /** A run as a whole. */
    public record Side(String runId, Story.RunStatus status, Duration seconds, long rowsOut, long rowsRejected) {
        static Side of(Story story) {
            return new Side(
                    story.runId(),
                    story.status(),
                    story.seconds(),
                    story.totals().rowsOut(),
                    story.totals().rowsRejected());
        }
    }

    /**
     * A node in both runs; a status is absent where the run did not have the node.
     *
     * @param sql the queries of both, if they differ
     * @param columns what is different in the output's columns
     */
    public record NodeDiff(
            String node,
            Optional<NodeStatus> from,
            Optional<NodeStatus> to,
            OptionalLong rowsFrom,
            OptionalLong rowsTo,
            Duration secondsFrom,
            Duration secondsTo,
            List<Comparison.DiffLine> sql,
            List<ColumnChange> columns) {

        public NodeDiff {
            sql = List.copyOf(sql);
            columns = List.copyOf(columns);
        }

        /** Whether anything but the duration is different. */
        public boolean isChanged() {
            return !from.equals(to) || !rowsFrom.equals(rowsTo) || !sql.isEmpty() || !columns.isEmpty();
        }
    }

    public StoryDiff {
        nodes = List.copyOf(nodes);
    }

    /** What is different in {@code to}. Nodes stand in its order; those that only {@code from} has come last. */
    public static StoryDiff between(Story from, Story to) {
        List<NodeDiff> nodes = new ArrayList<>();
        to.nodes().forEach(node -> nodes.add(diff(from.node(node.node()), Optional.of(node))));
        from.nodes().stream()
                .filter(node -> to.node(node.node()).isEmpty())
                .forEach(node -> nodes.add(diff(Optional.of(node), Optional.empty())));
        return new StoryDiff(SCHEMA, Side.of(from), Side.of(to), nodes);
    }

    private static NodeDiff diff(Optional<NodeStory> from, Optional<NodeStory> to) {
        Optional<Comparison> both = from.flatMap(older -> to.map(newer -> Comparison.of("", older, newer)));
        return new NodeDiff(
                to.or(() -> from).map(NodeStory::node).orElse(""),
                from.map(NodeStory::status),
                to.map(NodeStory::status),
                from.map(NodeStory::rowsOut).orElse(OptionalLong.empty()),
                to.map(NodeStory::rowsOut).orElse(OptionalLong.empty()),
                from.map(NodeStory::seconds).orElse(Duration.ZERO),
                to.map(NodeStory::seconds).orElse(Duration.ZERO),
                both.map(Comparison::sql).orElse(List.of()),
                both.map(Comparison::columns).orElse(List.of()));
    }
}
