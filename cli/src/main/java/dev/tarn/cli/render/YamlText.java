package dev.tarn.cli.render;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists and values as YAML. */
final class YamlText {

    /** What needs no quotes, as far as one need not think about it. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_./][A-Za-z0-9_./ -]*[A-Za-z0-9_./]|[A-Za-z_./]");

    private static final Pattern TYPED =
            Pattern.compile("(?i)null|true|false|[.](inf|nan)|~|y|n|yes|no|on|off|[.][0-9.e]*");

    private YamlText() {}

    static void append(StringBuilder text, @Nullable Object value) {
        append(text, value, "");
    }

    private static void append(StringBuilder text, @Nullable Object value, String indent) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> entry(text, indent + scalar(key) + ":", each, indent + "  "));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> item(text, each, indent));
        } else {
            text.append(indent).append(scalar(value)).append('\n');
        }
    }

    private static void entry(StringBuilder text, String key, @Nullable Object value, String indent) {
        text.append(key);
        if (isEmpty(value) || !(value instanceof Map<?, ?> || value instanceof List<?>)) {
            text.append(' ').append(value instanceof String s && s.contains("\n") ? block(s, indent) : scalar(value));
            text.append('\n');
        } else {
            text.append('\n');
            append(text, value, indent);
        }
    }

    /** The first key of a mapping stands behind the dash. */
    private static void item(StringBuilder text, @Nullable Object value, String indent) {
        StringBuilder below = new StringBuilder();
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            append(below, value, indent + "  ");
            text.append(indent).append("- ").append(below.substring(indent.length() + 2));
        } else {
            entry(text, indent + "-", value, indent + "  ");
        }
    }

    private static boolean isEmpty(@Nullable Object value) {
        return (value instanceof Map<?, ?> map && map.isEmpty()) || (value instanceof List<?> list && list.isEmpty());
    }

    /** A text of several lines as they are, where YAML gives exactly them back. */
    private static String block(String value, String indent) {
        boolean simple = value.lines().noneMatch(line -> line.isBlank() || line.endsWith(" "))
                && !value.startsWith(" ")
                && value.chars().allMatch(c -> c >= ' ' || c == '\n')
                && !value.endsWith("\n\n");
        if (!simple) {
            return scalar(value);
        }
        String lines = value.lines().map(line -> indent + line).collect(java.util.stream.Collectors.joining("\n"));
        return (value.endsWith("\n") ? "|" : "|-") + "\n" + lines;
    }

    /** A JSON value is a YAML value. */
    static String scalar(@Nullable Object value) {
        return value instanceof String text
                        && PLAIN.matcher(text).matches()
                        && !TYPED.matcher(text).matches()
                ? text
                : Json.line(value);
    }
}
