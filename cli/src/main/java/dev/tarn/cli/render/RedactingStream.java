package dev.tarn.cli.render;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.core.connection.Redaction;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of what passes through, also those that come in two writes: an end that may be the beginning of a
 * secret waits for the next write or flush. Works on bytes, each as a character of its own.
 */
final class RedactingStream extends OutputStream {

    private static final byte[] HIDDEN = Redaction.HIDDEN.getBytes(UTF_8);

    private final OutputStream to;
    private final Redaction redaction;
    private List<String> seen = List.of();
    private List<String> patterns = List.of();
    private String waiting = "";

    RedactingStream(OutputStream to, Redaction redaction) {
        this.to = to;
        this.redaction = redaction;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        List<String> now = redaction.patterns();
        if (now.isEmpty()) {
            to.write(bytes, from, length);
            return;
        }
        if (!seen.equals(now)) {
            seen = now;
            patterns = now.stream()
                    .map(pattern -> new String(pattern.getBytes(UTF_8), ISO_8859_1))
                    .toList();
        }
        String text = waiting + new String(bytes, from, length, ISO_8859_1);
        int start = 0;
        int at = 0;
        while (at < text.length()) {
            String secret = secretAt(text, at);
            if (secret != null) {
                put(text.substring(start, at));
                to.write(HIDDEN);
                at += secret.length();
                start = at;
            } else if (mayBegin(text, at)) {
                break;
            } else {
                at++;
            }
        }
        put(text.substring(start, at));
        waiting = text.substring(at);
    }

    private @Nullable String secretAt(String text, int at) {
        for (String pattern : patterns) {
            if (text.startsWith(pattern, at)) {
                return pattern;
            }
        }
        return null;
    }

    /** Whether all that is left is the beginning of a secret. */
    private boolean mayBegin(String text, int at) {
        int left = text.length() - at;
        for (String pattern : patterns) {
            if (pattern.length() > left && text.regionMatches(at, pattern, 0, left)) {
                return true;
            }
        }
        return false;
    }

    private void put(String text) throws IOException {
        if (!text.isEmpty()) {
            to.write(text.getBytes(ISO_8859_1));
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        put(waiting);
        waiting = "";
        to.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
        to.close();
    }
}
