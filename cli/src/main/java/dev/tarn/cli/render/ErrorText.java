package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.select.SelectionException;
import dev.tarn.core.select.SelectionProblem;
import dev.tarn.core.source.ProblemCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints errors that have no place in a project: wrong usage, our own bugs. */
public final class ErrorText {

    private final Console console;

    public ErrorText(Console console) {
        this.console = console;
    }

    public void usage(String message, String help, boolean json) {
        print("usage", Optional.empty(), message, help, json);
    }

    /** A selection that cannot be followed: everything that is wrong with it. */
    public void selection(SelectionException e, boolean json) {
        e.problems().forEach(problem -> print("usage", Optional.empty(), problem.message(), problem.help(), false));
        if (json) {
            String help =
                    e.problems().stream().map(SelectionProblem::help).distinct().collect(Collectors.joining("; "));
            printJson("usage", Optional.empty(), String.valueOf(e.getMessage()), help);
        }
    }

    /** Something outside the project that the user can mend, such as a folder that cannot be written. */
    public void environment(ProblemCode code, String message, String help, boolean json) {
        print("environment", Optional.of(code), message, help, json);
    }

    /** A table that cannot be read, or work on it that was refused or failed. */
    public void table(String message, String help, boolean json) {
        print("table", Optional.empty(), message, help, json);
    }

    /** Something that went wrong beside the work, which is done. */
    public void warning(String message, String help) {
        console.err().println(console.paint(Style.WARNING, "warning") + ": " + message);
        console.err().println(console.paint(Style.NOTE, "help") + ": " + help);
    }

    public void bug(Throwable bug, boolean trace, boolean json) {
        print(
                "internal",
                Optional.of(ProblemCode.INTERNAL_ERROR),
                "internal error: " + bug,
                "this is a bug in Tarn; please report it with --trace",
                json);
        if (trace) {
            bug.printStackTrace(console.err());
        }
    }

    private void print(String kind, Optional<ProblemCode> code, String message, String help, boolean json) {
        String title = "error" + code.map(c -> "[" + c.id() + "]").orElse("");
        console.err().println(console.paint(Style.ERROR, title) + ": " + message);
        console.err().println(console.paint(Style.NOTE, "help") + ": " + help);
        if (json) {
            printJson(kind, code, message, help);
        }
    }

    private void printJson(String kind, Optional<ProblemCode> code, String message, String help) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("schema", "tarn/error/v1");
        error.put("kind", kind);
        error.put("code", code.map(ProblemCode::id).orElse(null));
        error.put("message", message);
        error.put("help", help);
        console.out().println(Json.text(error));
    }
}
