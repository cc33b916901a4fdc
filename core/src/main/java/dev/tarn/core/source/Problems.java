package dev.tarn.core.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Collects every problem of one pass, so that a user sees all of them at once. Not thread-safe.
 */
public final class Problems {

    private static final Comparator<Problem> BY_POSITION = Comparator.comparing(
                    (Problem p) -> p.span().file().name())
            .thenComparingInt(p -> p.span().line())
            .thenComparingInt(p -> p.span().column());

    private final Set<Problem> found = new LinkedHashSet<>();

    public void error(ProblemCode code, SourceSpan span, String message) {
        found.add(new Problem(code, Severity.ERROR, span, message, Optional.empty()));
    }

    public void error(ProblemCode code, SourceSpan span, String message, String help) {
        found.add(new Problem(code, Severity.ERROR, span, message, Optional.of(help)));
    }

    /** An error whose help is there only where one could be found, such as a nearest name. */
    public void error(ProblemCode code, SourceSpan span, String message, Optional<String> help) {
        found.add(new Problem(code, Severity.ERROR, span, message, help));
    }

    public void warning(ProblemCode code, SourceSpan span, String message, String help) {
        found.add(new Problem(code, Severity.WARNING, span, message, Optional.of(help)));
    }

    public void note(ProblemCode code, SourceSpan span, String message, String help) {
        found.add(new Problem(code, Severity.NOTE, span, message, Optional.of(help)));
    }

    public boolean hasErrors() {
        return found.stream().anyMatch(p -> p.severity() == Severity.ERROR);
    }

    /** All of them, in the order of their positions. */
    public List<Problem> all() {
        List<Problem> sorted = new ArrayList<>(found);
        sorted.sort(BY_POSITION);
        return List.copyOf(sorted);
    }
}
