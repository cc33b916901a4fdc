package dev.tarn.notebook.json;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses JSON, and {@code NaN} and the infinities, which Python writes. Of a member that is given twice the last one counts,
 * as everywhere.
 */
public final class JsonParser {

    // Nothing that people write is as deep; deeper text would end the stack.
    private static final int DEEPEST = 200;

    private final MappedText source;
    private final String text;
    private int at;
    private int depth;

    private JsonParser(MappedText source) {
        this.source = source;
        this.text = source.text();
    }

    public static JsonNode parse(SourceFile file) throws JsonException {
        return parse(MappedText.of(file));
    }

    /** Parses the whole text as one value. */
    public static JsonNode parse(MappedText source) throws JsonException {
        JsonParser parser = new JsonParser(source);
        if (parser.text.startsWith("\uFEFF")) {
            parser.at = 1;
        }
        parser.space();
        JsonNode node = parser.value();
        parser.space();
        if (parser.at < parser.text.length()) {
            throw parser.wrong("nothing may follow the JSON value");
        }
        return node;
    }

    private JsonNode value() throws JsonException {
        int start = at;
        char first = at < text.length() ? text.charAt(at) : 0;
        if (first == '{' || first == '[') {
            if (++depth > DEEPEST) {
                throw wrong("more than " + DEEPEST + " values inside each other");
            }
            at++;
            Object nested = first == '{' ? object() : array();
            depth--;
            return new JsonNode(nested, source, start, at);
        }
        if (first == '"') {
            return new JsonNode(string(), source, start, at);
        }
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true", "false" -> new JsonNode(Boolean.valueOf(word), source, start, at);
            case "null" -> new JsonNode(null, source, start, at);
            default -> new JsonNode(number(word, start), source, start, at);
        };
    }

    private JsonNumber number(String word, int start) throws JsonException {
        if (word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?|NaN|-?Infinity")) {
            return new JsonNumber(word);
        }
        at = start;
        throw wrong(at == text.length() ? "the JSON ends in the middle" : "a JSON value is expected here");
    }

    private Map<String, JsonNode> object() throws JsonException {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        space();
        if (took('}')) {
            return members;
        }
        do {
            space();
            if (at == text.length() || text.charAt(at) != '"') {
                throw wrong("the name of a member in double quotes is expected here");
            }
            String name = string().text();
            space();
            expect(':', "a ':' is expected here");
            space();
            members.put(name, value());
            space();
        } while (took(','));
        expect('}', "a ',' or '}' is expected here");
        return members;
    }

    private List<JsonNode> array() throws JsonException {
        List<JsonNode> items = new ArrayList<>();
        space();
        if (took(']')) {
            return items;
        }
        do {
            space();
            items.add(value());
            space();
        } while (took(','));
        expect(']', "a ',' or ']' is expected here");
        return items;
    }

    private MappedText string() throws JsonException {
        int open = at++;
        StringBuilder out = new StringBuilder();
        int[] origins = new int[16];
        while (at < text.length() && text.charAt(at) != '"') {
            int start = at;
            char c = text.charAt(at++);
            if (c == '\\') {
                c = escaped(start);
            } else if (c < ' ') {
                at = start;
                throw wrong("a line break or control character must be escaped in a string");
            }
            origins = out.length() + 1 < origins.length ? origins : Arrays.copyOf(origins, 2 * origins.length);
            origins[out.length()] = source.origin(start);
            out.append(c);
        }
        if (at == text.length()) {
            at = open;
            throw wrong("the string that begins here has no end");
        }
        origins[out.length()] = source.origin(at++);
        return new MappedText(source.file(), out.toString(), Arrays.copyOf(origins, out.length() + 1));
    }

    private char escaped(int start) throws JsonException {
        char c = at < text.length() ? text.charAt(at++) : 0;
        int plain = "\"\\/bfnrt".indexOf(c);
        if (c != 0 && plain >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        if (c == 'u' && at + 4 <= text.length() && text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }
        at = start;
        throw wrong("JSON has no such escape");
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean took(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c, String message) throws JsonException {
        if (!took(c)) {
            throw wrong(at == text.length() ? "the JSON ends in the middle" : message);
        }
    }

    private JsonException wrong(String message) {
        return new JsonException(source.span(at, 1), message);
    }
}
