package dev.tarn.cli.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.core.connection.Redaction;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Where a command prints, and how.
 *
 * @param out results
 * @param err progress, problems, logs
 * @param colours whether colours may be used
 * @param live whether {@code err} is a terminal whose last line may be rewritten
 * @param redaction takes secrets out of both streams
 */
public record Console(PrintStream out, PrintStream err, boolean colours, boolean live, Redaction redaction) {

    static final String CLEAR_LINE = "\r\u001b[K";

    /** The process's own streams. The launcher knows whether they are a terminal; Java does not. */
    public static Console ofProcess() {
        boolean terminal = Boolean.getBoolean("tarn.terminal");
        boolean colours = ColorMode.AUTO.colours(System.getenv(), terminal);
        return redacted(utf8(FileDescriptor.out), utf8(FileDescriptor.err), colours, terminal);
    }

    /** No colours, no rewritten lines. */
    public static Console plain(PrintStream out, PrintStream err) {
        return redacted(out, err, false, false);
    }

    private static Console redacted(OutputStream out, OutputStream err, boolean colours, boolean live) {
        Redaction redaction = new Redaction();
        return new Console(
                new PrintStream(new RedactingStream(out, redaction), true, UTF_8),
                new PrintStream(new RedactingStream(err, redaction), true, UTF_8),
                colours,
                live,
                redaction);
    }

    /** The same with or without colours, unless the mode leaves that to the environment. */
    public Console with(ColorMode mode) {
        return mode == ColorMode.AUTO ? this : new Console(out, err, mode == ColorMode.ALWAYS, live, redaction);
    }

    Console withLive(boolean rewritten) {
        return new Console(out, err, colours, rewritten, redaction);
    }

    /** The same without what is for people on standard error. */
    public Console withoutErr() {
        return new Console(
                out, new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), false, false, redaction);
    }

    /** A line of its own, above the one that is rewritten. */
    void errLine(String text) {
        err.println(live ? CLEAR_LINE + text : text);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, UTF_8);
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
