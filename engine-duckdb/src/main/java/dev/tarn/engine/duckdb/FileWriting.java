package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.SqlText;
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
import java.util.Locale;
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
        // An empty file has no rows and no columns: there is nothing to keep.
        boolean keeps = target.mode() == WriteMode.APPEND && Files.exists(path) && Files.size(path) > 0;
        if (!target.partitionBy().isEmpty()) {
            return writeFolder(keeps);
        }
        return keeps ? append() : copy("", data.query(), "", staged, "");
    }

    private long writeFolder(boolean keeps) throws IOException {
        Files.createDirectories(staged);
        List<String> old = keeps ? oldFiles() : List.of();
        if (!old.isEmpty()) {
            requireSamePartitions(old.get(0));
            requireSameColumns(oldColumnsOf(old));
            linkOldFiles();
        }
        return copy(
                "",
                data.query(),
                "",
                staged,
                ", PARTITION_BY (" + Literal.names(target.partitionBy()) + "), APPEND, FILENAME_PATTERN 'part-{uuid}'");
    }

    private List<String> oldFiles() throws IOException {
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    private void requireSamePartitions(String file) {
        List<String> before = new ArrayList<>();
        for (Path name : path.relativize(Path.of(file))) {
            int sign = name.toString().indexOf('=');
            if (sign > 0) {
                before.add(name.toString().substring(0, sign));
            }
        }
        if (!before.equals(target.partitionBy())) {
            throw mismatch("is partitioned by " + before + ", the rows to append by " + target.partitionBy());
        }
    }

    private List<Database.Column> oldColumnsOf(List<String> files) {
        return describe(SqlText.ours("SELECT * FROM read_" + target.format().id() + "(" + Literal.files(files)
                + ", union_by_name = true, hive_partitioning = true, hive_types_autocast = false"
                + (target.format() == Format.CSV ? textOptions() : "") + ")"));
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
        if (target.format() == Format.JSON && firstByte() == '[') {
            throw mismatch("is a JSON array, and rows can only be appended to JSON lines");
        }
        List<Database.Column> columns = oldColumns();
        if (target.format() == Format.CSV && !hasHeader()) {
            requireSameCount(columns);
            return appendText("SELECT * FROM (");
        }
        requireSameColumns(columns);
        String inOldOrder = "SELECT "
                + Literal.names(columns.stream().map(Database.Column::name).toList())
                + " FROM (";
        if (target.format() != Format.PARQUET) {
            return appendText(inOldOrder);
        }
        String old = "SELECT * FROM read_parquet(" + Literal.files(List.of(path.toString())) + ")";
        long before = count(old);
        return copy(old + " UNION ALL BY NAME " + inOldOrder, data.query(), ")", staged, "") - before;
    }

    private int firstByte() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            int read = in.read();
            while (read > 0 && Character.isWhitespace(read)) {
                read = in.read();
            }
            return read;
        }
    }

    private boolean hasHeader() {
        return target.options().stream()
                .noneMatch(o -> o.name().equalsIgnoreCase("header") && Boolean.FALSE.equals(o.value()));
    }

    private void requireSameCount(List<Database.Column> old) {
        int now = describe(data.query()).size();
        if (old.size() != now) {
            throw mismatch("has " + old.size() + " columns, the rows to append have " + now);
        }
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
        String parameters = target.format() == Format.CSV ? textOptions() : "";
        return describe(SqlText.ours("SELECT * FROM read_" + target.format().id() + "("
                + Literal.files(List.of(path.toString())) + parameters + ")"));
    }

    /** The way in which this target writes CSV: a file that is written in another must not look as if it fitted. */
    private String textOptions() {
        return ", all_varchar = true, header = " + hasHeader() + ", delim = " + option(",", "delim", "delimiter", "sep")
                + ", quote = " + option("\"", "quote") + ", escape = " + option("\"", "escape");
    }

    private String option(String standard, String... names) {
        return target.options().stream()
                .filter(o -> List.of(names).contains(o.name().toLowerCase(Locale.ROOT)))
                .map(o -> Literal.value(o.value()))
                .findFirst()
                .orElse(Literal.text(standard));
    }

    private void requireSameColumns(List<Database.Column> old) {
        List<String> before = sorted(old);
        List<String> now = sorted(describe(data.query()));
        if (!before.equals(now)) {
            throw mismatch("has the columns " + before + ", the rows to append have " + now);
        }
    }

    private FailureException mismatch(String what) {
        return new FailureException(new Failure(
                ProblemCode.SCHEMA_MISMATCH,
                "'" + target.location() + "' " + what,
                Optional.of("select the same columns, or use format: delta with merge_schema: true"),
                Optional.of(target.location().span()),
                false,
                null));
    }

    /** Names in lower case; with types only for Parquet, which is the only one to store them. */
    private List<String> sorted(List<Database.Column> columns) {
        List<String> names = new ArrayList<>();
        columns.forEach(c -> names.add(c.name().toLowerCase(Locale.ROOT)
                + (target.format() == Format.PARQUET && target.partitionBy().isEmpty() ? " " + c.type() : "")));
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
                .filter(o -> !(more.contains("HEADER") && o.name().equalsIgnoreCase("header")))
                .map(o -> ", " + o.name() + " " + Literal.value(o.value()))
                .collect(Collectors.joining());
        String start = "COPY (" + before;
        String statement = start + query.text() + after + ") TO " + Literal.text(file.toString()) + " (FORMAT "
                + target.format().id() + options + more + ")";
        try {
            return database.execute(statement);
        } catch (SQLException e) {
            throw Failures.ofWrite(
                    Failures.of(e, query, start.length(), statement), target.location(), staged.toString());
        }
    }
}
