package dev.tarn.core.select;

import dev.tarn.core.manifest.Aspect;
import dev.tarn.core.manifest.Changes;
import dev.tarn.core.project.NodeId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a node stands to what was there before, as in dbt.
 *
 * @param aspect the only part that counts, for {@link Kind#MODIFIED}
 */
record StateKind(Kind kind, Optional<Aspect> aspect) {

    enum Kind {
        MODIFIED,
        UNMODIFIED,
        NEW,
        OLD
    }

    static Optional<StateKind> of(String id) {
        return switch (id) {
            case "modified" -> Optional.of(new StateKind(Kind.MODIFIED, Optional.empty()));
            case "unmodified" -> Optional.of(new StateKind(Kind.UNMODIFIED, Optional.empty()));
            case "new" -> Optional.of(new StateKind(Kind.NEW, Optional.empty()));
            case "old" -> Optional.of(new StateKind(Kind.OLD, Optional.empty()));
            default ->
                id.startsWith("modified.")
                        ? Aspect.of(id.substring("modified.".length()))
                                .map(aspect -> new StateKind(Kind.MODIFIED, Optional.of(aspect)))
                        : Optional.empty();
        };
    }

    static List<String> ids() {
        return Stream.concat(
                        Stream.of("modified", "new", "old", "unmodified"),
                        Arrays.stream(Aspect.values()).map(aspect -> "modified." + aspect.id()))
                .toList();
    }

    boolean holds(NodeId node, Changes changes) {
        boolean added = changes.added().contains(node);
        Set<Aspect> modified = changes.modified().getOrDefault(node, Set.of());
        return switch (kind) {
            case NEW -> added;
            case OLD -> !added;
            case UNMODIFIED -> !added && modified.isEmpty();
            case MODIFIED -> added || aspect.map(modified::contains).orElse(!modified.isEmpty());
        };
    }
}
