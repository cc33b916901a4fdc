package dev.tarn.core.run;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.project.NodeId;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a plan is run.
 *
 * @param runId names the run in tables, results and folders
 * @param workers nodes that may run at the same time, 1 or more
 * @param clock gives the run's start, which rejected rows carry
 * @param tracing how closely nodes are looked at; not at all when absent
 * @param committed targets of nodes that have their rows from an earlier try, and are not written again
 * @param redaction takes secrets out of what is said of failures
 */
public record RunSettings(
        String runId,
        int workers,
        Clock clock,
        Optional<Tracing> tracing,
        Map<NodeId, List<NodeResult.Written>> committed,
        Redaction redaction) {

    /** Settings of a run that nobody wants a trace of. */
    public RunSettings(String runId, int workers, Clock clock) {
        this(runId, workers, clock, Optional.empty());
    }

    /** Settings of a run that nobody began before, and that knows no secret. */
    public RunSettings(String runId, int workers, Clock clock, Optional<Tracing> tracing) {
        this(runId, workers, clock, tracing, Map.of(), new Redaction());
    }

    public RunSettings {
        if (workers < 1) {
            throw new IllegalStateException("workers " + workers);
        }
        committed = Map.copyOf(committed);
    }
}
