package dev.tarn.lake;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Of which columns a data file's statistics are kept in the log.
 *
 * @param named those that the table names, as paths; empty if it names none
 * @param first of how many leaf columns from the first, otherwise
 */
record StatisticsColumns(Optional<List<List<String>>> named, int first) {
    static final String NAMED = "delta.dataSkippingStatsColumns";

    /** Delta's own default for {@link TableProperties#STATISTICS_COLUMNS}. */
    private static final int FIRST = 32;

    static StatisticsColumns of(Map<String, String> properties) {
        Optional<List<List<String>>> named =
                Optional.ofNullable(properties.get(NAMED)).map(ColumnPath::list);
        String first =
                properties.getOrDefault(TableProperties.STATISTICS_COLUMNS, "").strip();
        if (!first.matches("-?\\d{1,9}")) {
            return new StatisticsColumns(named, FIRST);
        }
        int count = Integer.parseInt(first);
        return new StatisticsColumns(named, count < 0 ? Integer.MAX_VALUE : count);
    }

    /** Whether a leaf column is one of them: by its path, and how many leaves are before it. */
    boolean has(List<String> path, int before) {
        return named.map(all -> all.stream().anyMatch(prefix -> ColumnPath.begins(path, prefix)))
                .orElse(before < first);
    }
}
