package dev.tarn.core.run;

import dev.tarn.core.engine.BrokenRows;
import dev.tarn.core.engine.Column;
import dev.tarn.core.engine.Profile;
import dev.tarn.core.project.NodeId;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a node came to its result, of its last try; what could not be looked at is left out.
 *
 * @param inputs by their names in the node's SQL the columns of inputs from outside this run
 */
public record NodeTrace(
        NodeId node,
        Map<Phase, Duration> phases,
        Map<String, List<Column>> inputs,
        Optional<Profile> output,
        Optional<BrokenRows> broken) {

    public NodeTrace {
        phases = Collections.unmodifiableMap(new EnumMap<>(phases));
        inputs = Map.copyOf(inputs);
    }
}
