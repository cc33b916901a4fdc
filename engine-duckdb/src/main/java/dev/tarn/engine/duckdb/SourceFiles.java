package dev.tarn.engine.duckdb;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Read;
import dev.tarn.fs.DirectorySwap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the files that a read means: one file, all of a format below a folder, or those that match a pattern. Hidden
 * files are left out: they are other programs' business, or a write that was cut short.
 */
final class SourceFiles {

    private static final Map<Format, Pattern> ENDINGS = Map.of(
            Format.CSV, Pattern.compile("(?i).*\\.csv(\\.gz|\\.zst)?"),
            Format.JSON, Pattern.compile("(?i).*\\.(json|jsonl|ndjson)(\\.gz|\\.zst)?"),
            Format.PARQUET, Pattern.compile("(?i).*\\.(parquet|parq)"));

    private final Database database;

    SourceFiles(Database database) {
        this.database = database;
    }

    /** At least one file; none at all is a failure. */
    List<String> find(Read read) {
        Location location = read.location();
        Path path = Path.of(location.path());
        try {
            recover(path);
            // A name that could be a pattern, and is a file: what is there counts.
            List<String> found = location.isGlob() && !Files.exists(path) ? matching(location) : below(read, path);
            if (found.isEmpty()) {
                throw Source.missing(
                        location, "'" + location + "' has no " + read.format().id() + " file");
            }
            refuseEmpty(read, found);
            return found;
        } catch (IOException | UncheckedIOException e) {
            throw Source.missing(location, "'" + location + "' cannot be read: " + e.getMessage());
        }
    }

    /** A target that is missing may be a swap of folders that was cut between its two steps. */
    private static void recover(Path path) throws IOException {
        if (!Files.exists(path)) {
            DirectorySwap.recoverDirectory(path);
        }
    }

    private static List<String> below(Read read, Path path) throws IOException {
        if (!Files.exists(path)) {
            throw Source.missing(read.location(), "'" + read.location() + "' does not exist");
        }
        if (!Files.isDirectory(path)) {
            return List.of(path.toString());
        }
        Pattern ending = ENDINGS.getOrDefault(read.format(), Pattern.compile(".*"));
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file ->
                            ending.matcher(file.getFileName().toString()).matches())
                    .filter(file -> isVisible(path.relativize(file)))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    /** As Spark sees it: a name that starts with a dot or an underscore is hidden, unless it is a partition's. */
    private static boolean isVisible(Path relative) {
        for (Path name : relative) {
            String text = name.toString();
            if (text.startsWith(".") || (text.startsWith("_") && text.indexOf('=') < 0)) {
                return false;
            }
        }
        return true;
    }

    private List<String> matching(Location location) {
        try {
            return database.rows("SELECT file FROM glob(" + Literal.text(location.path()) + ") ORDER BY file").stream()
                    .map(row -> String.valueOf(row.get(0)))
                    .filter(file -> !file.contains("/."))
                    .toList();
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    /** A text file without a byte has no header: DuckDB would make up a column. */
    private static void refuseEmpty(Read read, List<String> found) throws IOException {
        boolean columnsGiven = read.options().stream()
                .anyMatch(o -> List.of("columns", "names", "column_names")
                        .contains(o.name().toLowerCase(java.util.Locale.ROOT)));
        if (read.format() == Format.PARQUET || columnsGiven) {
            return;
        }
        for (String file : found) {
            if (Files.size(Path.of(file)) > 0) {
                return;
            }
        }
        throw Source.missing(read.location(), "'" + read.location() + "' is empty, so its columns are not known");
    }
}
