package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns what DuckDB knows of a written file into what the log says of it (Delta protocol, "Per-file Statistics").
 *
 * <p>Readers skip files by these numbers, so a wrong one loses rows without an error: what is not certain is left out.
 */
final class FileStatistics {
    /** Spark keeps as many characters. */
    private static final int STRING_PREFIX = 32;

    /** The highest code point; no text with the prefix sorts after prefix and this. */
    private static final int TIE_BREAKER = 0x10FFFF;

    private static final Pattern PLAIN_DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern PLAIN_TIMESTAMP =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?)(\\+00)?");
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS");

    private final Map<String, Map<String, String>> columns;
    private final ColumnMapping mapping;

    /**
     * @param columns DuckDB's statistics by quoted path, such as {@code "s"."a"}
     * @param mapping by which the paths have the names of columns
     */
    FileStatistics(Map<String, Map<String, String>> columns, ColumnMapping mapping) {
        this.columns = columns;
        this.mapping = mapping;
    }

    /** The statistics as the log has them, of some of the columns. */
    String json(List<DeltaField> fields, long rows, StatisticsColumns wanted) {
        Map<String, Object> minimums = new LinkedHashMap<>();
        Map<String, Object> maximums = new LinkedHashMap<>();
        Map<String, Object> nulls = new LinkedHashMap<>();
        Collector collector = new Collector(wanted);
        for (DeltaField field : fields) {
            collector.collect(field, List.of(field.name()), inFile(field), minimums, maximums, nulls);
        }
        Map<String, Object> stats = new LinkedHashMap<>();
        stats.put("numRecords", rows);
        stats.put("minValues", minimums);
        stats.put("maxValues", maximums);
        stats.put("nullCount", nulls);
        return Json.text(stats);
    }

    /** Refuses infinite dates and timestamps, which only DuckDB has: other readers see a day in the far past or future. */
    void checkFinite(List<DeltaField> fields) {
        temporalLeaves(fields, leaf -> {
            if (isInfinite(value(leaf.quoted, "min")) || isInfinite(value(leaf.quoted, "max"))) {
                throw infinite(leaf.plain);
            }
        });
    }

    /** Whether {@link #checkFinite} saw all: DuckDB gives no range of a file when one row group has only NULLs. */
    boolean hasTemporalRanges(List<DeltaField> fields) {
        List<Leaf> unknown = new ArrayList<>();
        temporalLeaves(fields, leaf -> {
            boolean onlyNulls = value(leaf.quoted, "num_values") != null
                    && Objects.equals(value(leaf.quoted, "num_values"), value(leaf.quoted, "null_count"));
            if (value(leaf.quoted, "max") == null && !onlyNulls) {
                unknown.add(leaf);
            }
        });
        return unknown.isEmpty();
    }

    static LakeException infinite(String column) {
        return new LakeException(
                Kind.UNSUPPORTED_VALUE,
                "Column '" + column + "' has an infinite date or timestamp, which a Delta table cannot hold.",
                "Replace it in the query by NULL or by a real date.");
    }

    static boolean isInfinite(@Nullable String text) {
        return "infinity".equals(text) || "-infinity".equals(text);
    }

    /** Refuses NULLs where the schema forbids them; DuckDB counted them anyway. */
    void checkNotNull(List<DeltaField> fields) {
        for (DeltaField field : fields) {
            checkNotNull(field, inFile(field), field.name(), 0);
        }
    }

    private void checkNotNull(DeltaField field, String path, String name, long parentNulls) {
        // The count of a nested field has the rows whose parent is NULL, which are allowed.
        long nulls = nullCount(path).orElse(Long.MAX_VALUE);
        if (!field.nullable() && nulls > parentNulls) {
            throw isNull(name);
        }
        checkNotNullInside(field.type(), path, name, nulls);
    }

    private void checkNotNullInside(DeltaType type, String path, String name, long nulls) {
        if (type instanceof DeltaType.Struct struct) {
            for (DeltaField field : struct.fields()) {
                checkNotNull(field, path + "." + inFile(field), name + "." + field.name(), nulls);
            }
        }
        // In a list an absent or empty one counts as a NULL too, so that only a look at the rows can tell; see
        // RowRules.
    }

    static LakeException isNull(String column) {
        return new LakeException(
                Kind.NOT_NULL,
                "Column '" + column + "' has NULLs, which the table's schema forbids.",
                "Filter the rows or give them a value in the query.");
    }

    private Optional<Long> nullCount(String path) {
        String text = value(path, "null_count");
        return text == null ? Optional.empty() : Optional.of(Long.parseLong(text));
    }

    private @Nullable String value(String path, String key) {
        Map<String, String> column = columns.get(path);
        return column == null ? null : column.get(key);
    }

    /** A column in a file: as DuckDB's statistics name it, and as a user does. */
    private record Leaf(String quoted, String plain) {
        Leaf child(String quotedName, String name) {
            return new Leaf(quoted + "." + quotedName, plain + "." + name);
        }

        Leaf part(String name) {
            return child(SqlText.name(name), name);
        }
    }

    private String inFile(DeltaField field) {
        return SqlText.name(mapping.physicalName(field));
    }

    private void temporalLeaves(List<DeltaField> fields, Consumer<Leaf> visit) {
        for (DeltaField field : fields) {
            temporalLeaves(field.type(), new Leaf(inFile(field), field.name()), visit);
        }
    }

    private void temporalLeaves(DeltaType type, Leaf at, Consumer<Leaf> visit) {
        if (type instanceof DeltaType.Struct struct) {
            for (DeltaField field : struct.fields()) {
                temporalLeaves(field.type(), at.child(inFile(field), field.name()), visit);
            }
        } else if (type instanceof DeltaType.Array array) {
            temporalLeaves(array.element(), at.part("element"), visit);
        } else if (type instanceof DeltaType.MapOf map) {
            temporalLeaves(map.key(), at.part("key"), visit);
            temporalLeaves(map.value(), at.part("value"), visit);
        } else if (type == Primitive.DATE || isTimestamp(type)) {
            visit.accept(at);
        }
    }

    private static boolean isTimestamp(DeltaType type) {
        return type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMP_NTZ;
    }

    /** Fills the three maps, which have the shape of the schema. */
    private final class Collector {
        private final StatisticsColumns wanted;
        private int leaves;

        Collector(StatisticsColumns wanted) {
            this.wanted = wanted;
        }

        void collect(
                DeltaField field,
                List<String> names,
                String path,
                Map<String, Object> minimums,
                Map<String, Object> maximums,
                Map<String, Object> nulls) {
            if (field.type() instanceof DeltaType.Struct struct) {
                Map<String, Object> innerMinimums = new LinkedHashMap<>();
                Map<String, Object> innerMaximums = new LinkedHashMap<>();
                Map<String, Object> innerNulls = new LinkedHashMap<>();
                for (DeltaField inner : struct.fields()) {
                    List<String> innerNames = new ArrayList<>(names);
                    innerNames.add(inner.name());
                    collect(inner, innerNames, path + "." + inFile(inner), innerMinimums, innerMaximums, innerNulls);
                }
                putUnlessEmpty(minimums, mapping.physicalName(field), innerMinimums);
                putUnlessEmpty(maximums, mapping.physicalName(field), innerMaximums);
                putUnlessEmpty(nulls, mapping.physicalName(field), innerNulls);
            } else if (wanted.has(names, leaves++)) {
                nullCount(path).ifPresent(count -> nulls.put(mapping.physicalName(field), count));
                range(field.type(), path).ifPresent(range -> {
                    minimums.put(mapping.physicalName(field), range.min);
                    maximums.put(mapping.physicalName(field), range.max);
                });
            }
        }
    }

    private static void putUnlessEmpty(Map<String, Object> map, String key, Map<String, Object> value) {
        if (!value.isEmpty()) {
            map.put(key, value);
        }
    }

    private record Range(Object min, Object max) {}

    private Optional<Range> range(DeltaType type, String path) {
        String min = value(path, "min");
        String max = value(path, "max");
        if (min == null || max == null) {
            return Optional.empty();
        }
        boolean exact = "true".equals(value(path, "min_is_exact")) && "true".equals(value(path, "max_is_exact"));
        if (type instanceof DeltaType.Decimal) {
            return exact ? Optional.of(new Range(new BigDecimal(min), new BigDecimal(max))) : Optional.empty();
        }
        if (type == Primitive.STRING) {
            return stringRange(min, max);
        }
        if (!exact || !(type instanceof Primitive primitive)) {
            return Optional.empty();
        }
        return switch (primitive) {
            case BYTE, SHORT, INTEGER, LONG -> Optional.of(new Range(new BigInteger(min), new BigInteger(max)));
            case FLOAT -> doubleRange(path, widened(min), widened(max));
            case DOUBLE -> doubleRange(path, min, max);
            case DATE -> dateRange(min, max);
            case TIMESTAMP, TIMESTAMP_NTZ -> timestampRange(min, max, primitive == Primitive.TIMESTAMP ? "Z" : "");
            // No reader skips files by booleans or binary values.
            case BOOLEAN, BINARY, STRING, VARIANT, VOID -> Optional.empty();
        };
    }

    /**
     * NaN is greater than every number for readers of Delta but not part of DuckDB's maximum: with it, a filter such as
     * {@code d > 5} would skip the row. Infinities have no JSON.
     */
    private Optional<Range> doubleRange(String path, String min, String max) {
        if (!"false".equals(value(path, "has_nan")) || min.endsWith("inf") || max.endsWith("inf")) {
            return Optional.empty();
        }
        BigDecimal low = new BigDecimal(min);
        BigDecimal high = new BigDecimal(max);
        // Both zeros are one value for DuckDB, so a bound of zero may stand for the other zero.
        return Optional.of(
                new Range(low.signum() == 0 ? (Object) (-0.0) : low, high.signum() == 0 ? (Object) 0.0 : high));
    }

    /** All digits of a float: a reader may compare it as a double, for which 0.1 is less than the float 0.1. */
    private static String widened(String text) {
        return text.endsWith("inf") || text.endsWith("nan") ? text : Double.toString(Float.parseFloat(text));
    }

    private static Optional<Range> dateRange(String min, String max) {
        boolean plain =
                PLAIN_DATE.matcher(min).matches() && PLAIN_DATE.matcher(max).matches();
        return plain ? Optional.of(new Range(min, max)) : Optional.empty();
    }

    private static Optional<Range> timestampRange(String min, String max, String zone) {
        Matcher low = PLAIN_TIMESTAMP.matcher(min);
        Matcher high = PLAIN_TIMESTAMP.matcher(max);
        if (!low.matches() || !high.matches()) {
            return Optional.empty();
        }
        LocalDateTime from =
                LocalDateTime.parse(low.group(1) + "T" + low.group(2)).truncatedTo(ChronoUnit.MILLIS);
        LocalDateTime to = LocalDateTime.parse(high.group(1) + "T" + high.group(2));
        LocalDateTime cut = to.truncatedTo(ChronoUnit.MILLIS);
        // Readers have milliseconds here; the bound must not be less than the value.
        LocalDateTime until = cut.equals(to) ? cut : cut.plus(1, ChronoUnit.MILLIS);
        if (until.getYear() > 9999) {
            return Optional.empty();
        }
        return Optional.of(new Range(MILLIS.format(from) + zone, MILLIS.format(until) + zone));
    }

    /** Also right when DuckDB cut the text itself: it cuts a minimum down and rounds a maximum up. */
    private static Optional<Range> stringRange(String min, String max) {
        Optional<String> bound = upperBound(max);
        return bound.map(high -> new Range(prefix(min), high));
    }

    private static Optional<String> upperBound(String max) {
        String prefix = prefix(max);
        if (prefix.length() == max.length()) {
            return Optional.of(max);
        }
        boolean ambiguous = max.codePointAt(prefix.length()) == TIE_BREAKER;
        return ambiguous ? Optional.empty() : Optional.of(prefix + Character.toString(TIE_BREAKER));
    }

    private static String prefix(String text) {
        return text.codePointCount(0, text.length()) <= STRING_PREFIX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, STRING_PREFIX));
    }
}
