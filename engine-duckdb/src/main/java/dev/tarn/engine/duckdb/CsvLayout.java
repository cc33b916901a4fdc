package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.project.Read;
import dev.tarn.core.source.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What DuckDB's CSV reader must be told so that it loses no row. Left alone it guesses: of {@code id,name / 1,a / 2,b,c /
 * 3,d,e} it drops the first two lines as a preamble, and of {@code id,name / 1,a / 2,b,c} it makes one column named
 * {@code id,name}. So no line is skipped that the user did not say, and the first line decides on the delimiter.
 */
final class CsvLayout {

    private static final String DELIMITERS = ",;\t|";
    private static final int LOOKED_AT = 1 << 18;

    private final Database database;
    private final Read read;
    private final Set<String> said;

    CsvLayout(Database database, Read read) {
        this.database = database;
        this.read = read;
        this.said = read.options().stream()
                .map(option -> option.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /** Options to add to the user's; a guess that would lose rows is a failure. */
    Map<String, Object> missing(List<String> files) throws IOException {
        if (!says("encoding", "compression")) {
            refuseBinary(files);
        }
        if (says("auto_detect")) {
            return Map.of();
        }
        Map<String, Object> skip = says("skip") ? Map.of() : Map.of("skip", 0);
        if (says("delim", "delimiter", "sep")) {
            return skip;
        }
        Optional<Character> delimiter = delimiter(files);
        if (delimiter.isPresent() && !says("skip")) {
            return Map.of("skip", 0, "delim", String.valueOf(delimiter.get()));
        }
        refuseWrongGuess(files.get(0));
        return skip;
    }

    private boolean says(String... names) {
        return Set.of(names).stream().anyMatch(said::contains);
    }

    /** The only delimiter in the first line of each file, if it is the same in all. */
    private Optional<Character> delimiter(List<String> files) throws IOException {
        if (says("comment", "encoding", "quote", "escape", "compression", "new_line")) {
            return Optional.empty();
        }
        Set<Character> found = new HashSet<>();
        for (String file : files) {
            Optional<String> line = firstLine(file);
            if (line.isEmpty()) {
                return Optional.empty();
            }
            found.addAll(delimiters(line.get()));
        }
        return found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    }

    /** DuckDB would make zero bytes part of names and values. */
    private void refuseBinary(List<String> files) throws IOException {
        for (String file : files) {
            if (!isCompressed(file) && start(file).indexOf('\0') >= 0) {
                throw refused(
                        "'" + file + "' is not UTF-8 text: it has zero bytes",
                        "save the file as UTF-8, or name its encoding under 'read': options: {encoding: utf-16}");
            }
        }
    }

    private static boolean isCompressed(String file) {
        return file.matches("(?i).*\\.(gz|zst)");
    }

    /** The first bytes, each as one character: what is looked for here is the same in UTF-8. */
    private static String start(String file) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return new String(in.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1);
        }
    }

    /** Empty for a file that is not plain text. An empty file has an empty line. */
    private static Optional<String> firstLine(String file) throws IOException {
        if (isCompressed(file)) {
            return Optional.empty();
        }
        String start = start(file);
        return start.lines().findFirst().or(() -> Optional.of("")).filter(line -> line.length() < LOOKED_AT);
    }

    private static Set<Character> delimiters(String line) {
        Set<Character> found = new HashSet<>();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            if (!quoted && DELIMITERS.indexOf(c) >= 0) {
                found.add(c);
            }
        }
        return found;
    }

    /** Asks DuckDB how it would read a file whose first line does not say it. */
    private void refuseWrongGuess(String file) {
        String options = read.options().stream()
                .map(option -> Literal.option(option.name(), option.value()))
                .collect(Collectors.joining());
        List<@Nullable String> guess;
        try {
            guess = database.rows("SELECT SkipRows, len(Columns), Columns[1].name FROM sniff_csv(" + Literal.file(file)
                            + options + ")")
                    .get(0);
        } catch (SQLException e) {
            // The read itself will fail in the same way, and say so.
            return;
        }
        int skipped = Integer.parseInt(String.valueOf(guess.get(0)));
        String only = "1".equals(guess.get(1)) ? String.valueOf(guess.get(2)) : "";
        if (skipped > 0 && !says("skip")) {
            String lines =
                    skipped == 1 ? "line 1 of '" + file + "' does" : "lines 1 to " + skipped + " of '" + file + "' do";
            throw refused(
                    lines + " not look like the lines below",
                    "if that is no data, leave it out under 'read': options: {skip: " + skipped
                            + "}; else name the delimiter: options: {delimiter: \";\"}");
        }
        if (!delimiters(only).isEmpty()) {
            throw refused(
                    "it is not clear what parts the values of '" + file + "': its lines have different numbers of them",
                    "name the delimiter under 'read': options: {delimiter: \",\"}");
        }
    }

    private FailureException refused(String message, String help) {
        return new FailureException(new Failure(
                ProblemCode.READ_FAILED,
                message,
                Optional.of(help),
                Optional.of(read.location().span()),
                false,
                null));
    }
}
