package dev.tarn.core.transform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lists and structs of examples, which are in YAML's flow style: {@code [a, null]}, {@code {x: 1, y: 'two'}}. The
 * leaves are texts or null; what type they are is the column's business.
 */
final class FlowText {

    private final String text;
    private int at;

    private FlowText(String text) {
        this.text = text;
    }

    /** A list, a map or a text; null for {@code null}. */
    static @Nullable Object parse(String text) {
        FlowText flow = new FlowText(text);
        Object value = flow.value();
        if (flow.peek() != '\0') {
            throw flow.wrong("the end");
        }
        return value;
    }

    private @Nullable Object value() {
        return switch (peek()) {
            case '[' -> list();
            case '{' -> map();
            case '\'', '"' -> quoted();
            default -> plain();
        };
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> items = new ArrayList<>();
        at++;
        while (peek() != ']') {
            items.add(value());
            comma(']');
        }
        at++;
        return items;
    }

    private Map<String, @Nullable Object> map() {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        at++;
        while (peek() != '}') {
            String name = name();
            at = next(":") + 1;
            entries.put(name, value());
            comma('}');
        }
        at++;
        return entries;
    }

    private String name() {
        return "'\"".indexOf(peek()) < 0 ? text.substring(at, next(":")).strip() : quoted();
    }

    private void comma(char end) {
        if (peek() == ',') {
            at++;
        } else if (peek() != end) {
            throw wrong("',' or '" + end + "'");
        }
    }

    private String quoted() {
        char quote = text.charAt(at);
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != quote) {
            end += quote == '"' && text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw wrong("a closing " + quote);
        }
        String inner = text.substring(at + 1, end);
        at = end + 1;
        return quote == '"' ? inner.translateEscapes() : inner;
    }

    private @Nullable String plain() {
        String word = text.substring(at, next(",]}")).strip();
        at = next(",]}");
        return word.equalsIgnoreCase("null") ? null : word;
    }

    private int next(String ends) {
        int end = at;
        while (end < text.length() && ends.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private char peek() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private IllegalStateException wrong(String expected) {
        return new IllegalStateException("expected " + expected + " at " + at + " of an example's value: " + text);
    }
}
