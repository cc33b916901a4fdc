package dev.tarn.core.source;

/** Numbers of things, for people: {@code 1 row}, {@code 12,345 rows}. */
public final class Counted {

    private Counted() {}

    /** So many of a thing whose plural ends in s. */
    public static String of(long count, String thing) {
        return number(count) + " " + thing + (count == 1 ? "" : "s");
    }

    /** {@code 2 of 3 rows break}, {@code 1 of 3 rows breaks}: a part of the rows, and what it does. */
    public static String part(long part, long all, String verb) {
        return number(part) + " of " + of(all, "row") + " " + verb + (part == 1 ? "s" : "");
    }

    /** With commas. By hand: a story has hundreds of numbers, and java.util.Formatter takes 20 ms to load. */
    public static String number(long value) {
        StringBuilder digits = new StringBuilder(String.valueOf(value));
        int first = value < 0 ? 1 : 0;
        for (int i = digits.length() - 3; i > first; i -= 3) {
            digits.insert(i, ',');
        }
        return digits.toString();
    }
}
