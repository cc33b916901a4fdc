package dev.tarn.core.story;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What came of a run and how, with nothing in it that may not be shown. The JSON of a story has these components, with
 * names in snake case; {@link #SCHEMA} changes when one changes its meaning.
 *
 * @param schema {@link #SCHEMA}
 * @param environment the project's environment, if it ran in one
 * @param options what of the command line changed what happened
 * @param gitRevision the commit that the project's folder was checked out at
 * @param gitDirty whether tracked files differed from it
 * @param nodes in the plan's order
 */
public record Story(
        String schema,
        String runId,
        String project,
        Optional<String> environment,
        String description,
        RunStatus status,
        Instant startedAt,
        Duration seconds,
        String tarnVersion,
        String options,
        Optional<String> gitRevision,
        boolean gitDirty,
        Totals totals,
        List<NodeStory> nodes) {

    public static final String SCHEMA = "tarn/story/v1";

    /** How a run ended. */
    public enum RunStatus {
        SUCCEEDED,
        FAILED,
        INTERRUPTED
    }

    /** Nodes by how they ended, without helpers that did their work, and rows of those that succeeded. */
    public record Totals(
            long nodes,
            long succeeded,
            long failed,
            long failedIgnored,
            long skipped,
            long upToDate,
            long rowsOut,
            long rowsRejected) {

        static Totals of(List<NodeStory> all) {
            List<NodeStory> nodes = all.stream()
                    .filter(n -> !n.helper() || n.status() != NodeStatus.SUCCEEDED)
                    .toList();
            return new Totals(
                    nodes.size(),
                    count(nodes, n -> n.status() == NodeStatus.SUCCEEDED),
                    count(nodes, n -> n.status() == NodeStatus.FAILED),
                    count(nodes, n -> n.status() == NodeStatus.FAILED_IGNORED),
                    count(nodes, n -> n.status() == NodeStatus.SKIPPED),
                    count(nodes, n -> n.status() == NodeStatus.UP_TO_DATE),
                    nodes.stream().mapToLong(n -> n.rowsOut().orElse(0)).sum(),
                    nodes.stream().mapToLong(NodeStory::rowsRejected).sum());
        }

        private static long count(List<NodeStory> nodes, Predicate<NodeStory> which) {
            return nodes.stream().filter(which).count();
        }
    }

    public Story {
        nodes = List.copyOf(nodes);
    }

    /** The node of a name {@code pipeline.node}. */
    public Optional<NodeStory> node(String name) {
        return nodes.stream().filter(node -> node.node().equals(name)).findFirst();
    }
}
