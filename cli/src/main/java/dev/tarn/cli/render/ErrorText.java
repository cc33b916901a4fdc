package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints errors that have no place in a project: wrong usage, our own bugs. */
public final class ErrorText {

    private final Console console;

    public ErrorText(Console console) {
        this.console = console;
    }

    public void usage(String message, String help, boolean json) {
        print("usage", message, help, json);
    }

    /** Something outside the project that the user can mend, such as a folder that cannot be written. */
    public void environment(String message, String help, boolean json) {
        print("environment", message, help, json);
    }

    /** Something that went wrong beside the work, which is done. */
    public void warning(String message, String help) {
        console.err().println(console.paint(Style.WARNING, "warning") + ": " + message);
        console.err().println(console.paint(Style.NOTE, "help") + ": " + help);
    }

    public void bug(Throwable bug, boolean trace, boolean json) {
        print("internal", "internal error: " + bug, "this is a bug in Tarn; please report it with --trace", json);
        if (trace) {
            bug.printStackTrace(console.err());
        }
    }

    private void print(String kind, String message, String help, boolean json) {
        console.err().println(console.paint(Style.ERROR, "error") + ": " + message);
        console.err().println(console.paint(Style.NOTE, "help") + ": " + help);
        if (json) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("schema", "tarn/error/v1");
            error.put("kind", kind);
            error.put("message", message);
            error.put("help", help);
            console.out().println(Json.text(error));
        }
    }
}
