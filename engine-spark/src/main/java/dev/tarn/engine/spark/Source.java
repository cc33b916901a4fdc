package dev.tarn.engine.spark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Read;
import dev.tarn.core.source.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes the plan that reads a source. */
final class Source {

    private final SparkSession session;
    private final Optional<String> fileColumn;

    /** @param fileColumn a column to add with each row's file */
    Source(SparkSession session, Optional<String> fileColumn) {
        this.session = session;
        this.fileColumn = fileColumn;
    }

    /** The rows before the read's filter. */
    SparkDataset rows(Read read) {
        try {
            return read.format() == Format.DELTA ? delta(read) : SparkDataset.computed(files(read), Map.of());
        } catch (IOException e) {
            throw SourceFiles.missing(
                    read.location(), "'" + read.location() + "' cannot be read: " + Failures.reason(e));
        }
    }

    private SparkDataset delta(Read read) throws IOException {
        Path path = Path.of(read.location().path());
        OptionalLong newest = new CommitLog(path).newest();
        if (newest.isEmpty()) {
            throw SourceFiles.missing(read.location(), "'" + read.location() + "' is not a Delta table");
        }
        long version = read.version().orElse(newest.getAsLong());
        if (version > newest.getAsLong()) {
            throw SourceFiles.missing(
                    read.location(),
                    "'" + read.location() + "' has no version " + version + ", its newest is " + newest.getAsLong());
        }
        Map<Path, Long> versions = read.version().isPresent() ? Map.of() : Map.of(path, version);
        return SparkDataset.computed(version(session, path, version), versions);
    }

    /** A table as it was in one version; a table without would change under a plan that reads it. */
    static Dataset<Row> version(SparkSession session, Path table, long version) {
        return session.read().format("delta").option("versionAsOf", version).load(url(table));
    }

    /** A path with its scheme, for a session whose standard file system is another. */
    static String url(Path path) {
        return "file://" + path;
    }

    private Dataset<Row> files(Read read) throws IOException {
        List<Path> found = SourceFiles.find(read);
        Dataset<Row> rows = switch (read.format()) {
            case CSV -> csv(read, found);
            case JSON -> json(read, found);
            default -> parquet(read, found);
        };
        return rows;
    }

    private Dataset<Row> parquet(Read read, List<Path> found) {
        Map<String, String> options = new LinkedHashMap<>();
        // Files need not have the same columns; without this Spark takes those of one and drops the others'.
        options.put("mergeSchema", String.valueOf(found.size() > 1));
        options.putAll(FileOptions.of(read.options(), read.format(), true));
        return withFile(load(reader(read, options), found));
    }

    private DataFrameReader reader(Read read, Map<String, String> options) {
        // The files are found already: their names are no patterns.
        DataFrameReader reader = session.read()
                .format(read.format().id())
                .option("__globPaths__", "false")
                .options(options);
        Path root = Path.of(read.location().path());
        return Files.isDirectory(root) ? reader.option("basePath", url(root)) : reader;
    }

    private static Dataset<Row> load(DataFrameReader reader, List<Path> files) {
        return reader.load(files.stream().map(Source::url).toArray(String[]::new));
    }

    /** Files with another header must not be read as if it were the first one's. */
    private Dataset<Row> csv(Read read, List<Path> found) throws IOException {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("header", "true");
        options.put("inferSchema", "true");
        options.put("escape", "\"");
        // A value may hold a line break; a line that does not fit fails instead of losing what it has.
        options.put("multiLine", "true");
        options.put("mode", "FAILFAST");
        // Otherwise only the columns that are asked for are looked at, and a line that does not fit passes.
        options.put("columnPruning", "false");
        options.putAll(FileOptions.of(read.options(), read.format(), true));
        boolean header = Boolean.parseBoolean(options.get("header"));
        if (header) {
            options.put("enforceSchema", "false");
        }
        boolean sep = options.containsKey("sep") || options.containsKey("delimiter");
        if (!sep) {
            options.put("sep", delimiter(found.get(0)));
        }
        Map<String, List<Path>> groups = new LinkedHashMap<>();
        for (Path file : found) {
            // A file without a byte has no header, and nothing else.
            if (Files.size(file) > 0) {
                groups.computeIfAbsent(header ? firstLine(file) : "", line -> new ArrayList<>())
                        .add(file);
            }
        }
        Dataset<Row> all = null;
        for (List<Path> group : groups.values()) {
            Dataset<Row> rows = csv(read, options, group);
            all = all == null ? rows : all.unionByName(rows, true);
        }
        if (all == null) {
            throw new IllegalStateException("no file with a header in " + found);
        }
        return all;
    }

    private Dataset<Row> csv(Read read, Map<String, String> options, List<Path> files) {
        StructType guessed = load(reader(read, options), files).schema();
        return withFile(load(reader(read, options).schema(wide(guessed)), files));
    }

