package dev.tarn.core.transform;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One text for several values, different for different values: they are put together with a separator between them, and a
 * separator or backslash inside of one gets a backslash before it.
 */
final class KeyText {

    private KeyText() {}

    /** With {@code \N} for NULL. */
    static String of(Call call, List<Column> columns, String separator, String parameter) {
        return joined(call, columns, separator, parameter, "\\N", text -> text);
    }

    /** Without blanks around each, and with nothing for NULL. */
    static String trimmed(Call call, List<Column> columns, String separator, String parameter) {
        return joined(
                call, columns, separator, parameter, "", text -> call.dialect().trim(text, call.literal(" ")));
    }

    private static String joined(
            Call call,
            List<Column> columns,
            String separator,
            String parameter,
            String nothing,
            UnaryOperator<String> prepared) {
        String joined = columns.stream()
                .map(column -> escaped(call, prepared.apply(call.text(column, parameter)), separator))
                .map(text -> "coalesce(" + text + ", " + call.literal(nothing) + ")")
                .collect(Collectors.joining(" || " + call.literal(separator) + " || "));
        return joined.isEmpty() ? "''" : "(" + joined + ")";
    }

    private static String escaped(Call call, String value, String separator) {
        String slashed = "replace(" + value + ", " + call.literal("\\") + ", " + call.literal("\\\\") + ")";
        return "replace(" + slashed + ", " + call.literal(separator) + ", " + call.literal("\\" + separator) + ")";
    }

    /** The parameter, or what stands for it; without one, different values could give the same text. */
    static String separator(Call call, String whenAbsent) {
        String separator = call.string("separator", whenAbsent);
        if (separator.isEmpty() || separator.contains("\\")) {
            throw call.bad(
                    "separator",
                    "a separator without a backslash is needed",
                    "without it, 'ab' and 'c' would give the same key as 'a' and 'bc'");
        }
        return separator;
    }
}
