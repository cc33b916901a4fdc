package dev.tarn.core.manifest;

import dev.tarn.core.project.NodeId;
import java.util.Map;
import java.util.Set;

/**
 * What is different from an earlier state.
 *
 * @param with what was compared with, for messages: {@code run 20260307T142530Z-9f3a2c}
 * @param modified the nodes of both whose parts differ, and which
 * @param added the nodes that only the project now has
 * @param removed the nodes that only the earlier state has
 */
public record Changes(String with, Map<NodeId, Set<Aspect>> modified, Set<NodeId> added, Set<NodeId> removed) {

    public Changes {
        modified = Map.copyOf(modified);
        added = Set.copyOf(added);
        removed = Set.copyOf(removed);
    }
}
