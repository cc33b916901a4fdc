package dev.tarn.core.story;

import dev.tarn.core.story.Comparison.DiffLine;
import dev.tarn.core.story.Comparison.DiffLine.Kind;
import java.util.ArrayList;
import java.util.List;

/** Compares texts line by line, by their longest common subsequence. */
final class LineDiff {

    /** Of longer texts the table would take too much memory; then all is old or new. */
    private static final long MOST_CELLS = 4_000_000;

    private LineDiff() {}

    /** All lines of both texts in order; none when the texts are equal. */
    static List<DiffLine> between(List<String> older, List<String> newer) {
        if (older.equals(newer)) {
            return List.of();
        }
        boolean small = (long) older.size() * newer.size() <= MOST_CELLS;
        int[][] common = small ? common(older, newer) : new int[0][];
        List<DiffLine> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (small && i < older.size() && j < newer.size()) {
            if (older.get(i).equals(newer.get(j))) {
                lines.add(new DiffLine(Kind.SAME, older.get(i++)));
                j++;
            } else if (common[i + 1][j] >= common[i][j + 1]) {
                lines.add(new DiffLine(Kind.REMOVED, older.get(i++)));
            } else {
                lines.add(new DiffLine(Kind.ADDED, newer.get(j++)));
            }
        }
        older.subList(i, older.size()).forEach(line -> lines.add(new DiffLine(Kind.REMOVED, line)));
        newer.subList(j, newer.size()).forEach(line -> lines.add(new DiffLine(Kind.ADDED, line)));
        return lines;
    }

    /** For each pair of places how many lines what follows them has in common. */
    private static int[][] common(List<String> older, List<String> newer) {
        int[][] length = new int[older.size() + 1][newer.size() + 1];
        for (int i = older.size() - 1; i >= 0; i--) {
            for (int j = newer.size() - 1; j >= 0; j--) {
                length[i][j] = older.get(i).equals(newer.get(j))
                        ? length[i + 1][j + 1] + 1
                        : Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        return length;
    }
}
