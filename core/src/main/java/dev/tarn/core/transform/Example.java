package dev.tarn.core.transform;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A case: arguments, the rows that go in, and the rows that come out.
 *
 * @param params the arguments as YAML
 * @param tables what goes in, {@code df} first
 */
public record Example(String params, Map<String, ExampleTable> tables, ExampleTable result) {

    public Example {
        tables = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    }

    /** Reads {@code params:}, then tables by their names, then {@code result:}, each followed by its own lines. */
    public static Example parse(String text) {
        Map<String, StringBuilder> parts = new LinkedHashMap<>();
        StringBuilder part = new StringBuilder();
        List<String> all = text.lines().toList();
        for (int i = 0; i < all.size(); i++) {
            String line = all.get(i);
            boolean beforeTable = i + 1 < all.size() && all.get(i + 1).startsWith("|");
            if (line.equals("params:") || (line.matches("\\w+:") && beforeTable)) {
                part = new StringBuilder();
                parts.put(line.substring(0, line.length() - 1), part);
            } else {
                part.append(line).append('\n');
            }
        }
        Map<String, ExampleTable> tables = new LinkedHashMap<>();
        parts.forEach((name, lines) -> {
            if (!name.equals("params")) {
                tables.put(name, ExampleTable.parse(lines.toString()));
            }
        });
        ExampleTable result = tables.remove("result");
        if (result == null || !parts.containsKey("params")) {
            throw new IllegalStateException("an example without params or result: " + text);
        }
        return new Example(String.valueOf(parts.get("params")), tables, result);
    }
}
