package dev.tarn.lake;

import java.util.ArrayList;
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
                Optional.ofNullable(properties.get(NAMED)).map(StatisticsColumns::paths);
        String first =
                properties.getOrDefault(TableProperties.STATISTICS_COLUMNS, "").strip();
        if (!first.matches("-?\\d{1,9}")) {
            return new StatisticsColumns(named, FIRST);
        }
        int count = Integer.parseInt(first);
        return new StatisticsColumns(named, count < 0 ? Integer.MAX_VALUE : count);
    }

    /** Names in a list with commas, where one with other letters than usual is in backticks, and a point leads into a struct. */
    static List<List<String>> paths(String list) {
        List<List<String>> paths = new ArrayList<>();
        List<String> path = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            boolean doubled = quoted && c == '`' && i + 1 < list.length() && list.charAt(i + 1) == '`';
            if (doubled) {
                name.append(c);
                i++;
            } else if (c == '`') {
                quoted = !quoted;
            } else if (quoted || (c != ',' && c != '.')) {
                name.append(c);
            } else {
                path.add(name.toString().strip());
                name.setLength(0);
                if (c == ',') {
                    paths.add(path);
                    path = new ArrayList<>();
                }
            }
        }
        path.add(name.toString().strip());
        paths.add(path);
        return paths;
    }

    /** Whether a leaf column is one of them: by its path, and how many leaves are before it. */
    boolean has(List<String> path, int before) {
        return named.map(all -> all.stream().anyMatch(prefix -> begins(path, prefix)))
                .orElse(before < first);
    }

    private static boolean begins(List<String> path, List<String> prefix) {
        if (prefix.size() > path.size()) {
            return false;
        }
        for (int i = 0; i < prefix.size(); i++) {
            if (!prefix.get(i).equalsIgnoreCase(path.get(i))) {
                return false;
            }
        }
        return true;
    }
}
