package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/**
 * Compares what the log says of the least and the greatest value of a column with what they are. Bounds may be wider than the
 * values, never narrower (Delta protocol, "Per-file Statistics").
 */
final class StatedRange {
    /** Other writers have decimals and floats as doubles, and doubles with fewer digits. */
    private static final BigDecimal DOUBLE_SLACK = new BigDecimal("1e-14");

    private static final BigDecimal FLOAT_SLACK = new BigDecimal("1e-6");

    /** Spark cuts the greatest timestamp to milliseconds, and adds one when it reads. */
    private static final long TIMESTAMP_SLACK = 1000;

    private StatedRange() {}

    /** Whether values of a type are compared at all. */
    static boolean isComparable(DeltaType type) {
        return type instanceof DeltaType.Decimal
                || (type instanceof Primitive primitive
                        && switch (primitive) {
                            case BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE, STRING, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
                                true;
                            case BOOLEAN, BINARY, VARIANT, VOID -> false;
                        });
    }

    /** SQL of the least or greatest value as the other methods take it; NaN does not count. */
    static String sql(String function, String column, DeltaType type) {
        if (type == Primitive.FLOAT || type == Primitive.DOUBLE) {
            return "CAST(CAST(" + function + "(" + column + ") FILTER (WHERE isfinite(" + column
                    + ")) AS DOUBLE) AS VARCHAR)";
        }
        if (type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMP_NTZ) {
            return "CAST(epoch_us(" + function + "(" + column + ")) AS VARCHAR)";
        }
        return "CAST(" + function + "(" + column + ") AS VARCHAR)";
    }

    /**
     * Whether a value is outside a bound; empty if the bound cannot be understood.
     *
     * @param isLeast whether it is the lower bound
     */
    static Optional<Boolean> isOutside(DeltaType type, Object bound, String value, boolean isLeast) {
        try {
            int order = compare(type, String.valueOf(bound), value, isLeast);
            return Optional.of(isLeast ? order > 0 : order < 0);
        } catch (NumberFormatException | DateTimeException notUnderstood) {
            return Optional.empty();
        }
    }

    private static int compare(DeltaType type, String bound, String value, boolean isLeast) {
        if (type == Primitive.STRING) {
            return Arrays.compareUnsigned(
                    bound.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
        }
        if (type == Primitive.DATE) {
            return value.matches("\\d{4}-.*") && bound.matches("\\d{4}-.*")
                    ? bound.substring(0, Math.min(10, bound.length())).compareTo(value)
                    : 0;
        }
        if (type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMP_NTZ) {
            long difference = micros(bound) - Long.parseLong(value);
            boolean inSlack = isLeast ? difference <= 0 : difference > -TIMESTAMP_SLACK;
            return inSlack ? 0 : Long.signum(difference);
        }
        if (bound.equals("NaN") || bound.endsWith("Infinity")) {
            return bound.startsWith("-") ? -1 : 1;
        }
        BigDecimal stated = new BigDecimal(bound);
        BigDecimal actual = new BigDecimal(value);
        boolean exact = !(type instanceof DeltaType.Decimal) && type != Primitive.FLOAT && type != Primitive.DOUBLE;
        BigDecimal slack =
                exact ? BigDecimal.ZERO : actual.abs().multiply(type == Primitive.FLOAT ? FLOAT_SLACK : DOUBLE_SLACK);
        return stated.subtract(actual).abs().compareTo(slack) <= 0 ? 0 : stated.compareTo(actual);
    }

    private static long micros(String text) {
        String iso = text.replace(' ', 'T');
        LocalDateTime time = iso.matches("(?i).*T.*(z|[+-]\\d\\d(:?\\d\\d)?)")
                ? OffsetDateTime.parse(iso.replaceFirst("([+-]\\d\\d)$", "$1:00"))
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toLocalDateTime()
                : LocalDateTime.parse(iso);
        return ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), time);
    }
}
