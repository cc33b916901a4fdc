package dev.tarn.lake;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a column of rows just written, to be shown to people.
 *
 * @param nulls how many values are NULL
 * @param min the least value as DuckDB prints it, perhaps cut
 * @param max the greatest one, perhaps cut and rounded up
 */
public record ColumnRange(OptionalLong nulls, Optional<String> min, Optional<String> max) {

    /** By name the columns that all files have statistics of. */
    static Map<String, ColumnRange> of(Metadata metadata, List<DataFiles.Written> files) {
        Map<String, ColumnRange> ranges = new LinkedHashMap<>();
        for (DeltaField column : metadata.fileColumns()) {
            String inFile = SqlText.name(metadata.mapping().physicalName(column));
            List<Map<String, String>> statistics = files.stream()
                    .map(file -> file.statistics().getOrDefault(inFile, Map.of()))
                    .toList();
            if (!statistics.isEmpty() && statistics.stream().allMatch(known -> known.containsKey("null_count"))) {
                ranges.put(column.name(), of(statistics));
            }
        }
        return ranges;
    }

    private static ColumnRange of(List<Map<String, String>> files) {
        long nulls = files.stream()
                .mapToLong(file -> Long.parseLong(file.getOrDefault("null_count", "0")))
                .sum();
        return new ColumnRange(
                OptionalLong.of(nulls),
                bound(files, "min").min(BY_VALUE),
                bound(files, "max").max(BY_VALUE));
    }

    private static java.util.stream.Stream<String> bound(List<Map<String, String>> files, String name) {
        return files.stream().flatMap(file -> Optional.ofNullable(file.get(name)).stream());
    }

    /** Numbers by their size; everything else as text, which is also the order of dates and times. */
    private static final Comparator<String> BY_VALUE = (a, b) -> {
        BigDecimal left = number(a);
        BigDecimal right = number(b);
        return left != null && right != null ? left.compareTo(right) : a.compareTo(b);
    };

    private static @Nullable BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException notOne) {
            return null;
        }
    }
}
