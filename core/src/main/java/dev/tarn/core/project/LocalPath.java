package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.Optional;
import java.util.regex.Pattern;

/** Judges the text of a path before it becomes one. */
final class LocalPath {

    // A single letter is a Windows drive.
    private static final Pattern URI = Pattern.compile("(?s)[A-Za-z][A-Za-z0-9+.-]+:.*");

    private LocalPath() {}

    static boolean hasWildcard(String path) {
        return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /** Whether the path cannot be meant for this machine's file system; reported then. */
    static boolean isRefused(Yaml.Scalar scalar, Problems problems) {
        String text = scalar.text().text();
        Optional<String> why = refusal(text);
        why.ifPresent(w -> problems.error(ProblemCode.INVALID_VALUE, scalar.span(), w, help(text)));
        return why.isPresent();
    }

    private static Optional<String> refusal(String text) {
        if (text.isBlank()) {
            return Optional.of("the path is empty");
        }
        if (text.indexOf('\0') >= 0) {
            return Optional.of("the path holds a NUL character");
        }
        if (URI.matcher(text).matches()) {
            return Optional.of("paths such as " + Names.quoted(text) + " are not supported yet");
        }
        return text.equals("~") || text.startsWith("~/") ? Optional.of("'~' is not expanded") : Optional.empty();
    }

    private static String help(String text) {
        return text.startsWith("~") ? "use ${HOME}" + text.substring(1) : "use a path of the local file system";
    }
}
