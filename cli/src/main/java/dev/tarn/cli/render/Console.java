package dev.tarn.cli.render;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command prints, and how.
 *
 * @param out results
 * @param err progress, problems, logs
 * @param colours whether colours may be used
 * @param live whether {@code err} is a terminal whose last line may be rewritten
 */
public record Console(PrintStream out, PrintStream err, boolean colours, boolean live) {

    /** The process's own streams. The launcher knows whether they are a terminal; Java does not. */
    public static Console ofProcess() {
        boolean terminal = Boolean.getBoolean("tarn.terminal");
        boolean colours = terminal && noColor().isEmpty() && !"dumb".equals(System.getenv("TERM"));
        return new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), colours, terminal);
    }

    /** No colours, no rewritten lines. */
    public static Console plain(PrintStream out, PrintStream err) {
        return new Console(out, err, false, false);
    }

    private static String noColor() {
        String value = System.getenv("NO_COLOR");
        return value == null ? "" : value;
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    String paint(Style style, String text) {
        return colours ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
    }

    /** What a colour means; words and symbols always say it too. */
    enum Style {
        ERROR("1;31"),
        WARNING("1;33"),
        NOTE("1;36"),
        GOOD("32"),
        FAINT("2"),
        STRONG("1");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }
}
