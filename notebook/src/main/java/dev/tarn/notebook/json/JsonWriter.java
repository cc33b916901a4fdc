package dev.tarn.notebook.json;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, strings, numbers, booleans and null as Python's {@code json.dumps(ensure_ascii=False)} does. */
public final class JsonWriter {

    private final StringBuilder out = new StringBuilder();
    private final int indent;

    private JsonWriter(int indent) {
        this.indent = indent;
    }

    /** The value with each member and item on its own line, {@code indent} spaces further to the right than its parent. */
    public static String indented(@Nullable Object value, int indent) {
        JsonWriter writer = new JsonWriter(indent);
        writer.value(value, 0);
        return writer.out.toString();
    }

    /** The value on one line. */
    public static String line(@Nullable Object value) {
        return indented(value, -1);
    }

    private void value(@Nullable Object value, int depth) {
        if (value instanceof Map<?, ?> map) {
            nested('{', '}', map.entrySet().iterator(), depth);
        } else if (value instanceof List<?> list) {
            nested('[', ']', list.iterator(), depth);
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof JsonNumber number) {
            out.append(number.literal());
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            throw new IllegalStateException("not a JSON value: " + value.getClass());
        }
    }

    private void nested(char open, char close, Iterator<?> items, int depth) {
        out.append(open);
        boolean any = items.hasNext();
        while (items.hasNext()) {
            newLine(depth + 1);
            Object item = items.next();
            if (item instanceof Map.Entry<?, ?> member) {
                string(String.valueOf(member.getKey()));
                out.append(": ");
                value(member.getValue(), depth + 1);
            } else {
                value(item, depth + 1);
            }
            out.append(!items.hasNext() ? "" : indent < 0 ? ", " : ",");
        }
        if (any) {
            newLine(depth);
        }
        out.append(close);
    }

    private void newLine(int depth) {
        if (indent >= 0) {
            out.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int named = "\"\\\b\f\n\r\t".indexOf(c);
            if (named >= 0) {
                out.append('\\').append("\"\\bfnrt".charAt(named));
            } else if (c < ' ' || isLoneSurrogate(text, i)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Half a character cannot be encoded in UTF-8. */
    private static boolean isLoneSurrogate(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
