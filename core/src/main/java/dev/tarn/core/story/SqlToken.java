package dev.tarn.core.story;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A piece of an SQL text in one colour. */
public record SqlToken(String text, String style) {

    private static final Pattern TOKEN = Pattern.compile(
            "(?<c>--[^\\n]*|/\\*.*?\\*/)|(?<s>'(?:[^']++|'')*+')|\"(?:[^\"]++|\"\")*+\"|(?<k>\\b(?:select|from|where|group|by|order"
                    + "|having|join|left|right|full|inner|outer|cross|on|using|as|and|or|not|in|is|null|case|when|then"
                    + "|else|end|with|union|all|distinct|limit|qualify|over|partition|between|like|exists|cast|exclude"
                    + "|replace|asc|desc|values|lateral|semi|anti|interval|true|false)\\b)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    public boolean isPlain() {
        return style.isEmpty();
    }

    /** The pieces of a text, which together are the text. */
    public static List<SqlToken> of(String sql) {
        String text = sql.strip();
        List<SqlToken> tokens = new ArrayList<>();
        Matcher found = TOKEN.matcher(text);
        int end = 0;
        while (found.find()) {
            String style = found.group("c") != null
                    ? "c"
                    : found.group("s") != null ? "s" : found.group("k") != null ? "k" : "";
            if (!style.isEmpty()) {
                add(tokens, text.substring(end, found.start()), "");
                add(tokens, found.group(), style);
                end = found.end();
            }
        }
        add(tokens, text.substring(end), "");
        return tokens;
    }

    private static void add(List<SqlToken> tokens, String text, String style) {
        if (!text.isEmpty()) {
            tokens.add(new SqlToken(text, style));
        }
    }
}
