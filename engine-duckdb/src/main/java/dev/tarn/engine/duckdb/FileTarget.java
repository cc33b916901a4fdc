package dev.tarn.engine.duckdb;

import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Profile;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.fs.DirectorySwap;
import dev.tarn.fs.LocalFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A staged write to a CSV, JSON or Parquet file, or to a folder of them when it is partitioned. The rows are stored
 * under a hidden name beside the target and moved into place, so a crash leaves the old or the new.
 */
final class FileTarget implements StagedWrite {

    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Database database;
    private final DuckDbDataset data;
    private final Write target;
    private final Path path;
    private final Path staged;
    private final long rows;

    private FileTarget(Database database, DuckDbDataset data, Write target, Path path, Path staged, long rows) {
        this.database = database;
        this.data = data;
        this.target = target;
        this.path = path;
        this.staged = staged;
        this.rows = rows;
    }

    static FileTarget stage(Database database, DuckDbDataset data, Write target) {
        Path path = realPath(target.location());
        Path folder = Objects.requireNonNullElse(path.getParent(), path);
        String prefix = "." + path.getFileName() + ".tarn-staged-";
        Path staged = path.resolveSibling(prefix + UUID.randomUUID());
        try {
            LocalFiles.createDirectories(folder);
            sweep(folder, prefix);
            if (!Files.exists(path)) {
                DirectorySwap.recoverDirectory(path);
            }
            refuseWhatIsThere(target, path);
            long rows = new FileWriting(database, data, target, path, staged).write();
            return new FileTarget(database, data, target, path, staged, rows);
        } catch (IOException e) {
            delete(staged);
            throw failed(target.location(), e);
        } catch (RuntimeException e) {
            delete(staged);
            throw e;
        }
    }

    /** What a killed run left; a younger one may still be written by another run. */
    private static void sweep(Path folder, String prefix) throws IOException {
        Instant old = Clock.systemUTC().instant().minus(ABANDONED);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(
                folder, file -> file.getFileName().toString().startsWith(prefix))) {
            for (Path leftover : leftovers) {
                if (Files.getLastModifiedTime(leftover).toInstant().isBefore(old)) {
                    LocalFiles.deleteTree(leftover);
                }
            }
        }
    }

    /** What a link points to is replaced, not the link. */
    private static Path realPath(Location location) {
        Path path = Path.of(location.path());
        try {
            return Files.exists(path) ? path.toRealPath() : path;
        } catch (IOException e) {
            throw failed(location, e);
        }
    }

    /** A folder is replaced as a whole, so it must hold nothing but what a partitioned write makes. */
    private static void refuseForeignFiles(Write target, Path path) throws IOException {
        Pattern ours = Pattern.compile(
                "([^/]+=[^/]*/)+part-[0-9a-f-]{36}\\." + target.format().id());
        try (Stream<Path> walk = Files.walk(path)) {
            Optional<Path> foreign = walk.filter(file -> !Files.isDirectory(file))
                    .map(path::relativize)
                    .filter(file ->
                            !ours.matcher(file.toString().replace('\\', '/')).matches())
                    .findFirst();
            if (foreign.isPresent()) {
                throw new FailureException(new Failure(
                        ProblemCode.WRITE_FAILED,
                        "folder '" + target.location() + "' holds '" + foreign.get() + "', which no partitioned "
                                + target.format().id() + " write made",
                        Optional.of("the folder would be replaced as a whole; write to one of its own"),
                        Optional.of(target.location().span()),
                        false,
                        null));
            }
        }
    }

    private static void refuseWhatIsThere(Write target, Path path) throws IOException {
        if (target.mode() == WriteMode.ERROR_IF_EXISTS && Files.exists(path)) {
            throw exists(target.location());
        }
        boolean folder = !target.partitionBy().isEmpty();
        if (folder && Files.isDirectory(path)) {
            refuseForeignFiles(target, path);
        }
        if (Files.exists(path) && Files.isDirectory(path) != folder) {
            throw new FailureException(Failure.lasting(
                    ProblemCode.WRITE_FAILED,
                    "'" + target.location() + "' is a " + (folder ? "file" : "folder") + ", but this write makes a "
                            + (folder ? "folder" : "file"),
                    Optional.of(target.location().span())));
        }
    }

    private static FailureException exists(Location location) {
        return new FailureException(Failure.lasting(
                ProblemCode.TARGET_EXISTS, "'" + location + "' already exists", Optional.of(location.span())));
    }

    static FailureException failed(Location location, IOException e) {
        return new FailureException(new Failure(
                ProblemCode.WRITE_FAILED,
                "'" + location + "' cannot be written: " + reason(e),
                Optional.of("what was there before is unchanged"),
                Optional.of(location.span()),
                false,
                e));
    }

    private static String reason(IOException e) {
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        boolean inTheWay = e instanceof java.nio.file.FileAlreadyExistsException
                || e instanceof java.nio.file.NotDirectoryException;
        return inTheWay ? "'" + e.getMessage() + "' is not a folder" : String.valueOf(e.getMessage());
    }

    @Override
    public long rows() {
        return rows;
    }

    /** The rows before they were stored: a CSV file has lost their types. */
    @Override
    public Dataset written() {
        return data;
    }

    @Override
    public boolean standsAlone() {
        return false;
    }

    @Override
    public OptionalLong commit() {
        try {
            if (Files.isDirectory(staged)) {
                DirectorySwap.replaceDirectory(staged, path);
            } else if (target.mode() == WriteMode.ERROR_IF_EXISTS) {
                LocalFiles.publishNew(staged, path);
            } else {
                LocalFiles.replace(staged, path);
            }
            return OptionalLong.empty();
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw exists(target.location());
        } catch (IOException e) {
            throw failed(target.location(), e);
        }
    }

    /** A text file was read to its end if its columns are known; its rows are those of the dataset. */
    @Override
    public Profile profile(int rows) {
        try {
            if (data.kind() == DuckDbDataset.Kind.CONSTANT) {
                return new Profile(
                        database.sample("SELECT * FROM (" + data.query().text() + ") LIMIT " + rows), Map.of());
            }
            String files = target.partitionBy().isEmpty() ? path.toString() : path + "/**";
            return new Profile(
                    database.sample("SELECT * FROM read_" + target.format().id() + "("
                            + (target.partitionBy().isEmpty() ? Literal.files(List.of(files)) : Literal.text(files))
                            + ") LIMIT " + rows),
                    Map.of());
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    @Override
    public void discard() {
        delete(staged);
    }

    private static void delete(Path staged) {
        try {
            LocalFiles.deleteTree(staged);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
