package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes and reads the values of partition columns (Delta protocol, "Partition Value Serialization"). */
final class PartitionText {
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern TIMESTAMP = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{1,9}))?(Z|[+-]\\d\\d(?::?\\d\\d)?)?");

    private PartitionText() {}

    /** The text for the log of a value as DuckDB prints it. */
    static @Nullable String toLog(String column, DeltaType type, @Nullable String duckText) {
        // The protocol has no empty string: readers of some engines take it for NULL, so nobody may depend on it.
        if (duckText == null || duckText.isEmpty()) {
            return null;
        }
        if (type == Primitive.FLOAT || type == Primitive.DOUBLE) {
            return switch (duckText) {
                case "nan" -> "NaN";
                case "inf" -> "Infinity";
                case "-inf" -> "-Infinity";
                default -> duckText;
            };
        }
        if (type == Primitive.DATE || type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMP_NTZ) {
            return temporal(column, type, duckText);
        }
        return duckText;
    }

    private static String temporal(String column, DeltaType type, String text) {
        if (FileStatistics.isInfinite(text)) {
            throw FileStatistics.infinite(column);
        }
        if (type == Primitive.DATE && DATE.matcher(text).matches()) {
            return text;
        }
        Matcher timestamp = TIMESTAMP.matcher(text);
        if (type == Primitive.DATE || !timestamp.matches()) {
            throw new LakeException(
                    Kind.UNSUPPORTED_VALUE,
                    "Partition column '" + column + "' has the value '" + text + "', outside the years 1 to 9999.",
                    "Partition by another column, or replace the value in the query.");
        }
        String fraction = timestamp.group(3) == null ? "000000" : (timestamp.group(3) + "00000").substring(0, 6);
        return type == Primitive.TIMESTAMP
                ? timestamp.group(1) + "T" + timestamp.group(2) + "." + fraction + "Z"
                : timestamp.group(1) + " " + timestamp.group(2) + "." + fraction;
    }

    /** One text for one value, whatever of the texts that the protocol allows a writer has chosen. */
    static @Nullable String canonical(String column, DeltaType type, @Nullable String logText) {
        String text = toDuck(type, logText);
        if (text != null && (type == Primitive.FLOAT || type == Primitive.DOUBLE)) {
            return String.valueOf(Double.parseDouble(text));
        }
        return text == null || text.isEmpty() ? text : toLog(column, type, text);
    }

    /** The text for a cast in DuckDB of a value in the log, whatever the time zone of the session is. */
    static @Nullable String toDuck(DeltaType type, @Nullable String logText) {
        if (logText == null || (logText.isEmpty() && type != Primitive.STRING)) {
            return null;
        }
        if (type == Primitive.TIMESTAMP) {
            Matcher timestamp = TIMESTAMP.matcher(logText);
            if (timestamp.matches() && timestamp.group(4) == null) {
                // Written in the session zone of a Spark that is unknown here; ours and most others are UTC.
                return logText + "+00";
            }
        }
        return logText;
    }
}
