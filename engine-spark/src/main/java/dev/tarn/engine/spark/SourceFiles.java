package dev.tarn.engine.spark;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Read;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.fs.DirectorySwap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private SourceFiles() {}

    /** At least one file; none at all is a failure. */
    static List<Path> find(Read read) {
        Location location = read.location();
        try {
            // A name that could be a pattern, and is a file: what is there counts.
            boolean pattern = location.isGlob() && !Files.exists(Path.of(location.path()));
            List<Path> found = pattern ? matching(location) : below(read, Path.of(location.path()));
            if (found.isEmpty()) {
                throw missing(
                        location, "'" + location + "' has no " + read.format().id() + " file");
            }
            refuseEmpty(read, found);
            return found;
        } catch (IOException | UncheckedIOException e) {
            throw missing(location, "'" + location + "' cannot be read: " + e.getMessage());
        }
    }

    private static List<Path> below(Read read, Path path) throws IOException {
        if (!Files.exists(path)) {
            // What is missing may be a swap of folders that was cut between its two steps.
            DirectorySwap.recoverDirectory(path);
        }
        if (!Files.exists(path)) {
            throw missing(read.location(), "'" + read.location() + "' does not exist");
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        Pattern ending = ENDINGS.getOrDefault(read.format(), Pattern.compile(".*"));
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file ->
                            ending.matcher(file.getFileName().toString()).matches())
                    .filter(file -> isVisible(path.relativize(file)))
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

    /** Java's patterns know braces, which are no wildcards of ours, and want a backslash before them. */
    private static List<Path> matching(Location location) throws IOException {
        Path start = Path.of("/");
        for (Path name : Path.of(location.path())) {
            if (name.toString().matches(".*[*?\\[].*")) {
                break;
            }
            start = start.resolve(name);
        }
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        // '**' also matches no folder at all.
        String anywhere = location.path().replaceAll("([{}\\\\])", "\\\\$1");
        List<PathMatcher> patterns = Stream.of(anywhere, anywhere.replace("/**/", "/"))
                .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                .toList();
        try (Stream<Path> walk = Files.walk(start)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file -> patterns.stream().anyMatch(pattern -> pattern.matches(file)))
                    .filter(file -> !file.toString().contains("/."))
                    .sorted()
                    .toList();
        }
    }

    /** A text file without a byte has no header, so that its columns would be made up. */
    private static void refuseEmpty(Read read, List<Path> found) throws IOException {
        for (Path file : found) {
            if (read.format() == Format.PARQUET || Files.size(file) > 0) {
                return;
            }
        }
        throw missing(read.location(), "'" + read.location() + "' is empty, so its columns are not known");
    }

    static FailureException missing(Location location, String message) {
        return new FailureException(new Failure(
                ProblemCode.READ_FAILED,
                message,
                Optional.of("looked for " + location.path()),
                Optional.of(location.span()),
                false,
                null));
    }
}
