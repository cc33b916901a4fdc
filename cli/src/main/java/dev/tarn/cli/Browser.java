package dev.tarn.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Opens a page with what the desktop has for it. Not by java.awt: a Java without a display has none. */
final class Browser {

    private Browser() {}

    /** Does nothing where there is no display, or no program for it. */
    static void open(Path page) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.contains("mac")) {
            start(List.of("open", page.toString()));
        } else if (System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null) {
            start(List.of("xdg-open", page.toString()));
        }
    }

    private static void start(List<String> command) {
        try {
            new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException noSuchProgram) {
            // The path is printed; the user opens it in their own way.
            return;
        }
    }
}
