package dev.tarn.core.transform;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Replaces by patterns of RE2, which Spark's Java understands, too, once a few of its own meanings are taken from it. */
final class Regex {

    private static final Pattern FOREIGN =
            Pattern.compile("\\(\\?(?:[=!]|<[=!]|>)|(?<!\\\\)(?:\\\\\\\\)*\\\\(?<digit>[1-9])|(?<!\\\\)[*+?}]\\+");

    private Regex() {}

    static String replace(Call call, String value) {
        String pattern = call.string("pattern");
        check(call, pattern);
        String replacement = call.string("replacement");
        return call.dialect() == SqlDialect.DUCKDB
                ? "regexp_replace(" + value + ", " + call.literal(pattern) + ", "
                        + call.literal(replacement(replacement, "\\", "$")) + ", 'g')"
                : "regexp_replace(" + value + ", " + call.literal("(?d)" + java(pattern)) + ", "
                        + call.literal(replacement(replacement, "$", "\\$")) + ")";
    }

    private static void check(Call call, String pattern) {
        Matcher foreign = FOREIGN.matcher(pattern);
        String help = "patterns have RE2 syntax: no look-around, no back references, no possessive repetition";
        if (foreign.find()) {
            throw call.bad("pattern", "the pattern has '" + foreign.group() + "', which RE2 does not know", help);
        }
        try {
            Pattern.compile(java(pattern));
        } catch (PatternSyntaxException e) {
            throw call.bad(
                    "pattern",
                    "the pattern is not valid: "
                            + Optional.ofNullable(e.getDescription()).orElse("").toLowerCase(java.util.Locale.ROOT),
                    help);
        }
    }

    /**
     * @param group what stands before a group's number
     * @param dollar what stands for a dollar
     */
    private static String replacement(String text, String group, String dollar) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = i + 1 < text.length() && Character.isDigit(text.charAt(i + 1));
            if ((c == '$' || c == '\\') && digit) {
                result.append(group);
            } else if (c == '\\') {
                result.append("\\\\");
            } else {
                result.append(c == '$' ? dollar : String.valueOf(c));
            }
        }
        return result.toString();
    }

    /** The same pattern for Java: {@code $} is the very end, and sets have no sets in them. */
    private static String java(String pattern) {
        StringBuilder result = new StringBuilder();
        boolean set = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                result.append(c).append(pattern.charAt(++i));
            } else if (set && c == '[' && pattern.startsWith("[:", i) && pattern.indexOf(":]", i) > 0) {
                int end = pattern.indexOf(":]", i);
                result.append(posix(pattern.substring(i + 2, end)));
                i = end + 1;
            } else if (set && (c == '[' || c == '&')) {
                result.append('\\').append(c);
            } else if (!set && c == '$') {
                result.append("\\z");
            } else if (pattern.startsWith("(?P<", i)) {
                result.append("(?<");
                i += 3;
            } else {
                boolean opens = !set && c == '[';
                set = opens || (set && c != ']');
                result.append(c);
                // A bracket that comes first, or first behind the hat, is one of the set.
                if (opens && pattern.startsWith("^", i + 1)) {
                    result.append(pattern.charAt(++i));
                }
                if (opens && pattern.startsWith("]", i + 1)) {
                    result.append('\\').append(pattern.charAt(++i));
                }
            }
        }
        return result.toString();
    }

    private static String posix(String name) {
        return switch (name) {
            case "alpha" -> "\\p{Alpha}";
            case "digit" -> "\\p{Digit}";
            case "alnum" -> "\\p{Alnum}";
            case "upper" -> "\\p{Upper}";
            case "lower" -> "\\p{Lower}";
            case "punct" -> "\\p{Punct}";
            case "space" -> "\\s\\x0B";
            case "xdigit" -> "\\p{XDigit}";
            default -> "\\p{" + name + "}";
        };
    }
}
