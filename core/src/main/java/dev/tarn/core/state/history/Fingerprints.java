package dev.tarn.core.state.history;

import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Session;
import dev.tarn.core.manifest.CanonicalText;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.source.MappedText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What nodes are: a hash of what each declares, and of the state of what it reads from outside the plan. To be taken before
 * a node reads: what changes later then shows.
 */
public final class Fingerprints {

    /** Raised when the same node gets another text, so that no old hash is taken for a new one by chance. */
    private static final String FORMAT = "tarn/node/v1";

    private Fingerprints() {}

    /**
     * The fingerprint of each node; a node whose sources cannot be looked at has none.
     *
     * @param nodes those that run
     * @param plan the whole plan, in which they have the same fingerprint, however few run
     */
    public static Map<NodeId, String> of(List<PlannedNode> nodes, Plan plan, Session session) {
        Map<NodeId, String> fingerprints = new HashMap<>();
        for (PlannedNode node : nodes) {
            try {
                fingerprints.put(
                        node.id(), CanonicalText.sha256(FORMAT + "\n" + meaning(node) + sources(node, plan, session)));
            } catch (FailureException e) {
                // The node itself meets the failure again, and reports it.
                fingerprints.remove(node.id());
            }
        }
        return Map.copyOf(fingerprints);
    }

    /** All that decides about the rows and where they go; neither description and tags, nor what happens on failure. */
    private static String meaning(PlannedNode node) {
        CanonicalText text = new CanonicalText()
                .add(node.inputs())
                .add(node.hasDf())
                .add(node.node().steps())
                .add(node.node().validation())
                .add(node.node().write())
                .add(node.node().dialect());
        // What runs after the write decides about no row: whoever mends it and resumes must not have the rows twice.
        List<MappedText> before = node.node().statements().before();
        return (before.isEmpty() ? text : text.add(before)).toString();
    }

    /** What nodes of the plan write is not outside: a node runs again when the one that writes it does. */
    private static String sources(PlannedNode node, Plan plan, Session session) {
        CanonicalText text = new CanonicalText();
        for (Input input : node.inputs()) {
            if (input instanceof Input.External external
                    && !plan.writes(external.read().location().path())) {
                SortedMap<String, String> states = session.sources(external.read());
                states.keySet().removeIf(plan::writes);
                text.add(states);
            }
        }
        return text.toString();
    }
}
