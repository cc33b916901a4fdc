package dev.tarn.engine.spark;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.fs.LocalFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Writes the staged file or folder of a {@link FileTarget}, together with what an append keeps. */
final class FileWriting {

    private final Dataset<Row> rows;
    private final Write target;
    private final Path path;
    private final Path staged;

    FileWriting(Dataset<Row> rows, Write target, Path path, Path staged) {
        this.rows = rows;
        this.target = target;
        this.path = path;
        this.staged = staged;
    }

    void write() throws IOException {
        // An empty file has no rows and no columns: there is nothing to keep.
        boolean keeps = target.mode() == WriteMode.APPEND && Files.exists(path) && Files.size(path) > 0;
        if (!target.partitionBy().isEmpty()) {
            writeFolder(keeps);
        } else if (!keeps) {
            writeFile(rows, staged, true);
        } else if (target.format() == Format.PARQUET) {
            Dataset<Row> old = old();
            writeFile(old.unionByName(sameColumns(List.of(old.columns()))), staged, true);
        } else {
            appendText();
        }
    }

    private Dataset<Row> old() {
        return rows.sparkSession()
                .read()
                .option("__globPaths__", "false")
                .option("mergeSchema", "true")
                .parquet(Source.url(path));
    }

    private void writeFolder(boolean keeps) throws IOException {
        writer(rows, true)
                .partitionBy(target.partitionBy().toArray(String[]::new))
                .save(Source.url(staged));
        try (Stream<Path> made = Files.walk(staged)) {
            for (Path file : made.filter(Files::isRegularFile).toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith("part-")) {
                    Files.move(
                            file,
                            file.resolveSibling("part-" + UUID.randomUUID() + "."
                                    + target.format().id()));
                } else {
                    Files.delete(file);
                }
            }
        }
        if (keeps) {
            linkOldFiles();
        }
    }

    /** Old files are linked, not copied: they never change. */
    private void linkOldFiles() throws IOException {
        try (Stream<Path> old = Files.walk(path)) {
            for (Path file : old.filter(Files::isRegularFile).toList()) {
                requireSamePartitions(path.relativize(file));
                Path twin = staged.resolve(path.relativize(file).toString());
                Files.createDirectories(twin.getParent());
                Files.createLink(twin, file);
            }
        }
        if (target.format() == Format.PARQUET) {
            sameColumns(List.of(old().columns()));
        }
    }

    private void requireSamePartitions(Path file) {
        List<String> before = new ArrayList<>();
        for (Path name : file) {
            int sign = name.toString().indexOf('=');
            if (sign > 0) {
                before.add(name.toString().substring(0, sign));
            }
        }
        if (!before.equals(target.partitionBy())) {
            throw mismatch("is partitioned by " + before + ", the rows to append by " + target.partitionBy());
        }
    }

    /** Spark makes a folder of one file; the file is what was asked for. */
    private void writeFile(Dataset<Row> all, Path file, boolean header) throws IOException {
        Path folder = file.resolveSibling(file.getFileName() + "-folder");
        try {
            writer(all.coalesce(1), header).save(Source.url(folder));
            try (Stream<Path> made = Files.list(folder)) {
                Optional<Path> part = made.filter(
                                each -> String.valueOf(each.getFileName()).startsWith("part-"))
                        .findFirst();
                if (part.isPresent()) {
                    Files.move(part.get(), file);
                } else {
                    Files.createFile(file);
                }
            }
        } finally {
            LocalFiles.deleteTree(folder);
        }
    }

    private DataFrameWriter<Row> writer(Dataset<Row> all, boolean header) {
        Map<String, String> options = new LinkedHashMap<>();
        if (target.format() == Format.CSV) {
            options.put("header", "true");
            options.put("escape", "\"");
        }
        if (target.format() == Format.JSON) {
            options.put("ignoreNullFields", "false");
        }
        options.putAll(FileOptions.of(target.options(), target.format(), false));
        if (!header) {
            options.put("header", "false");
        }
        return texts(all, options).write().format(target.format().id()).options(options);
    }

    /** Times without a zone as SQL writes them, in files of text. */
    private Dataset<Row> texts(Dataset<Row> all, Map<String, String> options) {
        if (target.format() == Format.PARQUET || options.containsKey("timestampNTZFormat")) {
            return all;
        }
        List<Column> columns = new ArrayList<>();
        for (StructField field : all.schema().fields()) {
            Column column = functions.col(Literal.name(field.name()));
            boolean partition = target.partitionBy().contains(field.name());
            columns.add(
                    field.dataType().equals(DataTypes.TimestampNTZType) && !partition
                            ? column.cast(DataTypes.StringType).as(field.name())
                            : column);
        }
        return all.select(columns.toArray(Column[]::new));
    }

    /** Text files grow by their bytes, so that what stands there is not read and written anew: 007 stays 007. */
    private void appendText() throws IOException {
        String first = firstLine();
        Dataset<Row> fitting = rows;
        if (target.format() == Format.JSON && first.strip().startsWith("[")) {
            throw mismatch("is a JSON array, and rows can only be appended to JSON lines");
        }
        if (target.format() == Format.CSV && hasHeader()) {
            fitting = sameColumns(header(first));
        }
        Path added = staged.resolveSibling(staged.getFileName() + "-added");
        try {
            writeFile(fitting, added, false);
            Files.copy(path, staged);
            try (OutputStream out = Files.newOutputStream(staged, StandardOpenOption.APPEND);
                    InputStream in = Files.newInputStream(added)) {
                if (!endsWithLineBreak()) {
                    out.write('\n');
                }
                in.transferTo(out);
            }
        } finally {
            Files.deleteIfExists(added);
        }
    }

    private String firstLine() throws IOException {
        try (Stream<String> lines = Files.lines(path, StandardCharsets.UTF_8)) {
            return lines.findFirst().orElse("");
        }
    }

    private boolean hasHeader() {
        return target.options().stream()
                .noneMatch(o -> o.name().equalsIgnoreCase("header") && Boolean.FALSE.equals(o.value()));
    }

    private List<String> header(String line) {
        Map<String, String> options = FileOptions.of(target.options(), target.format(), false);
        String delimiter = options.getOrDefault("sep", options.getOrDefault("delimiter", ","));
        return Arrays.stream(line.split(java.util.regex.Pattern.quote(delimiter), -1))
                .map(name -> name.replaceFirst("^\"(.*)\"$", "$1").replace("\"\"", "\""))
                .toList();
    }

    private boolean endsWithLineBreak() throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            java.nio.ByteBuffer last = java.nio.ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) == '\n';
        }
    }

    /** The rows with the columns in the order of those that are there. */
    private Dataset<Row> sameColumns(List<String> old) {
        List<String> before =
                old.stream().map(name -> name.toLowerCase(Locale.ROOT)).sorted().toList();
        List<String> now = Arrays.stream(rows.columns())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
        if (!before.equals(now)) {
            throw mismatch("has the columns " + String.join(", ", old) + ", the rows to append have "
                    + String.join(", ", rows.columns()));
        }
        return rows.select(
                old.stream().map(name -> functions.col(Literal.name(name))).toArray(Column[]::new));
    }

    private FailureException mismatch(String message) {
        return new FailureException(new Failure(
                ProblemCode.SCHEMA_MISMATCH,
                "'" + target.location() + "' " + message,
                Optional.of("what was there before is unchanged"),
                Optional.of(target.location().span()),
                false,
                null));
    }
}
