package dev.tarn.engine.duckdb;

import dev.tarn.core.source.Names;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the first line of a CSV file that has more or fewer values than the first one: DuckDB says only that there is one. */
final class RaggedLine {

    private static final int LOOKED_AT = 4 << 20;

    private RaggedLine() {}

    /** Such as {@code 2 in line 1, 3 in line 7: '2,b,c'}; empty when there is none in the first 4 MB. */
    static Optional<String> in(String file, char delimiter) {
        byte[] start;
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            start = in.readNBytes(LOOKED_AT);
        } catch (IOException e) {
            return Optional.empty();
        }
        int expected = -1;
        int number = 0;
        // Latin-1 has a character for each byte; delimiters and quotes are the same in UTF-8.
        for (String line :
                new String(start, StandardCharsets.ISO_8859_1).lines().toList()) {
            number++;
            int values = values(line, delimiter);
            if (values < 0) {
                return Optional.empty();
            }
            if (expected < 0) {
                expected = values;
            } else if (values != expected && !line.isEmpty()) {
                String text = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                return Optional.of(
                        expected + " in line 1, " + values + " in line " + number + ": " + Names.quoted(text));
            }
        }
        return Optional.empty();
    }

    /** -1 when a quote goes on in the next line, which is too much for a look. */
    private static int values(String line, char delimiter) {
        boolean quoted = false;
        int values = 1;
        for (int i = 0; i < line.length(); i++) {
            quoted ^= line.charAt(i) == '"';
            values += !quoted && line.charAt(i) == delimiter ? 1 : 0;
        }
        return quoted ? -1 : values;
    }
}
