package dev.tarn.connect.database;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads dates and times as MariaDB shows them. */
final class MariaDbText {

    private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})");
    private static final Pattern DATE_TIME =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2})[ T](\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,6}))?");
    private static final Pattern TIME = Pattern.compile("(-?)(\\d{2,3}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,6}))?");
    private static final long DAY = 86_400_000_000L;

    private MariaDbText() {}

    /** A zero in year, month or day is no date. */
    static int date(String text) throws UnrepresentableException {
        Matcher matcher = DATE.matcher(text);
        if (!matcher.matches() || text.startsWith("0000")) {
            throw new UnrepresentableException(text);
        }
        try {
            return (int) LocalDate.of(number(matcher, 1), number(matcher, 2), number(matcher, 3))
                    .toEpochDay();
        } catch (DateTimeException e) {
            throw new UnrepresentableException(text);
        }
    }

    static long timestamp(String text) throws UnrepresentableException {
        Matcher matcher = DATE_TIME.matcher(text);
        if (!matcher.matches()) {
            throw new UnrepresentableException(text);
        }
        try {
            return date(matcher.group(1)) * DAY + micros(matcher, 2);
        } catch (UnrepresentableException e) {
            throw new UnrepresentableException(text);
        }
    }

    /** MariaDB's times go from -838 to 838 hours; only those of a day are times elsewhere. */
    static long time(String text) throws UnrepresentableException {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new UnrepresentableException(text);
        }
        long micros = micros(matcher, 2);
        if (micros >= DAY || !matcher.group(1).isEmpty()) {
            throw new UnrepresentableException(text);
        }
        return micros;
    }

    private static long micros(Matcher matcher, int hour) {
        String fraction = matcher.group(hour + 3);
        String six = ((fraction == null ? "" : fraction) + "000000").substring(0, 6);
        return ((number(matcher, hour) * 60L + number(matcher, hour + 1)) * 60 + number(matcher, hour + 2)) * 1_000_000
                + Long.parseLong(six);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
