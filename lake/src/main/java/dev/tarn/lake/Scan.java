package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the SELECT that reads a set of data files as rows of a table.
 *
 * <p>Our own files of the table's present schema are read as they are, so that DuckDB plans with their statistics. Others
 * are read by a schema that we give: a column that a file lacks is NULL in the right type, and nothing depends on which
 * file comes first; but DuckDB then knows nothing of the rows and, in a trial, built a join's hash table over 3 million
 * rows instead of 3 thousand, 30 times slower. Partition columns are looked up by file name; DuckDB evaluates a filter on that
 * before it opens a file, so hundreds of partitions stay cheap.
 */
final class Scan {
    /** Our own files, which never have timestamps in the old 96-bit format. */
    private static final Pattern OWN_FILE =
            Pattern.compile(DataFiles.PREFIX + "[0-9a-f]{32}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.parquet");

    /** A virtual column of DuckDB's reader. */
    private static final String ROW_NUMBER = "file_row_number";

    private final Path table;
    private final Metadata metadata;

    Scan(Path table, Metadata metadata) {
        this.table = table;
        this.metadata = metadata;
    }

    String sql(List<AddFile> files) {
        return sql(files, Optional.empty());
    }

    /** The same with where each row is: the number of its file and its place in that file, both from 0. */
    String sql(List<AddFile> files, RowPosition position) {
        return sql(files, Optional.of(position));
    }

    private String sql(List<AddFile> files, Optional<RowPosition> position) {
        if (files.isEmpty()) {
            return noRows(position);
        }
        Map<String, AddFile> byPath = locate(files);
        Set<String> old = filesWithOldTimestamps(byPath.keySet());
        String present = metadata.fileSchema();
        Map<Group, Map<String, AddFile>> groups = new LinkedHashMap<>();
        byPath.forEach((path, file) -> {
            boolean numbered = position.isPresent() || file.hasDeletionVector();
            Reading reading = file.hasSchema(present) && !(numbered && hidesPosition())
                    ? Reading.AS_IS
                    : old.contains(path) ? Reading.OLD_TIMESTAMPS : Reading.BY_SCHEMA;
            groups.computeIfAbsent(new Group(reading, file.hasDeletionVector()), group -> new LinkedHashMap<>())
                    .put(path, file);
        });
        return groups.entrySet().stream()
                .map(group -> select(group.getValue(), group.getKey(), position))
                .collect(Collectors.joining(" UNION ALL "));
    }

    /** Files that one SELECT reads. */
    private record Group(Reading reading, boolean hasDeletedRows) {}

    /** How a file must be read. */
    private enum Reading {
        AS_IS,
        BY_SCHEMA,
        OLD_TIMESTAMPS
    }

    /** What a row has beside its columns: the names under which its position is asked for, and the files by number. */
    record RowPosition(String fileColumn, String rowColumn, List<String> paths) {
        private String sql(String filename) {
            // A file_index counts only the files that a filter leaves, so the name of the file must tell. It is one
            // value for
            // many rows, which makes the conversion free.
            return ", enum_code(CAST(" + filename + " AS ENUM("
                    + paths.stream().map(SqlText::literal).collect(Collectors.joining(", ")) + "))) AS "
                    + SqlText.name(fileColumn) + ", file_row_number AS " + SqlText.name(rowColumn);
        }
    }

    private String noRows(Optional<RowPosition> position) {
        String positions = position.map(names -> ", CAST(NULL AS UINTEGER) AS " + SqlText.name(names.fileColumn)
                        + ", CAST(NULL AS BIGINT) AS " + SqlText.name(names.rowColumn))
                .orElse("");
        return metadata.schema().fields().stream()
                .map(field -> "CAST(NULL AS " + field.type().duckSql() + ") AS " + SqlText.name(field.name()))
                .collect(Collectors.joining(", ", "SELECT ", positions + " WHERE false"));
    }

    /** Whether a column has the name by which DuckDB tells the number of a row in its file. */
    private boolean hidesPosition() {
        return metadata.schema().field(ROW_NUMBER).isPresent();
    }

    /** The name of a column where a file is read, which is its own but for the one that hides what DuckDB tells. */
    private String readName(DeltaField field) {
        if (!field.name().equalsIgnoreCase(ROW_NUMBER)) {
            return field.name();
        }
        String name = "_tarn_row_number";
        while (metadata.schema().field(name).isPresent()) {
            name = "_" + name;
        }
        return name;
    }

