package dev.tarn.lake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Finds the file that a path in the log means: relative to the table or absolute, and percent-encoded. */
final class LogPath {
    private LogPath() {}

    static Path locate(Path table, String path) {
        if (path.startsWith("file:")) {
            // Not by java.net.URI: Spark leaves letters outside ASCII as they are.
            return Path.of(decode(path.replaceFirst("^file:/*", "/")).replaceFirst("^/(?=[A-Za-z]:)", ""));
        }
        return table.resolve(decode(path));
    }

    /** Whether the path is an address of another store, where this process cannot read. */
    static boolean isRemote(String path) {
        return path.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") && !path.startsWith("file:");
    }

    /** Paths in the log are percent-encoded as in RFC 2396: unlike in a web form, '+' is itself. */
    static String decode(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] == '%' && high >= 0 && low >= 0) {
                out.write(high * 16 + low);
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
