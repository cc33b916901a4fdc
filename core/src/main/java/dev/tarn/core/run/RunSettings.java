package dev.tarn.core.run;

import java.time.Clock;

/**
 * How a plan is run.
 *
 * @param runId names the run in tables, results and folders
 * @param workers nodes that may run at the same time, 1 or more
 * @param clock gives the run's start, which rejected rows carry
 */
public record RunSettings(String runId, int workers, Clock clock) {

    public RunSettings {
        if (workers < 1) {
            throw new IllegalStateException("workers " + workers);
        }
    }
}
