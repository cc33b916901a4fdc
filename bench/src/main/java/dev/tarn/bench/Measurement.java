package dev.tarn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Two ways to do the same work, measured in turns so that a slow moment of the machine hits both. */
final class Measurement {

    /** Work that may fail. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private final String name;
    private final int rounds;

    Measurement(String name, int rounds) {
        this.name = name;
        this.rounds = rounds;
    }

    /** Runs both once unmeasured, then in turns; prints medians, their ratio and rows a second. */
    void compare(String ours, Work work, String floor, Work base, long rows) throws Exception {
        work.run();
        base.run();
        List<Double> mine = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            theirs.add(seconds(base));
            mine.add(seconds(work));
            print("  round %d: %s %.3f s, %s %.3f s%n", i + 1, ours, mine.get(i), floor, theirs.get(i));
        }
        double median = median(mine);
        print(
                "%s: %s %.3f s, %s %.3f s, ratio %.2f, %,.0f rows/s (medians of %d)%n",
                name, ours, median, floor, median(theirs), median / median(theirs), rows / median, rounds);
    }

    private static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}
