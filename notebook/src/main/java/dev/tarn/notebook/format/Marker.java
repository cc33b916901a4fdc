package dev.tarn.notebook.format;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines that begin a block of a source file: a word and exactly twenty asterisks. */
enum Marker {
    METADATA("METADATA"),
    MARKDOWN("MARKDOWN"),
    CELL("CELL"),
    PARAMETERS("PARAMETERS CELL"),
    ATTACHMENTS("ATTACHMENTS");

    static final String STARS = "********************";

    private static final Pattern ALIKE =
            Pattern.compile("(?:#|--|//) ?(METADATA|MARKDOWN|CELL|PARAMETERS CELL|ATTACHMENTS) ?\\*.*");

    private final String word;

    Marker(String word) {
        this.word = word;
    }

    /** The whole line. */
    String line(String comment) {
        return comment + " " + word + " " + STARS;
    }

    /** The marker of a line; white space after it is no matter. */
    static Optional<Marker> of(String line, String comment) {
        String bare = line.stripTrailing();
        for (Marker marker : values()) {
            if (bare.length() == comment.length() + marker.word.length() + 2 + STARS.length()
                    && bare.equals(marker.line(comment))) {
                return Optional.of(marker);
            }
        }
        return Optional.empty();
    }

    /** Whether someone may have meant a marker. */
    static boolean isAlike(String line) {
        Matcher matcher = ALIKE.matcher(line);
        return matcher.matches();
    }
}
