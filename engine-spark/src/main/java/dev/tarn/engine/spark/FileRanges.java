package dev.tarn.engine.spark;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.core.engine.ColumnRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the statistics of data files say of their columns. */
final class FileRanges {

    private final List<CommitLog.AddedFile> files;

    FileRanges(List<CommitLog.AddedFile> files) {
        this.files = files;
    }

    Map<String, ColumnRange> of(String... columns) {
        Map<String, ColumnRange> ranges = new HashMap<>();
        for (String column : columns) {
            ColumnRange range = of(column);
            if (range.nulls().isPresent() || range.min().isPresent()) {
                ranges.put(column, range);
            }
        }
        return ranges;
    }

    private ColumnRange of(String column) {
        long nulls = 0;
        boolean counted = true;
        JsonNode min = null;
        JsonNode max = null;
        for (CommitLog.AddedFile file : files) {
            JsonNode count = file.statistics().path("nullCount").path(column);
            counted &= count.isNumber();
            nulls += count.asLong();
            min = lesser(min, file.statistics().path("minValues").path(column));
            max = greater(max, file.statistics().path("maxValues").path(column));
        }
        return new ColumnRange(
                counted && !files.isEmpty() ? OptionalLong.of(nulls) : OptionalLong.empty(), text(min), text(max));
    }

    private static Optional<String> text(@Nullable JsonNode value) {
        return value == null ? Optional.empty() : Optional.of(value.asText());
    }

    private static @Nullable JsonNode lesser(@Nullable JsonNode a, JsonNode b) {
        return !b.isValueNode() || b.isNull() ? a : a == null || compare(b, a) < 0 ? b : a;
    }

    private static @Nullable JsonNode greater(@Nullable JsonNode a, JsonNode b) {
        return !b.isValueNode() || b.isNull() ? a : a == null || compare(b, a) > 0 ? b : a;
    }

    private static int compare(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : a.asText().compareTo(b.asText());
    }
}
