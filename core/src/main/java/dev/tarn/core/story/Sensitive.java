package dev.tarn.core.story;

import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Columns;
import dev.tarn.core.project.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of which nodes may not be shown: those that a node names under {@code sensitive} or marks as {@code pii},
 * there and, by their names, in all nodes that read it.
 */
public final class Sensitive {

    /** Stands for each value that may not be shown, NULL too. */
    public static final String MASK = "•••";

    /**
     * Of one node.
     *
     * @param all whether no column may be shown
     * @param names otherwise those that may not, in lower case
     */
    public record Names(boolean all, Set<String> names) {

        public Names {
            names = Set.copyOf(names);
        }

        /** A part of a column that is named hides all of it. */
        public boolean hides(String column) {
            String lower = column.toLowerCase(Locale.ROOT);
            return all || names.stream().anyMatch(name -> name.equals(lower) || name.startsWith(lower + "."));
        }

        /** Whether there is anything to hide. */
        public boolean any() {
            return all || !names.isEmpty();
        }
    }

    private final Map<NodeId, Names> byNode;

    private Sensitive(Map<NodeId, Names> byNode) {
        this.byNode = Map.copyOf(byNode);
    }

    /**
     * Finds what of a plan is sensitive.
     *
     * @param outputs the names of the columns that each node made, where they are known: of a node that is sensitive as a
     *     whole these are hidden in its readers, and all columns are where they are not known
     */
    public static Sensitive of(Plan plan, Map<NodeId, List<String>> outputs) {
        Map<NodeId, Names> byNode = new HashMap<>();
        Map<NodeId, Names> handedOn = new HashMap<>();
        for (PlannedNode node : plan.nodes()) {
            Names names = own(node.node().columns());
            for (NodeId needed : node.needs()) {
                names = union(names, handedOn.getOrDefault(needed, new Names(false, Set.of())));
            }
            byNode.put(node.id(), names);
            handedOn.put(node.id(), handedOn(names, outputs.getOrDefault(node.id(), List.of())));
        }
        return new Sensitive(byNode);
    }

    private static Names own(Columns columns) {
        Set<String> names = new HashSet<>();
        columns.sensitive().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        columns.declared().stream()
                .filter(Columns.Column::pii)
                .forEach(column -> names.add(column.name().toLowerCase(Locale.ROOT)));
        return new Names(columns.allSensitive(), names);
    }

    private static Names union(Names one, Names other) {
        Set<String> names = new HashSet<>(one.names());
        names.addAll(other.names());
        return new Names(one.all() || other.all(), names);
    }

    private static Names handedOn(Names names, List<String> output) {
        if (!names.all() || output.isEmpty()) {
            return names;
        }
        Set<String> known = new HashSet<>(names.names());
        output.forEach(column -> known.add(column.toLowerCase(Locale.ROOT)));
        return new Names(false, known);
    }

    /** The columns of a node that may not be shown. */
    public Names of(NodeId node) {
        return byNode.getOrDefault(node, new Names(false, Set.of()));
    }
}
