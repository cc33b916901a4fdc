package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the staged file or folder of a {@link FileTarget}, together with what an append keeps. */
final class FileWriting {

    private final Database database;
    private final DuckDbDataset data;
    private final Write target;
    private final Path path;
    private final Path staged;

    FileWriting(Database database, DuckDbDataset data, Write target, Path path, Path staged) {
        this.database = database;
        this.data = data;
        this.target = target;
        this.path = path;
        this.staged = staged;
    }

    /** Writes and gives the number of new rows. */
    long write() throws IOException {
        boolean keeps = target.mode() == WriteMode.APPEND && Files.exists(path);
        if (!target.partitionBy().isEmpty()) {
            return writeFolder(keeps);
        }
        return keeps ? append() : copy("", data.query(), "", staged, "");
    }

    private long writeFolder(boolean keeps) throws IOException {
        Files.createDirectories(staged);
        if (keeps) {
            linkOldFiles();
        }
        return copy(
                "",
                data.query(),
                "",
                staged,
                ", PARTITION_BY (" + Literal.names(target.partitionBy()) + "), APPEND, FILENAME_PATTERN 'part-{uuid}'");
    }

    /** Old files are linked, not copied: they never change. */
    private void linkOldFiles() throws IOException {
        try (Stream<Path> old = Files.walk(path)) {
            for (Path file : old.toList()) {
                Path twin = staged.resolve(path.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(twin);
                } else {
                    Files.createLink(twin, file);
                }
            }
        }
    }

    private long append() throws IOException {
        List<Database.Column> columns = oldColumns();
        requireSameColumns(columns);
        String inOldOrder = "SELECT "
                + Literal.names(columns.stream().map(Database.Column::name).toList())
                + " FROM (";
        if (target.format() != Format.PARQUET) {
            return appendText(inOldOrder);
        }
        String old = "SELECT * FROM read_parquet(" + Literal.text(path.toString()) + ")";
        long before = count(old);
        return copy(old + " UNION ALL BY NAME " + inOldOrder, data.query(), ")", staged, "") - before;
    }

    /** Text files grow by their bytes, so that what stands there is not read and written anew: 007 stays 007. */
    private long appendText(String inOldOrder) throws IOException {
        Path added = staged.resolveSibling(staged.getFileName() + "-added");
        try {
            String header = target.format() == Format.CSV ? ", HEADER false" : "";
            long rows = copy(inOldOrder, data.query(), ")", added, header);
            Files.copy(path, staged);
            try (OutputStream out = Files.newOutputStream(staged, StandardOpenOption.APPEND);
                    InputStream in = Files.newInputStream(added)) {
                if (!endsWithLineBreak(path)) {
                    out.write('\n');
                }
                in.transferTo(out);
            }
            return rows;
        } finally {
            Files.deleteIfExists(added);
        }
    }

    private static boolean endsWithLineBreak(Path file) throws IOException {
        try (var channel = Files.newByteChannel(file)) {
            if (channel.size() == 0) {
                return true;
            }
            var last = java.nio.ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) == '\n';
        }
    }

    private List<Database.Column> oldColumns() {
        String parameters = target.format() == Format.CSV ? ", all_varchar = true, header = true" + delimiter() : "";
        return describe(SqlText.ours(
                "SELECT * FROM read_" + target.format().id() + "(" + Literal.text(path.toString()) + parameters + ")"));
    }

    private String delimiter() {
        return target.options().stream()
                .filter(o -> List.of("delim", "delimiter", "sep").contains(o.name()))
                .map(o -> ", delim = " + Literal.value(o.value()))
                .collect(Collectors.joining());
    }

    private void requireSameColumns(List<Database.Column> old) {
        List<String> before = sorted(old);
        List<String> now = sorted(describe(data.query()));
        if (!before.equals(now)) {
            throw new FailureException(new Failure(
                    ProblemCode.SCHEMA_MISMATCH,
                    "'" + target.location() + "' has the columns " + before + ", the rows to append have " + now,
                    Optional.of("select the same columns, or use format: delta with merge_schema: true"),
                    Optional.of(target.location().span()),
                    false,
                    null));
        }
    }

    /** Names in lower case; with types only for Parquet, which is the only one to store them. */
    private List<String> sorted(List<Database.Column> columns) {
        List<String> names = new ArrayList<>();
        columns.forEach(c -> names.add(c.name().toLowerCase(java.util.Locale.ROOT)
                + (target.format() == Format.PARQUET ? " " + c.type() : "")));
        return names.stream().sorted().toList();
    }

    private List<Database.Column> describe(SqlText query) {
        try {
            return database.describe(query.text());
        } catch (SQLException e) {
            throw Failures.of(e, query, "DESCRIBE ".length(), "DESCRIBE " + query.text());
        }
    }

    private long count(String query) {
        try {
            return Long.parseLong(String.valueOf(
                    database.rows("SELECT count(*) FROM (" + query + ")").get(0).get(0)));
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(query));
        }
    }

    private long copy(String before, SqlText query, String after, Path file, String more) {
        String options = target.options().stream()
                .map(o -> ", " + o.name() + " " + Literal.value(o.value()))
                .collect(Collectors.joining());
        String start = "COPY (" + before;
        String statement = start + query.text() + after + ") TO " + Literal.text(file.toString()) + " (FORMAT "
                + target.format().id() + options + more + ")";
        try {
            return database.execute(statement);
        } catch (SQLException e) {
            throw Failures.of(e, query, start.length(), statement);
        }
    }
}