    /** Whole numbers are all of 64 bits, whatever the largest of today's file is. */
    private static StructType wide(StructType guessed) {
        StructField[] fields = Arrays.stream(guessed.fields())
                .map(field -> field.dataType().equals(DataTypes.IntegerType)
                        ? new StructField(field.name(), DataTypes.LongType, field.nullable(), field.metadata())
                        : field)
                .toArray(StructField[]::new);
        return new StructType(fields);
    }

    /** The only one of the usual delimiters that the first line has; a comma if there is none or are several. */
    private static String delimiter(Path file) throws IOException {
        String line = firstLine(file);
        Set<String> found = new LinkedHashSet<>();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            if (!quoted && ",;\t|".indexOf(c) >= 0) {
                found.add(String.valueOf(c));
            }
        }
        return found.size() == 1 ? found.iterator().next() : ",";
    }

    private static String firstLine(Path file) throws IOException {
        String start = new String(start(file), StandardCharsets.ISO_8859_1);
        if (start.indexOf('\0') >= 0 && !file.toString().endsWith(".zst")) {
            throw new IOException(file + " is not UTF-8 text: it has zero bytes");
        }
        return start.lines().findFirst().orElse("");
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = open(file)) {
            return in.readNBytes(1 << 18);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    private Dataset<Row> json(Read read, List<Path> found) throws IOException {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("mode", "FAILFAST");
        options.putAll(FileOptions.of(read.options(), read.format(), true));
        Map<Boolean, List<Path>> groups = new LinkedHashMap<>();
        for (Path file : found) {
            String said = options.get("multiLine");
            boolean whole = said == null ? isArray(file) : Boolean.parseBoolean(said);
            if (whole) {
                requireOneValue(read, file);
            }
            groups.computeIfAbsent(whole, kind -> new ArrayList<>()).add(file);
        }
        Dataset<Row> all = null;
        for (Map.Entry<Boolean, List<Path>> group : groups.entrySet()) {
            options.put("multiLine", String.valueOf(group.getKey()));
            Dataset<Row> rows = json(read, options, group.getValue());
            all = all == null ? rows : all.unionByName(rows, true);
        }
        return Objects.requireNonNull(all);
    }

    private Dataset<Row> json(Read read, Map<String, String> options, List<Path> files) {
        StructType guessed = load(reader(read, options), files).schema();
        StructType ordered = inOrder(guessed, firstKeys(files.get(0)));
        return withFile(load(reader(read, options).schema(ordered), files));
    }

    /** Of a file that is read as a whole Spark takes the first value, and leaves out all others without a word. */
    private static void requireOneValue(Read read, Path file) throws IOException {
        try (InputStream in = open(file);
                JsonParser parser = new JsonFactory().createParser(in)) {
            parser.nextToken();
            parser.skipChildren();
            if (parser.nextToken() == null) {
                return;
            }
        }
        throw SourceFiles.missing(
                read.location(),
                "'" + file + "' is not one JSON array: its values stand one after the other; remove 'format' or"
                        + " 'multiLine' from its options");
    }

    private static boolean isArray(Path file) throws IOException {
        return new String(start(file), StandardCharsets.ISO_8859_1).strip().startsWith("[");
    }

    /** Spark sorts keys by name; people want them as the file has them. */
    private static StructType inOrder(StructType guessed, List<String> keys) {
        List<StructField> fields = new ArrayList<>();
        for (String key : keys) {
            Arrays.stream(guessed.fields())
                    .filter(field -> field.name().equals(key) && !fields.contains(field))
                    .forEach(fields::add);
        }
        Arrays.stream(guessed.fields()).filter(field -> !fields.contains(field)).forEach(fields::add);
        return new StructType(fields.toArray(StructField[]::new));
    }

    private static List<String> firstKeys(Path file) {
        List<String> keys = new ArrayList<>();
        try (InputStream in = open(file);
                JsonParser parser = new JsonFactory().createParser(in)) {
            JsonToken token = parser.nextToken();
            token = token == JsonToken.START_ARRAY ? parser.nextToken() : token;
            while (token == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.FIELD_NAME) {
                keys.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
        } catch (IOException notJson) {
            // Spark will say so with more words when it reads the rows.
            return keys;
        }
        return keys;
    }

    private Dataset<Row> withFile(Dataset<Row> rows) {
        return fileColumn
                .map(column -> rows.withColumn(
                        column,
                        functions.expr("url_decode(replace(regexp_replace(_metadata.file_path, '^file:/+', '/'),"
                                + " '+', '%2B'))")))
                .orElse(rows);
    }

    static FailureException unreadable(Read read, Throwable e) {
        return new FailureException(new Failure(
                ProblemCode.READ_FAILED,
                "'" + read.location() + "' cannot be read: " + Failures.reason(e),
                Optional.empty(),
                Optional.of(read.location().span()),
                false,
                e,
                true));
    }
}
