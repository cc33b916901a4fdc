package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Checks the names of one kind within one place: SQL must be able to use them without quotes, and as SQL does not tell
 * upper from lower case, no two may differ in case only. Not thread-safe.
 */
final class Identifiers {

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String kind;
    private final Problems problems;
    private final Map<String, Seen> seen = new HashMap<>();

    private record Seen(String name, SourceSpan span) {

        /** For one who looks at {@code from}. */
        String place(SourceSpan from) {
            return span.file().equals(from.file()) ? "in line " + span.line() : span.toString();
        }
    }

    /** @param kind what is named, for messages: {@code node} */
    Identifiers(String kind, Problems problems) {
        this.kind = kind;
        this.problems = problems;
    }

    static boolean isIdentifier(String name) {
        return SHAPE.matcher(name).matches();
    }

    /** Whether the name is the first of its kind; reports a repeated and an ill-formed one. */
    boolean add(String name, SourceSpan span) {
        if (!isIdentifier(name)) {
            String message = kind + " name " + Names.quoted(name) + " is not allowed";
            problems.error(ProblemCode.INVALID_NAME, span, message, help(name));
        }
        return isFirst(name, span);
    }

    /** Whether the name is the first of its kind; any text is allowed. */
    boolean isFirst(String name, SourceSpan span) {
        Seen first = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), new Seen(name, span));
        if (first == null) {
            return true;
        }
        String message = first.name().equals(name)
                ? "there are two " + kind + "s named " + Names.quoted(name)
                : kind + " names " + Names.quoted(first.name()) + " and " + Names.quoted(name) + " differ in case only";
        problems.error(ProblemCode.DUPLICATE_NAME, span, message, "the first is " + first.place(span));
        return false;
    }

    private static String help(String name) {
        String valid = name.replaceAll("[^A-Za-z0-9_]", "_").replaceFirst("^(?=[0-9])", "_");
        return valid.isEmpty() || valid.length() > 100
                ? "use letters, digits and underscores, not starting with a digit"
                : "use '" + valid + "'";
    }
}
