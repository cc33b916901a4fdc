package dev.tarn.core.story;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A node's last success.
 *
 * @param story what the run's story says of it, if that is still there
 */
public record LastSuccess(String runId, OptionalLong rowsOut, Duration seconds, Optional<NodeStory> story) {

    Comparison compare(NodeStory now) {
        return story.map(then -> Comparison.of(runId, then, now))
                .orElseGet(() -> Comparison.of(runId, rowsOut, seconds));
    }
}
