package dev.tarn.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits a condition in Spark's SQL into words, names, numbers, texts and signs. */
final class SparkTokens {
    enum Kind {
        WORD,
        NAME,
        NUMBER,
        TEXT,
        SIGN,
        END
    }

    /** @param text of a name or text without its quotes */
    record Token(Kind kind, String text) {
        boolean is(String wordOrSign) {
            return (kind == Kind.WORD || kind == Kind.SIGN) && text.equalsIgnoreCase(wordOrSign);
        }
    }

    private static final List<String> SIGNS = List.of("<=>", "<>", "!=", "<=", ">=", "==");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SparkTokens(String text) {
        this.text = text;
    }

    /** @throws UnlikeException for what other engines may read in another way */
    static List<Token> of(String text) {
        SparkTokens lexer = new SparkTokens(text);
        while (lexer.next()) {
            // Each step adds what it finds.
        }
        lexer.tokens.add(new Token(Kind.END, ""));
        return lexer.tokens;
    }

    private boolean next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return false;
        }
        char c = text.charAt(at);
        if (isLetter(c)) {
            tokens.add(new Token(Kind.WORD, take(SparkTokens::isPartOfWord)));
        } else if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            tokens.add(new Token(Kind.NUMBER, number()));
        } else if (c == '`') {
            tokens.add(new Token(Kind.NAME, quoted('`')));
        } else if (c == '\'' || c == '"') {
            tokens.add(new Token(Kind.TEXT, literal(c)));
        } else {
            tokens.add(new Token(Kind.SIGN, sign(c)));
        }
        return true;
    }

    private interface Letters {
        boolean has(char c);
    }

    private String take(Letters letters) {
        int start = at;
        while (at < text.length() && letters.has(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isPartOfWord(char c) {
        return isLetter(c) || isDigit(c);
    }

    /** Digits, a point, an exponent; a letter for the type after them has no meaning elsewhere. */
    private String number() {
        String digits = take(c -> isDigit(c) || c == '.');
        if (at < text.length() && Character.toLowerCase(text.charAt(at)) == 'e') {
            String exponent = take(c -> isPartOfWord(c) || c == '-' || c == '+');
            digits += exponent;
        }
        if (!digits.matches("(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")
                || (at < text.length() && isLetter(text.charAt(at)))) {
            throw new UnlikeException("the number '" + digits + take(SparkTokens::isPartOfWord) + "'");
        }
        return digits.toUpperCase(Locale.ROOT);
    }

    private String quoted(char quote) {
        StringBuilder name = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) != quote) {
                name.append(text.charAt(at));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
                name.append(quote);
                at++;
            } else {
                at++;
                return name.toString();
            }
        }
        throw new UnlikeException("an open quote");
    }

    private String literal(char quote) {
        int end = text.indexOf(quote, at + 1);
        boolean doubled = end >= 0 && end + 1 < text.length() && text.charAt(end + 1) == quote;
        if (end < 0 || doubled || text.substring(at, end).indexOf('\\') >= 0) {
            // What a backslash or a doubled quote means depends on settings of the session.
            throw new UnlikeException("a text with a quote or backslash in it");
        }
        String literal = text.substring(at + 1, end);
        at = end + 1;
        return literal;
    }

    private String sign(char c) {
        for (String sign : SIGNS) {
            if (text.startsWith(sign, at)) {
                at += sign.length();
                return sign;
            }
        }
        if ("=<>+-*/%(),.!".indexOf(c) < 0) {
            throw new UnlikeException("'" + c + "'");
        }
        at++;
        if (c == '-' && at < text.length() && text.charAt(at) == '-') {
            throw new UnlikeException("a comment");
        }
        if (c == '/' && at < text.length() && text.charAt(at) == '*') {
            throw new UnlikeException("a comment");
        }
        return String.valueOf(c);
    }
}
