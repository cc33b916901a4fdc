package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final String UNMARKED = "has text that is not marked as text, beside columns of bytes";

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
        Map<String, FileLayout> layouts = layouts(byPath, position.isPresent());
        Map<Group, Map<String, AddFile>> groups = new LinkedHashMap<>();
        byPath.forEach((path, file) -> groups.computeIfAbsent(
                        new Group(Objects.requireNonNull(layouts.get(path)), file.hasDeletionVector()),
                        group -> new LinkedHashMap<>())
                .put(path, file));
        return groups.entrySet().stream()
                .map(group -> select(group.getValue(), group.getKey(), position))
                .collect(Collectors.joining(" UNION ALL "));
    }

    /** Files that one SELECT reads. */
    private record Group(FileLayout layout, boolean hasDeletedRows) {}

    /** What a row has beside its columns: the names under which its position is asked for, and the files by number. */
    record RowPosition(String fileColumn, String rowColumn, List<String> paths) {
        private String sql(String filename) {
            // A file_index counts only the files that a filter leaves, so the name of the file must tell. It is one
            // value for many rows, which makes the conversion free.
            return ", enum_code(CAST(" + filename + " AS ENUM("
                    + paths.stream().map(SqlText::literal).collect(Collectors.joining(", ")) + "))) AS "
                    + SqlText.name(fileColumn) + ", " + FileLayout.ROW_NUMBER + " AS " + SqlText.name(rowColumn);
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

    private Map<String, AddFile> locate(List<AddFile> files) {
        Map<String, AddFile> byPath = new LinkedHashMap<>();
        for (AddFile file : files) {
            Path path = file.locate(table);
            if (!Files.isRegularFile(path)) {
                throw new LakeException(
                        Kind.CORRUPT_TABLE,
                        "The data file '" + path + "' of table '" + table + "' is missing, though the log has it.",
                        "If this is an earlier version, vacuum may have deleted the file: read a later one. Otherwise"
                                + " restore it from a backup.");
            }
            byPath.put(path.toString(), file);
        }
        return byPath;
    }

    private Map<String, FileLayout> layouts(Map<String, AddFile> files, boolean numbered) {
        Map<String, FileLayout> layouts = new HashMap<>();
        FileLayout own = FileLayout.own(metadata);
        String present = metadata.fileSchema();
        boolean hidesNumber = metadata.isTaken(FileLayout.ROW_NUMBER);
        files.forEach((path, file) -> {
            boolean needsNumber = numbered || file.hasDeletionVector();
            if (file.hasSchema(present) && !(needsNumber && hidesNumber)) {
                layouts.put(path, own);
            }
        });
        Set<String> others = new HashSet<>(files.keySet());
        others.removeAll(layouts.keySet());
        // Only the footer tells a variant from a struct of bytes.
        boolean namesTell = metadata.mapping() == ColumnMapping.NONE && !contains(Primitive.VARIANT);
        layouts.putAll(namesTell ? byName(others) : byFooter(others));
        return layouts;
    }

    private Map<String, FileLayout> byName(Set<String> paths) {
        Set<String> foreign = foreign(paths);
        checkCalendar(foreign);
        if (containsBytes() && contains(Primitive.STRING) && !foreign.isEmpty()) {
            refuse(unmarkedText(foreign), UNMARKED);
        }
        Set<String> old = contains(Primitive.TIMESTAMP) && !foreign.isEmpty()
                ? footers("SELECT DISTINCT file_name FROM parquet_schema(" + SqlText.files(foreign)
                        + ") WHERE type = 'INT96'")
                : Set.of();
        FileLayout plain = FileLayout.byName(metadata, false);
        FileLayout withOldTimestamps = FileLayout.byName(metadata, true);
        return paths.stream()
                .collect(Collectors.toMap(path -> path, path -> old.contains(path) ? withOldTimestamps : plain));
    }

    private Map<String, FileLayout> byFooter(Set<String> paths) {
        if (paths.isEmpty()) {
            return Map.of();
        }
        checkCalendar(foreign(paths));
        Map<String, FileLayout> layouts = new HashMap<>();
        try (Connection duckdb = OwnDuckDb.forQuestion()) {
            ParquetNode.read(duckdb, paths).forEach((path, footer) -> {
                if (metadata.mapping() == ColumnMapping.ID && !footer.hasIds()) {
                    refuse(Optional.of(path), "has no field ids, by which the table finds its columns");
                }
                FileLayout layout = FileLayout.byFooter(metadata, footer);
                if (layout.hasUnmarkedText() && containsBytes()) {
                    refuse(Optional.of(path), UNMARKED);
                }
                if (layout.hasUnmarkedVariant()) {
                    refuse(Optional.of(path), "has a variant that is not marked as a variant");
                }
                layouts.put(path, layout);
            });
        } catch (SQLException failure) {
            throw damaged(failure);
        }
        return layouts;
    }

    private static Set<String> foreign(Set<String> paths) {
        return paths.stream()
                .filter(path -> !OWN_FILE.matcher(String.valueOf(Path.of(path).getFileName()))
                        .matches())
                .collect(Collectors.toSet());
    }

    private String select(Map<String, AddFile> files, Group group, Optional<RowPosition> position) {
        FileLayout layout = group.layout();
        String fileColumn = metadata.freeName("_tarn_file");
        String columns = metadata.schema().fields().stream()
                .map(field -> column(field, files, fileColumn, layout) + " AS " + SqlText.name(field.name()))
                .collect(Collectors.joining(", "));
        boolean named = group.hasDeletedRows()
                || position.isPresent()
                || !metadata.partitionColumns().isEmpty();
        String filename = named ? ", filename = " + SqlText.literal(fileColumn) : "";
        String positions =
                position.map(names -> names.sql(SqlText.name(fileColumn))).orElse("");
        String where = group.hasDeletedRows()
                ? " WHERE " + new DeletedRows(table, files).condition(SqlText.name(fileColumn), FileLayout.ROW_NUMBER)
                : "";
        String schema =
                layout.schema().map(map -> textOfOthers() + ", schema = " + map).orElse("");
        return "SELECT " + columns + positions + " FROM read_parquet(" + SqlText.files(files.keySet())
                + ", hive_partitioning = false" + filename + schema + ")" + where;
    }

    /** Hive and Impala write text without saying that it is text; DuckDB would show such bytes in hexadecimal. */
    private String textOfOthers() {
        return containsBytes() ? "" : ", binary_as_string = true";
    }

    private boolean contains(Primitive wanted) {
        return metadata.fileColumns().stream().anyMatch(field -> field.type().contains(wanted));
    }

    /** Whether bytes in a file may be meant as bytes, so that text must be marked as text. */
    private boolean containsBytes() {
        // A variant is bytes in the file.
        return contains(Primitive.BINARY) || contains(Primitive.VARIANT);
    }

    private String column(DeltaField field, Map<String, AddFile> files, String fileColumn, FileLayout layout) {
        return metadata.isPartitionColumn(field.name())
                ? partitionValue(field, files, fileColumn)
                : Objects.requireNonNull(layout.columns().get(field.name()));
    }

    private String partitionValue(DeltaField field, Map<String, AddFile> files, String fileColumn) {
        String key = metadata.partitionKey(field);
        String values = files.entrySet().stream()
                .map(entry -> SqlText.literal(entry.getKey()) + ": "
                        + nullOrLiteral(PartitionText.toDuck(
                                field.type(), entry.getValue().partitionValue(key))))
                .collect(Collectors.joining(", "));
        return "CAST(CAST(MAP {" + values + "} AS MAP(VARCHAR, VARCHAR))[" + SqlText.name(fileColumn) + "] AS "
                + field.type().duckSql() + ")";
    }

    private static String nullOrLiteral(@Nullable String value) {
        return value == null ? "NULL" : SqlText.literal(value);
    }

    private void checkCalendar(Set<String> foreign) {
        boolean days = contains(Primitive.TIMESTAMP) || contains(Primitive.TIMESTAMP_NTZ) || contains(Primitive.DATE);
        if (!days || foreign.isEmpty()) {
            return;
        }
        String old = "SELECT file_name FROM parquet_kv_metadata(" + SqlText.files(foreign) + ") WHERE key IN"
                + " ('org.apache.spark.legacyDateTime'::BLOB, 'org.apache.spark.legacyINT96'::BLOB)";
        refuse(
                footers(old).stream().findFirst(),
                "has dates in the calendar of Spark 2, which are other days before 1582");
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
        try (Connection duckdb = OwnDuckDb.forQuestion();
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

    private Optional<String> unmarkedText(Set<String> files) {
        try (Connection duckdb = OwnDuckDb.forQuestion()) {
            return UnmarkedText.find(duckdb, files, metadata.fileColumns());
        } catch (SQLException failure) {
            throw damaged(failure);
        }
    }

    private LakeException damaged(SQLException failure) {
        return LakeException.corrupt("A data file of table '" + table + "' cannot be read: "
                + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
    }
}
