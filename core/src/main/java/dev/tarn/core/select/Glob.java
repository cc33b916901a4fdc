package dev.tarn.core.select;

import java.util.regex.Pattern;

/**
 * Makes regular expressions of shell patterns: {@code *}, {@code ?}, {@code [ab]}, {@code [!ab]}. Java's own are for paths
 * of the file system only, and know more than a selector may use.
 */
final class Glob {

    private final String text;
    /** What {@code *} and {@code ?} stand for. */
    private final String any;

    private final StringBuilder regex = new StringBuilder();
    private int at;

    private Glob(String text, String any) {
        this.text = text;
        this.any = any;
    }

    static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /** For names: a wildcard stands for any character, the dot of {@code pipeline.node} too, as in dbt. */
    static Pattern ofName(String text) {
        return new Glob(text, ".").compile();
    }

    /** For paths: only {@code **} goes into folders. */
    static Pattern ofPath(String text) {
        return new Glob(text, "[^/]").compile();
    }

    private Pattern compile() {
        while (at < text.length()) {
            next();
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private void next() {
        if (text.startsWith("**/", at)) {
            add("(?:.*/)?", 3);
        } else if (text.startsWith("**", at)) {
            add(".*", 2);
        } else if (text.charAt(at) == '*') {
            add(any + "*", 1);
        } else if (text.charAt(at) == '?') {
            add(any, 1);
        } else if (text.charAt(at) == '[' && closing() > 0) {
            addChoice(text.substring(at + 1, closing()));
        } else {
            add(Pattern.quote(text.substring(at, at + 1)), 1);
        }
    }

    private void add(String expression, int length) {
        regex.append(expression);
        at += length;
    }

    /** Where the bracket closes that opens here; one right behind it is one of the choices. */
    private int closing() {
        int first = text.startsWith("!", at + 1) ? at + 2 : at + 1;
        return text.indexOf(']', first + 1);
    }

    private void addChoice(String choice) {
        boolean not = choice.startsWith("!");
        String characters = not ? choice.substring(1) : choice;
        StringBuilder set = new StringBuilder(not ? "[^" : "[");
        for (int i = 0; i < characters.length(); i++) {
            if (isRange(characters, i)) {
                set.append(quoted(characters.charAt(i))).append('-').append(quoted(characters.charAt(i + 2)));
                i += 2;
            } else {
                set.append(quoted(characters.charAt(i)));
            }
        }
        add(set.append(']').toString(), choice.length() + 2);
    }

    private static boolean isRange(String characters, int at) {
        return at + 2 < characters.length()
                && characters.charAt(at + 1) == '-'
                && characters.charAt(at) <= characters.charAt(at + 2);
    }

    private static String quoted(char character) {
        return Character.isLetterOrDigit(character) ? String.valueOf(character) : "\\" + character;
    }
}
