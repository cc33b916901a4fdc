package dev.tarn.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads and writes the names that lead to a column as Spark does: with points between them, and in backticks where they have
 * other letters than usual. The parts of lists and maps are {@code element}, {@code key} and {@code value}.
 */
final class ColumnPath {
    private ColumnPath() {}

    static List<String> of(String text) {
        List<List<String>> paths = list(text);
        if (paths.size() != 1 || paths.get(0).contains("")) {
            throw NewSchema.invalid(
                    "'" + text + "' does not name a column.",
                    "Give its name, after a point that of a field in it, and put names with points or commas in backticks.");
        }
        return paths.get(0);
    }

    /** Several with commas between them. */
    static List<List<String>> list(String text) {
        List<List<String>> paths = new ArrayList<>();
        List<String> path = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && text.startsWith("``", i)) {
                name.append(c);
                i++;
            } else if (c == '`') {
                quoted = !quoted;
            } else if (quoted || (c != ',' && c != '.')) {
                name.append(c);
            } else {
                path.add(name.toString().strip());
                name.setLength(0);
                if (c == ',') {
                    paths.add(path);
                    path = new ArrayList<>();
                }
            }
        }
        path.add(name.toString().strip());
        paths.add(path);
        return paths;
    }

    static String text(List<String> path) {
        return path.stream()
                .map(name -> name.matches("\\w+") ? name : '`' + name.replace("`", "``") + '`')
                .collect(Collectors.joining("."));
    }

    /** Whether the first names of a path, whatever their case, are those of another. */
    static boolean begins(List<String> path, List<String> first) {
        if (first.size() > path.size()) {
            return false;
        }
        for (int i = 0; i < first.size(); i++) {
            if (!first.get(i).equalsIgnoreCase(path.get(i))) {
                return false;
            }
        }
        return true;
    }
}
