package dev.tarn.core.project;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Evaluates what follows {@code date:} in a reference: {@code today-7d:yyyy-MM-dd}. */
final class DateExpression {

    private static final Pattern SHAPE =
            Pattern.compile("(?<base>today|yesterday|now|start_of_month|end_of_month|start_of_year)?"
                    + "(\\s*(?<sign>[+-])\\s*(?<count>[0-9]{1,5})\\s*(?<unit>[dwmy]))?"
                    + "(:(?<pattern>.{1,100}))?");

    private static final Map<Character, String> STRFTIME = Map.ofEntries(
            Map.entry('Y', "uuuu"),
            Map.entry('y', "uu"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('j', "DDD"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('p', "a"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('f', "SSSSSS"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('%', "%"));

    private DateExpression() {}

    /** The date as text; empty when the expression cannot be understood. */
    static Optional<String> evaluate(String expression, ZonedDateTime now) {
        Matcher matcher = SHAPE.matcher(expression.strip());
        if (!matcher.matches() || (matcher.group("base") == null && matcher.group("unit") == null)) {
            return Optional.empty();
        }
        String base = Optional.ofNullable(matcher.group("base")).orElse("today");
        try {
            return Optional.of(pattern(base, matcher.group("pattern")).format(moved(start(base, now), matcher)));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static ZonedDateTime start(String base, ZonedDateTime now) {
        ZonedDateTime today = now.truncatedTo(ChronoUnit.DAYS);
        return switch (base) {
            case "now" -> now;
            case "yesterday" -> today.minusDays(1);
            case "start_of_month" -> today.withDayOfMonth(1);
            case "end_of_month" -> today.with(TemporalAdjusters.lastDayOfMonth());
            case "start_of_year" -> today.withDayOfYear(1);
            default -> today;
        };
    }

    private static ZonedDateTime moved(ZonedDateTime date, Matcher matcher) {
        if (matcher.group("unit") == null) {
            return date;
        }
        long count =
                Long.parseLong(matcher.group("count")) * (matcher.group("sign").equals("-") ? -1 : 1);
        return switch (matcher.group("unit")) {
            case "d" -> date.plusDays(count);
            case "w" -> date.plusWeeks(count);
            case "m" -> date.plusMonths(count);
            default -> date.plusYears(count);
        };
    }

    private static DateTimeFormatter pattern(String base, @org.jspecify.annotations.Nullable String given) {
        if (given == null) {
            return formatter(base.equals("now") ? "uuuu-MM-dd'T'HH:mm:ss" : "uuuu-MM-dd");
        }
        if (given.indexOf('%') >= 0) {
            return formatter(fromStrftime(given));
        }
        // Week-based years and days of the year: right only around New Year or in January, so never what is meant.
        if (given.replaceAll("'[^']*'", "").matches(".*[YD].*")) {
            throw new IllegalArgumentException(given);
        }
        return formatter(given);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    private static String fromStrftime(String format) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            boolean directive = c == '%' && i + 1 < format.length();
            pattern.append(directive ? directive(format.charAt(++i)) : literal(c));
        }
        return pattern.toString();
    }

    private static String directive(char letter) {
        return Optional.ofNullable(STRFTIME.get(letter)).orElseThrow(() -> new IllegalArgumentException("%" + letter));
    }

    private static String literal(char c) {
        return c == '\'' ? "''" : "'" + c + "'";
    }
}
