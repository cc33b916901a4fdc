package dev.tarn.core.select;

import dev.tarn.core.project.NodeId;
import dev.tarn.core.source.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What one argument asks for. */
sealed interface Selector {

    /** The nodes that are meant; none where something is wrong, which is then reported to the lookup. */
    Set<NodeId> in(Lookup lookup);

    /** All properties that it asks for. */
    Stream<Criterion> criteria();

    /** All that one of the parts means; written with spaces. */
    record Union(List<Selector> parts) implements Selector {
        public Union {
            parts = List.copyOf(parts);
        }

        @Override
        public Set<NodeId> in(Lookup lookup) {
            Set<NodeId> found = new HashSet<>();
            parts.forEach(part -> found.addAll(part.in(lookup)));
            return found;
        }

        @Override
        public Stream<Criterion> criteria() {
            return parts.stream().flatMap(Selector::criteria);
        }
    }

    /** What all of the parts mean; written with commas. */
    record Intersection(String text, List<Part> parts) implements Selector {
        public Intersection {
            parts = List.copyOf(parts);
        }

        @Override
        public Set<NodeId> in(Lookup lookup) {
            List<Set<NodeId>> each = parts.stream().map(part -> part.in(lookup)).toList();
            Set<NodeId> common = new HashSet<>(each.get(0));
            each.forEach(common::retainAll);
            if (common.isEmpty()
                    && each.stream().noneMatch(Set::isEmpty)
                    && criteria().noneMatch(Criterion::mayMatchNothing)) {
                lookup.report(
                        Names.quoted(text) + " matches nothing",
                        "a comma means both: no node is in all of its parts; use a space for either");
            }
            return common;
        }

        @Override
        public Stream<Criterion> criteria() {
            return parts.stream().flatMap(Selector::criteria);
        }
    }

    /** Nodes with a property, and their surroundings. */
    record Part(Criterion criterion, Reach reach) implements Selector {

        @Override
        public Set<NodeId> in(Lookup lookup) {
            return reach.around(lookup.matching(criterion), lookup.graph());
        }

        @Override
        public Stream<Criterion> criteria() {
            return Stream.of(criterion);
        }
    }
}
