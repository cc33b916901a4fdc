package dev.tarn.services;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as people write them. */
public final class Memory {

    private static final Pattern AMOUNT = Pattern.compile("(?<number>[0-9]{1,12})(?<unit>[kKmMgG]?)(i?[bB])?");

    private Memory() {}

    static long mebibytes(long number) {
        return number << 20;
    }

    /** {@code 256m}, {@code 1g}, {@code 1048576}; empty if it is none of these. */
    public static OptionalLong parse(String text) {
        Matcher matcher = AMOUNT.matcher(text.strip());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(matcher.group("number"));
        return switch (matcher.group("unit").toLowerCase(Locale.ROOT)) {
            case "k" -> OptionalLong.of(number << 10);
            case "m" -> OptionalLong.of(number << 20);
            case "g" -> OptionalLong.of(number << 30);
            default -> OptionalLong.of(number);
        };
    }

    /** {@code 123 MB}, rounded up. */
    public static String text(long bytes) {
        return ((bytes + (1 << 20) - 1) >> 20) + " MB";
    }
}
