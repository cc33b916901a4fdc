package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.Problem;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.Severity;
import dev.tarn.core.source.SourceSpan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints what is wrong as compilers do: code, place, the line with a caret, and what to do. */
public final class ProblemText {

    /** A longer line is cut around the caret. */
    private static final int WIDTH = 120;

    private final Console console;

    public ProblemText(Console console) {
        this.console = console;
    }

    public void print(Problems problems) {
        List<Problem> all = problems.all();
        all.forEach(p -> print(p.severity(), p.code(), p.message(), Optional.of(p.span()), p.help()));
        long errors = count(all, Severity.ERROR);
        long warnings = count(all, Severity.WARNING);
        if (errors > 0) {
            console.err().println(plural(errors, "error") + (warnings > 0 ? ", " + plural(warnings, "warning") : ""));
        }
    }

    private static long count(List<Problem> all, Severity severity) {
        return all.stream().filter(p -> p.severity() == severity).count();
    }

    private static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /** Prints a failed node's reason the same way. */
    public void print(String node, Failure failure) {
        print(Severity.ERROR, failure.code(), node + ": " + failure.message(), failure.span(), failure.help());
    }

    private void print(
            Severity severity, ProblemCode code, String message, Optional<SourceSpan> span, Optional<String> help) {
        String word = severity.name().toLowerCase(Locale.ROOT);
        console.err()
                .println(console.paint(style(severity), word + "[" + code.id() + "]") + ": "
                        + console.paint(Style.STRONG, Names.onOneLine(message)));
        span.ifPresent(this::printPlace);
        help.ifPresent(text -> console.err().println(console.paint(Style.NOTE, "help") + ": " + indented(text)));
        console.err().println();
    }

    private static Style style(Severity severity) {
        return switch (severity) {
            case ERROR -> Style.ERROR;
            case WARNING -> Style.WARNING;
            case NOTE -> Style.NOTE;
        };
    }

    private static String indented(String text) {
        return text.lines().map(Names::onOneLine).collect(Collectors.joining("\n      "));
    }

    private void printPlace(SourceSpan span) {
        console.err().println("  --> " + span);
        String line = span.file().line(span.line()).replace('\t', ' ');
        if (line.isBlank()) {
            return;
        }
        int[] points = line.codePoints()
                .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
                .toArray();
        int caret = Math.min(span.column() - 1, points.length);
        int from = Math.max(0, Math.min(caret - WIDTH / 2, points.length - WIDTH));
        int to = Math.min(points.length, from + WIDTH);
        int length = Math.max(1, Math.min(span.length(), to - caret));
        String shown = new String(points, from, to - from);
        console.err().println("   |");
        console.err().println("   |  " + shown.stripTrailing());
        console.err().println("   |  " + " ".repeat(caret - from) + console.paint(Style.ERROR, "^".repeat(length)));
    }
}
