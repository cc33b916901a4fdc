package dev.tarn.core.source;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a user probably meant. */
public final class Names {

    private Names() {}

    /**
     * The candidate nearest to {@code name} by edit distance (a swap of neighbours counts one), if it is near enough
     * to be meant: at most a third of the name's length, and always one edit.
     */
    public static Optional<String> nearest(String name, Collection<String> candidates) {
        int limit = Math.max(1, name.length() / 3);
        return candidates.stream()
                .filter(c -> distance(name, c) <= limit)
                .min(Comparator.comparingInt((String c) -> distance(name, c)).thenComparing(c -> c));
    }

    /** The same as a sentence: {@code did you mean 'x'?} */
    public static Optional<String> didYouMean(String name, Collection<String> candidates) {
        return nearest(name, candidates).map(c -> "did you mean '" + c + "'?");
    }

    private static int distance(String a, String b) {
        String left = a.toLowerCase(java.util.Locale.ROOT);
        String right = b.toLowerCase(java.util.Locale.ROOT);
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(left, right, cost, i, j);
            }
        }
        return cost[left.length()][right.length()];
    }

    private static int cheapest(String a, String b, int[][] cost, int i, int j) {
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
