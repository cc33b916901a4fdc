package dev.tarn.core.run;

import java.time.Clock;
import java.util.Optional;

/**
 * How a plan is run.
 *
 * @param runId names the run in tables, results and folders
 * @param workers nodes that may run at the same time, 1 or more
 * @param clock gives the run's start, which rejected rows carry
 * @param tracing how closely nodes are looked at; not at all when absent
 */
public record RunSettings(String runId, int workers, Clock clock, Optional<Tracing> tracing) {

    /** Settings of a run that nobody wants a trace of. */
    public RunSettings(String runId, int workers, Clock clock) {
        this(runId, workers, clock, Optional.empty());
    }

    public RunSettings {
        if (workers < 1) {
            throw new IllegalStateException("workers " + workers);
        }
    }
}
