package dev.tarn.core.story;

import dev.tarn.core.story.NodeStory.ColumnType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A column that one of two schemas has and the other has not, or has with another type. */
public record ColumnChange(String column, Kind kind, Optional<String> from, Optional<String> to) {

    /** What is different. */
    public enum Kind {
        ADDED,
        REMOVED,
        RETYPED
    }

    /** What is different in the newer of two schemas; names are compared without case, order does not matter. */
    static List<ColumnChange> between(List<ColumnType> older, List<ColumnType> newer) {
        Map<String, ColumnType> before = byName(older);
        Map<String, ColumnType> now = byName(newer);
        List<ColumnChange> changes = new ArrayList<>();
        now.forEach((key, column) -> {
            ColumnType old = before.get(key);
            if (old == null) {
                changes.add(new ColumnChange(column.name(), Kind.ADDED, Optional.empty(), Optional.of(column.type())));
            } else if (!old.type().equals(column.type())) {
                changes.add(new ColumnChange(
                        column.name(), Kind.RETYPED, Optional.of(old.type()), Optional.of(column.type())));
            }
        });
        before.forEach((key, column) -> {
            if (!now.containsKey(key)) {
                changes.add(
                        new ColumnChange(column.name(), Kind.REMOVED, Optional.of(column.type()), Optional.empty()));
            }
        });
        return changes;
    }

    private static Map<String, ColumnType> byName(List<ColumnType> columns) {
        Map<String, ColumnType> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.put(column.name().toLowerCase(Locale.ROOT), column));
        return byName;
    }

    /** The change in words: {@code + name TYPE}, {@code - name TYPE}, {@code ~ name TYPE -> TYPE}. */
    public String text() {
        return switch (kind) {
            case ADDED -> "+ " + column + " " + to.orElse("");
            case REMOVED -> "- " + column + " " + from.orElse("");
            case RETYPED -> "~ " + column + " " + from.orElse("") + " -> " + to.orElse("");
        };
    }
}
