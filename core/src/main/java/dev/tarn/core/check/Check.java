package dev.tarn.core.check;

import static java.util.stream.Collectors.joining;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A rule on a node's output. */
public sealed interface Check {

    /** The name shown in results: given, or made from the type and its columns. */
    String name();

    OnFail onFail();

    SourceSpan span();

    /** A rule that each row keeps or breaks by itself, or (unique) together with its equals. */
    sealed interface OfRows extends Check {}

    /** No NULL in any of the columns. */
    record NotNull(String name, OnFail onFail, SourceSpan span, List<String> columns) implements OfRows {
        @Override
        public String rule() {
            return quoted(columns) + " must not be NULL";
        }
    }

    /** No two rows equal in all of the columns, NULL being equal to NULL; all rows of such a group break the rule. */
    record Unique(String name, OnFail onFail, SourceSpan span, List<String> columns) implements OfRows {
        @Override
        public String rule() {
            return quoted(columns) + " must be unique";
        }
    }

    /**
     * The column has one of the values; NULL breaks the rule.
     *
     * @param values String, Long, Double or Boolean
     */
    record AcceptedValues(String name, OnFail onFail, SourceSpan span, String column, List<Object> values)
            implements OfRows {
        @Override
        public String rule() {
            return "'" + column + "' must be one of "
                    + values.stream().map(Object::toString).collect(joining(", "));
        }
    }

    /**
     * The column lies between the bounds, both included; NULL and NaN break the rule.
     *
     * @param min String (compared as the column's type), Long or Double; null for no lower bound
     * @param max as {@code min}
     */
    record Range(
            String name,
            OnFail onFail,
            SourceSpan span,
            String column,
            @Nullable Object min,
            @Nullable Object max) implements OfRows {
        @Override
        public String rule() {
            return "'" + column + "' must be " + between(min, max);
        }
    }

    /** The column's text matches from its start; NULL keeps the rule. */
    record RegexMatch(String name, OnFail onFail, SourceSpan span, String column, MappedText pattern)
            implements OfRows {
        @Override
        public String rule() {
            return "'" + column + "' must match " + pattern;
        }
    }

    /**
     * The SQL condition is true for the row; false and NULL break the rule.
     *
     * @param threshold share of rows, 0 to 1, that may break the rule before the check fails or warns; not used for
     *     quarantine, where each such row is rejected
     */
    record CustomSql(String name, OnFail onFail, SourceSpan span, MappedText condition, double threshold)
            implements OfRows {
        @Override
        public String rule() {
            return condition.text().strip() + " must be true";
        }
    }

    /** The number of rows lies between the bounds, both included. */
    record RowCount(String name, OnFail onFail, SourceSpan span, OptionalLong min, OptionalLong max) implements Check {
        @Override
        public String rule() {
            return "the number of rows must be "
                    + between(min.isPresent() ? min.getAsLong() : null, max.isPresent() ? max.getAsLong() : null);
        }
    }

    /** Whether the rows that break the rule are taken out of the output. */
    default boolean quarantines() {
        return onFail() == OnFail.QUARANTINE;
    }

    /** What is demanded, for messages: {@code 'delay' must be between -60 and 1440}. */
    String rule();

    private static String quoted(List<String> columns) {
        return columns.stream().map(c -> "'" + c + "'").collect(joining(", "));
    }

    private static String between(@Nullable Object min, @Nullable Object max) {
        if (min == null || max == null) {
            return min == null ? "at most " + max : "at least " + min;
        }
        return "between " + min + " and " + max;
    }
}
