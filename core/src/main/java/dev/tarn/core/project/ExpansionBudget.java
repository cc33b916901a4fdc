package dev.tarn.core.project;

/**
 * Bounds what aliases and variables may add to a project, so that a small file cannot grow without end ("billion
 * laughs"). Not thread-safe.
 */
final class ExpansionBudget {

    /** What a value costs besides its text. */
    private static final int VALUE = 8;

    private long left = 2_000_000;

    /** Takes what {@code value}, put in at {@code depth}, is worth; false when it is too much or too deep. */
    boolean take(Yaml value, int depth) {
        left -= VALUE;
        if (left < 0 || depth > YamlParser.MAX_DEPTH) {
            return false;
        }
        if (value instanceof Yaml.Scalar scalar) {
            return take(scalar.text().text());
        }
        if (value instanceof Yaml.Sequence sequence) {
            return sequence.items().stream().allMatch(item -> take(item, depth + 1));
        }
        return !(value instanceof Yaml.Mapping mapping)
                || mapping.entries().values().stream().allMatch(e -> take(e.key()) && take(e.value(), depth + 1));
    }

    boolean take(String text) {
        left -= text.length();
        return left >= 0;
    }
}
