package dev.tarn.engine.duckdb;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word, name, text, number or sign of SQL, without the comments between them.
 *
 * @param index of its first character
 */
record SqlWord(int index, String text) {

    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");
    private static final Pattern DOLLAR = Pattern.compile("\\$([\\p{L}_][\\p{L}\\p{N}_]*)?\\$");

    /** All words of a text; what is opened and not closed goes on to the end. */
    static List<SqlWord> of(String sql) {
        List<SqlWord> words = new ArrayList<>();
        int at = 0;
        while (at < sql.length()) {
            int end = end(sql, at);
            boolean nothing =
                    Character.isWhitespace(sql.charAt(at)) || sql.startsWith("--", at) || sql.startsWith("/*", at);
            if (!nothing) {
                words.add(new SqlWord(at, sql.substring(at, end)));
            }
            at = end;
        }
        return words;
    }

    private static int end(String sql, int at) {
        char first = sql.charAt(at);
        if (first == '\'' || first == '"') {
            return quoted(sql, at, first == '\'' && isEscape(sql, at - 1));
        }
        if (sql.startsWith("--", at)) {
            int line = sql.indexOf('\n', at);
            return line < 0 ? sql.length() : line + 1;
        }
        if (sql.startsWith("/*", at)) {
            return comment(sql, at);
        }
        Matcher word = WORD.matcher(sql).region(at, sql.length());
        if (word.lookingAt()) {
            return word.end();
        }
        Matcher dollar = DOLLAR.matcher(sql).region(at, sql.length());
        if (dollar.lookingAt()) {
            int close = sql.indexOf(dollar.group(), dollar.end());
            return close < 0 ? sql.length() : close + dollar.group().length();
        }
        return at + Character.charCount(sql.codePointAt(at));
    }

    private static boolean isEscape(String sql, int before) {
        return before >= 0
                && Character.toLowerCase(sql.charAt(before)) == 'e'
                && (before == 0 || !Character.isJavaIdentifierPart(sql.charAt(before - 1)));
    }

    /** A doubled quote is part of the text, and in E'…' so is one after a backslash. */
    private static int quoted(String sql, int start, boolean escapes) {
        char quote = sql.charAt(start);
        int at = start + 1;
        while (at < sql.length()) {
            char here = sql.charAt(at);
            boolean doubled = here == quote && at + 1 < sql.length() && sql.charAt(at + 1) == quote;
            if (doubled || (escapes && here == '\\')) {
                at += 2;
            } else if (here == quote) {
                return at + 1;
            } else {
                at++;
            }
        }
        return sql.length();
    }

    /** Comments nest. */
    private static int comment(String sql, int start) {
        int depth = 0;
        int at = start;
        while (at < sql.length()) {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return sql.length();
    }

    /** What a quoted name means; any other text as it is. */
    String name() {
        boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
    }
}
