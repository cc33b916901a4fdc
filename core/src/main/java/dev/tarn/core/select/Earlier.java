package dev.tarn.core.select;

import dev.tarn.core.manifest.Changes;
import dev.tarn.core.project.NodeId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came before: what {@code state:} and {@code result:} ask for.
 *
 * @param changes what is different now; present if the selection {@linkplain Selection#comparesState asks} for it
 * @param outcomes of each node of one run what came of it; present if the selection asks for it
 */
public record Earlier(Optional<Changes> changes, Optional<Map<NodeId, Set<Outcome>>> outcomes) {

    public static final Earlier NOTHING = new Earlier(Optional.empty(), Optional.empty());
}
