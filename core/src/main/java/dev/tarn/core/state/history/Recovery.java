package dev.tarn.core.state.history;

import dev.tarn.core.engine.Committed;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Session;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Write;
import dev.tarn.core.run.NodeResult.Written;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What runs wrote without recording it. A process may be killed after a node's commit and before the record of it; the table
 * then knows more than the history, and to run the node again would append its rows twice.
 *
 * @param done nodes that had written all, and only need a record
 * @param committed of the other nodes, which run again, the targets that have their rows already
 */
public record Recovery(List<Done> done, Map<NodeId, List<Written>> committed) {

    /** Nothing was left unrecorded. */
    public static final Recovery NONE = new Recovery(List.of(), Map.of());

    /**
     * A node that a run had done.
     *
     * @param at when it had
     */
    public record Done(NodeId node, String runId, List<Written> written, Instant at) {
        public Done {
            written = List.copyOf(written);
        }
    }

    public Recovery {
        done = List.copyOf(done);
        committed = Map.copyOf(committed);
    }

    /**
     * Asks the targets of nodes that were begun and not finished. What an earlier run wrote counts only if the node has the
     * same fingerprint as then: else it has to write something else anyway. Throws where a target cannot tell.
     */
    public static Recovery of(Plan plan, EarlierRuns earlier, Map<NodeId, String> fingerprints, Session session) {
        List<Done> done = new ArrayList<>();
        Map<NodeId, List<Written>> committed = new HashMap<>();
        for (PlannedNode node : plan.nodes()) {
            Optional<String> fingerprint = Optional.ofNullable(fingerprints.get(node.id()));
            List<EarlierRuns.Try> tries = earlier.tries().getOrDefault(node.id(), List.of()).stream()
                    .filter(each ->
                            each.fingerprint().isPresent() && each.fingerprint().equals(fingerprint))
                    .toList();
            if (!tries.isEmpty()) {
                find(node, tries, session, done, committed);
            }
        }
        return new Recovery(done, committed);
    }

    private static void find(
            PlannedNode node,
            List<EarlierRuns.Try> tries,
            Session session,
            List<Done> done,
            Map<NodeId, List<Written>> committed) {
        Set<String> runs = tries.stream().map(EarlierRuns.Try::runId).collect(Collectors.toSet());
        Instant since = tries.stream()
                .map(each -> Instant.parse(each.started()))
                .min(Instant::compareTo)
                .orElseThrow();
        List<Written> written = new ArrayList<>();
        Optional<Committed> output = Optional.empty();
        for (Write write : node.writes()) {
            Optional<Committed> found = committed(write, node.id(), runs, since, session);
            found.ifPresent(each -> written.add(new Written(write.location().toString(), each.version())));
            if (node.node().write().equals(Optional.of(write))) {
                output = found;
            }
        }
        // The output is committed last: where it is, the rest was, and only statements may be left to run.
        if (output.isPresent() && node.node().statements().after().isEmpty()) {
            done.add(new Done(
                    node.id(), output.get().runId(), written, output.get().at()));
        } else if (!written.isEmpty()) {
            committed.put(node.id(), List.copyOf(written));
        }
    }

    private static Optional<Committed> committed(
            Write write, NodeId node, Set<String> runs, Instant since, Session session) {
        try {
            return session.committed(write, node, runs, since);
        } catch (FailureException e) {
            throw new HistoryException(
                    "whether '" + node + "' had written to '" + write.location()
                            + "' before it was stopped cannot be told: " + e.getMessage(),
                    "look at the table, and mend it where rows are missing",
                    e);
        }
    }
}
