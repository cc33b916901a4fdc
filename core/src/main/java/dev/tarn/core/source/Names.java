package dev.tarn.core.source;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a user probably meant. */
public final class Names {

    // Longer texts are not names; comparing them would take time and help nobody.
    private static final int LONGEST = 100;
    private static final int MOST_CANDIDATES = 1000;

    private Names() {}

    /** The name in single quotes as it can stand in a message: on one line and not endless. */
    public static String quoted(String name) {
        StringBuilder out = new StringBuilder("'");
        name.codePoints().limit(LONGEST).forEach(c -> out.append(visible(c)));
        return out.append(name.codePointCount(0, name.length()) > LONGEST ? "...'" : "'")
                .toString();
    }

    /** The text on one line: control characters as escapes, so that no value of a user's can write over a terminal. */
    public static String onOneLine(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> out.append(visible(c)));
        return out.toString();
    }

    private static String visible(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            default ->
                Character.isISOControl(codePoint)
                        ? String.format(Locale.ROOT, "\\u%04x", codePoint)
                        : Character.toString(codePoint);
        };
    }

    /**
     * The candidate nearest to {@code name} by edit distance (a swap of neighbours counts one), if it is near enough
     * to be meant: at most a third of the name's length, and always one edit.
     */
    public static Optional<String> nearest(String name, Collection<String> candidates) {
        int limit = Math.max(1, name.length() / 3);
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        return candidates.stream()
                .limit(MOST_CANDIDATES)
                .filter(c -> Math.abs(c.length() - name.length()) <= limit)
                .filter(c -> distance(name, c, limit) <= limit)
                .min(Comparator.comparingInt((String c) -> distance(name, c, limit))
                        .thenComparing(c -> c));
    }

    /** The same as a sentence: {@code did you mean 'x'?} */
    public static Optional<String> didYouMean(String name, Collection<String> candidates) {
        return nearest(name, candidates).map(c -> "did you mean '" + c + "'?");
    }

    /** The edit distance; any number above {@code limit} when it is greater than that. */
    private static int distance(String a, String b, int limit) {
        String left = a.toLowerCase(Locale.ROOT);
        String right = b.toLowerCase(Locale.ROOT);
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            int best = Integer.MAX_VALUE;
            for (int j = 0; j <= right.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(left, right, cost, i, j);
                best = Math.min(best, cost[i][j]);
            }
            // A swap skips a row, but a deletion there costs no more: a row all above the limit is the end.
            if (best > limit) {
                return best;
            }
        }
        return cost[left.length()][right.length()];
    }

    private static int cheapest(String a, String b, int[][] cost, int i, int j) {
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
