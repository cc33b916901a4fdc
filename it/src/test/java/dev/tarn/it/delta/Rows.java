package dev.tarn.it.delta;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The content of a version as somebody read it, value for value.
 *
 * @param columns name and type of each, such as {@code id bigint}
 * @param rows each as text, sorted, because a table has no order
 */
record Rows(List<String> columns, List<String> rows) implements Serializable {
    Rows {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows.stream().sorted().toList());
    }

    static Rows of(List<String> columns, List<? extends List<?>> values) {
        List<String> names = columns.stream()
                .map(column -> column.substring(0, column.lastIndexOf(' ')))
                .toList();
        return new Rows(
                columns, values.stream().map(row -> Values.row(names, row)).toList());
    }

    /** Rows of which the columns come in any order, as those of a change feed do. */
    static Rows byName(List<String> names, List<? extends List<?>> values) {
        List<Integer> order = IntStream.range(0, names.size())
                .boxed()
                .sorted((one, other) -> names.get(one).compareTo(names.get(other)))
                .toList();
        List<String> sorted = order.stream().map(names::get).toList();
        List<String> rows = new ArrayList<>();
        for (List<?> row : values) {
            List<Object> reordered = new ArrayList<>();
            order.forEach(i -> reordered.add(row.get(i)));
            rows.add(Values.row(sorted, reordered));
        }
        return new Rows(sorted, rows);
    }

    int size() {
        return rows.size();
    }

    /** What one has more often than the other, for a message; empty when they are the same. */
    String difference(Rows other) {
        if (!columns.equals(other.columns)) {
            return "columns " + columns + " and " + other.columns;
        }
        Map<String, Integer> counts = new TreeMap<>();
        rows.forEach(row -> counts.merge(row, 1, Integer::sum));
        other.rows.forEach(row -> counts.merge(row, -1, Integer::sum));
        counts.values().removeIf(count -> count == 0);
        if (counts.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(rows.size() + " and " + other.rows.size() + " rows, of which differ:");
        counts.entrySet().stream()
                .limit(10)
                .forEach(each -> text.append(each.getValue() > 0 ? "\n  only the first: " : "\n  only the second: ")
                        .append(each.getKey()));
        return text.toString();
    }
}
