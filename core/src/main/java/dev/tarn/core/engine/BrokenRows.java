package dev.tarn.core.engine;

import java.util.List;

/**
 * A few rows that break checks.
 *
 * @param checks for each row of the sample the indexes of the checks that it breaks
 */
public record BrokenRows(Sample sample, List<List<Integer>> checks) {

    public BrokenRows {
        checks = checks.stream().map(List::copyOf).toList();
    }
}
