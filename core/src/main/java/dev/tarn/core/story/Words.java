package dev.tarn.core.story;

import dev.tarn.core.source.Counted;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Numbers, times and states as all forms of a story write them. */
public final class Words {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Words() {}

    /** With commas. */
    public static String number(long value) {
        return Counted.number(value);
    }

    /** With so many digits behind the point, rounded. */
    static String decimal(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }

    public static String number(OptionalLong value) {
        return value.isPresent() ? number(value.getAsLong()) : "-";
    }

    /** With its sign, {@code +12}, {@code -3} or {@code ±0}. */
    public static String signed(long delta) {
        return delta == 0 ? "±0" : (delta > 0 ? "+" : "") + number(delta);
    }

    /** {@code 12 ms}, {@code 0.48 s}, {@code 3 min 20 s}. */
    public static String duration(Duration duration) {
        long millis = duration.truncatedTo(ChronoUnit.MILLIS).toMillis();
        if (millis < 100) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return decimal(millis / 1000.0, millis < 10_000 ? 2 : 1) + " s";
        }
        long seconds = duration.toSeconds();
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }

    public static String time(Instant instant) {
        return TIME.format(instant);
    }

    /** {@code 5 ok, 1 failed, 2 skipped}. */
    public static String totals(Story.Totals totals) {
        List<String> parts = new ArrayList<>();
        add(parts, totals.failed(), " failed");
        add(parts, totals.failedIgnored(), " failed (ignored)");
        add(parts, totals.skipped(), " skipped");
        add(parts, totals.succeeded(), " ok");
        add(parts, totals.upToDate(), " up to date");
        return parts.isEmpty() ? "no node" : String.join(", ", parts);
    }

    private static void add(List<String> parts, long count, String what) {
        if (count > 0) {
            parts.add(number(count) + what);
        }
    }

    /** What is different from the last success, in a few words; empty for a node that is not compared. */
    public static String compared(NodeStory node) {
        if (node.previous().isEmpty()) {
            return "";
        }
        Comparison previous = node.previous().get();
        List<String> parts = new ArrayList<>();
        if (previous.sqlChanged()) {
            parts.add("SQL changed");
        }
        if (!previous.columns().isEmpty()) {
            parts.add("columns changed");
        }
        rowsDelta(node)
                .filter(delta -> delta != 0)
                .ifPresent(delta -> parts.add(signed(delta) + (Math.abs(delta) == 1 ? " row" : " rows")));
        return String.join(", ", parts);
    }

    /** How many more rows than in the last success. */
    public static Optional<Long> rowsDelta(NodeStory node) {
        return node.previous().flatMap(previous -> Comparison.delta(previous.rowsOut(), node.rowsOut()));
    }
}
