package dev.tarn.core.engine;

import java.util.Map;

/**
 * What rows look like.
 *
 * @param ranges by column name, of the columns of which they are known without looking at the rows again
 */
public record Profile(Sample sample, Map<String, ColumnRange> ranges) {

    public Profile {
        ranges = Map.copyOf(ranges);
    }
}