    private Map<String, AddFile> locate(List<AddFile> files) {
        Map<String, AddFile> byPath = new LinkedHashMap<>();
        for (AddFile file : files) {
            Path path = file.locate(table);
            if (!Files.isRegularFile(path)) {
                throw LakeException.corrupt(
                        "The data file '" + path + "' of table '" + table + "' is missing, though the log has it.");
            }
            byPath.put(path.toString(), file);
        }
        return byPath;
    }

    private String select(Map<String, AddFile> files, Group group, Optional<RowPosition> position) {
        Reading reading = group.reading();
        boolean oldTimestamps = reading == Reading.OLD_TIMESTAMPS;
        String fileColumn = fileNameColumn();
        String columns = metadata.schema().fields().stream()
                .map(field -> column(field, files, fileColumn, reading) + " AS " + SqlText.name(field.name()))
                .collect(Collectors.joining(", "));
        boolean named = group.hasDeletedRows()
                || position.isPresent()
                || !metadata.partitionColumns().isEmpty();
        String filename = named ? ", filename = " + SqlText.literal(fileColumn) : "";
        String positions =
                position.map(names -> names.sql(SqlText.name(fileColumn))).orElse("");
        String where = group.hasDeletedRows()
                ? " WHERE " + new DeletedRows(table, files).condition(SqlText.name(fileColumn), ROW_NUMBER)
                : "";
        String schema = reading == Reading.AS_IS ? "" : foreign() + ", schema = " + schema(oldTimestamps);
        return "SELECT " + columns + positions + " FROM read_parquet(" + SqlText.files(files.keySet())
                + ", hive_partitioning = false" + filename + schema + ")" + where;
    }

    /** Hive and Impala write text without saying that it is text; DuckDB would show such bytes in hexadecimal. */
    private String foreign() {
        return contains(Primitive.BINARY) ? "" : ", binary_as_string = true";
    }

    private boolean contains(Primitive wanted) {
        return metadata.fileColumns().stream().anyMatch(field -> contains(field.type(), wanted));
    }

    private static boolean contains(DeltaType type, Primitive wanted) {
        if (type instanceof DeltaType.Struct struct) {
            return struct.fields().stream().anyMatch(field -> contains(field.type(), wanted));
        }
        if (type instanceof DeltaType.Array array) {
            return contains(array.element(), wanted);
        }
        if (type instanceof DeltaType.MapOf map) {
            return contains(map.key(), wanted) || contains(map.value(), wanted);
        }
        return type == wanted;
    }

    private String schema(boolean oldTimestamps) {
        return metadata.fileColumns().stream()
                .map(field ->
                        SqlText.literal(field.name()) + ": {name: " + SqlText.literal(readName(field)) + ", type: "
                                + SqlText.literal((oldTimestamps ? asStored(field.type()) : field.type()).duckSql())
                                + ", default_value: NULL}")
                .collect(Collectors.joining(", ", "MAP {", "}"));
    }

    private String column(DeltaField field, Map<String, AddFile> files, String fileColumn, Reading reading) {
        if (metadata.isPartitionColumn(field.name())) {
            return partitionValue(field, files, fileColumn);
        }
        String name = SqlText.name(reading == Reading.AS_IS ? field.name() : readName(field));
        return reading == Reading.OLD_TIMESTAMPS ? fromStored(field.type(), name, 0) : name;
    }

    private String partitionValue(DeltaField field, Map<String, AddFile> files, String fileColumn) {
        String column = metadata.partitionColumns().stream()
                .filter(field.name()::equalsIgnoreCase)
                .findFirst()
                .orElseThrow();
        String values = files.entrySet().stream()
                .map(entry -> SqlText.literal(entry.getKey()) + ": "
                        + nullOrLiteral(PartitionText.toDuck(
                                field.type(), entry.getValue().partitionValue(column))))
                .collect(Collectors.joining(", "));
        return "CAST(CAST(MAP {" + values + "} AS MAP(VARCHAR, VARCHAR))[" + SqlText.name(fileColumn) + "] AS "
                + field.type().duckSql() + ")";
    }

    private static String nullOrLiteral(@Nullable String value) {
        return value == null ? "NULL" : SqlText.literal(value);
    }

    private String fileNameColumn() {
        String name = "_tarn_file";
        while (metadata.schema().field(name).isPresent()) {
            name = "_" + name;
        }
        return name;
    }

