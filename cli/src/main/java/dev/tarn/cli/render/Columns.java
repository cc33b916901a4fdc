package dev.tarn.cli.render;

import java.io.PrintStream;
import java.util.List;

/** Prints rows of text in columns. */
final class Columns {

    private Columns() {}

    /** The first {@code leftAligned} columns start at the left, the others, numbers, end at the right. */
    static void print(List<List<String>> rows, int leftAligned, PrintStream out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        rows.forEach(row -> out.println(line(row, widths, leftAligned)));
    }

    private static String line(List<String> row, int[] widths, int leftAligned) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : "  ").append(i < leftAligned ? row.get(i) + padding : padding + row.get(i));
        }
        return line.toString().stripTrailing();
    }
}
