package dev.tarn.cli;

import dev.tarn.core.source.Names;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of a table, by its number or by a time, as a command line has it; a time without a zone is in UTC.
 *
 * @param time empty if the version is given by its number
 */
record Moment(OptionalLong version, Optional<Instant> time) {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(s|m|h|d|w)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(b|kb|mb|gb|)");

    static Moment parse(String text) {
        if (text.matches("\\d{1,18}")) {
            return new Moment(OptionalLong.of(Long.parseLong(text)), Optional.empty());
        }
        return new Moment(
                OptionalLong.empty(), Optional.of(instant(text.strip().replaceFirst("(?<=\\d) (?=\\d)", "T"))));
    }

    private static Instant instant(String text) {
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            boolean zoned = text.matches("(?i).*(z|[+-]\\d\\d:?\\d\\d)");
            return zoned
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException isNone) {
            throw new UsageException(
                    Names.quoted(text) + " is neither the number of a version nor a time",
                    "write for example 12, 2026-01-31 or 2026-01-31T12:00:00Z");
        }
    }

    Snapshot of(DeltaTable table) {
        return version.isPresent() ? table.snapshot(version.getAsLong()) : table.snapshotAt(time.orElseThrow());
    }

    /** The number of the version. */
    long in(DeltaTable table) {
        return version.isPresent() ? version.getAsLong() : of(table).version();
    }

    /** Such as {@code 7d} or {@code 168h}. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new UsageException(
                    Names.quoted(text) + " is no length of time", "write for example 30d, 168h, 90m or 0s");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "w" -> Duration.ofDays(7 * number);
            case "d" -> Duration.ofDays(number);
            case "h" -> Duration.ofHours(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** Such as {@code 128MB}; a number alone is of bytes. */
    static long bytes(String text) {
        Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (number < 1) {
            throw new UsageException(Names.quoted(text) + " is no size of a file", "write for example 128MB or 1GB");
        }
        return switch (matcher.group(2)) {
            case "gb" -> number << 30;
            case "mb" -> number << 20;
            case "kb" -> number << 10;
            default -> number;
        };
    }
}