    /**
     * Looks into the footers of files that others wrote, where the types of the table leave a doubt.
     *
     * @return files with timestamps as INT96, as Spark writes them by default; DuckDB reads these as TIMESTAMP without a zone
     */
    private Set<String> filesWithOldTimestamps(Set<String> paths) {
        boolean timestamps = metadata.fileColumns().stream().anyMatch(field -> hasTimestamp(field.type()));
        List<String> foreign = paths.stream()
                .filter(path -> !OWN_FILE.matcher(String.valueOf(Path.of(path).getFileName()))
                        .matches())
                .toList();
        if (foreign.isEmpty()) {
            return Set.of();
        }
        String files = SqlText.files(foreign);
        if (timestamps || contains(Primitive.TIMESTAMP_NTZ) || contains(Primitive.DATE)) {
            String old = "SELECT file_name FROM parquet_kv_metadata(" + files + ") WHERE key IN"
                    + " ('org.apache.spark.legacyDateTime'::BLOB, 'org.apache.spark.legacyINT96'::BLOB)";
            refuse(
                    footers(old).stream().findFirst(),
                    "has dates in the calendar of Spark 2, which are other days before 1582");
        }
        if (contains(Primitive.BINARY) && contains(Primitive.STRING)) {
            refuse(unmarkedText(foreign), "has text that is not marked as text, beside columns of bytes");
        }
        return timestamps
                ? footers("SELECT DISTINCT file_name FROM parquet_schema(" + files + ") WHERE type = 'INT96'")
                : Set.of();
    }

    private void refuse(Optional<String> found, String what) {
        found.ifPresent(file -> {
            throw new LakeException(
                    LakeException.Kind.UNSUPPORTED_FEATURE,
                    "Table '" + table + "' cannot be read, because its data file '" + file + "' " + what + ".",
                    "Rewrite the table with Spark.");
        });
    }

    private Set<String> footers(String query) {
        Set<String> found = new HashSet<>();
        try (Connection duckdb = OwnDuckDb.open();
                Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        } catch (SQLException failure) {
            throw damaged(failure);
        }
        return found;
    }

    private Optional<String> unmarkedText(List<String> files) {
        try (Connection duckdb = OwnDuckDb.open()) {
            return UnmarkedText.find(duckdb, files, metadata.fileColumns());
        } catch (SQLException failure) {
            throw damaged(failure);
        }
    }

    private LakeException damaged(SQLException failure) {
        return LakeException.corrupt("A data file of table '" + table + "' cannot be read: "
                + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
    }

    private static boolean hasTimestamp(DeltaType type) {
        return !asStored(type).equals(type);
    }

    private static DeltaType asStored(DeltaType type) {
        if (type instanceof DeltaType.Struct struct) {
            return new DeltaType.Struct(struct.fields().stream()
                    .map(field -> field.withType(asStored(field.type())))
                    .toList());
        }
        if (type instanceof DeltaType.Array array) {
            return new DeltaType.Array(asStored(array.element()), array.containsNull());
        }
        if (type instanceof DeltaType.MapOf map) {
            return new DeltaType.MapOf(asStored(map.key()), asStored(map.value()), map.valueContainsNull());
        }
        return type == Primitive.TIMESTAMP ? Primitive.TIMESTAMP_NTZ : type;
    }

    /** The value with each timestamp put into UTC, which is what INT96 means; a plain cast would take the session's zone. */
    private static String fromStored(DeltaType type, String value, int depth) {
        if (!hasTimestamp(type)) {
            return value;
        }
        if (type instanceof DeltaType.Struct struct) {
            String fields = struct.fields().stream()
                    .map(field -> SqlText.name(field.name()) + " := "
                            + fromStored(
                                    field.type(),
                                    "struct_extract(" + value + ", " + SqlText.literal(field.name()) + ")",
                                    depth))
                    .collect(Collectors.joining(", "));
            return "CASE WHEN " + value + " IS NULL THEN NULL ELSE struct_pack(" + fields + ") END";
        }
        String item = "x" + depth;
        if (type instanceof DeltaType.Array array) {
            return "list_transform(" + value + ", lambda " + item + ": " + fromStored(array.element(), item, depth + 1)
                    + ")";
        }
        if (type instanceof DeltaType.MapOf map) {
            return "map_from_entries(list_transform(map_entries(" + value + "), lambda " + item + ": struct_pack(k := "
                    + fromStored(map.key(), item + ".key", depth + 1) + ", v := "
                    + fromStored(map.value(), item + ".value", depth + 1) + ")))";
        }
        return "timezone('UTC', " + value + ")";
    }
}
