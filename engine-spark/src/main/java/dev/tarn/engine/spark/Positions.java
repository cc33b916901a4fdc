package dev.tarn.engine.spark;

/** Reads what Spark says of places in a text. */
final class Positions {

    private Positions() {}

    /** The number in an option, or -1. */
    static int number(scala.Option<?> option) {
        return option.isDefined() && option.get() instanceof Integer number ? number : -1;
    }

    /** The index of a place that is given as a line from 1 and a column from 0; 0 if there is none. */
    static int index(String text, int line, int column) {
        int start = 0;
        for (int i = 1; i < line; i++) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                break;
            }
            start = end + 1;
        }
        return Math.min(text.length(), start + Math.max(0, column));
    }
}
