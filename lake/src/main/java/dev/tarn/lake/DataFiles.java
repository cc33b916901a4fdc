package dev.tarn.lake;

import dev.tarn.fs.LocalFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the rows of a query as Parquet files of a table, by one COPY that also gives the statistics. */
final class DataFiles {
    static final String PREFIX = "tarn-";

    /** Unless the table says another size. */
    private static final long FILE_SIZE = 192_000_000;

    /** A file that DuckDB wrote, and what it told of it. */
    record Written(
            Path file,
            long rows,
            long bytes,
            Map<String, Map<String, String>> statistics,
            Map<String, @Nullable String> partition) {}

    private final Path table;
    private final Metadata metadata;

    DataFiles(Path table, Metadata metadata) {
        this.table = table;
        this.metadata = metadata;
    }

    /**
     * Writes the files and waits until they are on the disk.
     *
     * <p>The table's directory must exist: otherwise DuckDB takes its name for the name of the one file.
     */
    List<Written> write(Connection duckdb, String select) throws SQLException {
        List<Written> written = writeUnnamed(duckdb, select);
        syncNamesOf(written);
        return written;
    }

    /**
     * Writes the rows of one file anew, without its partition columns and in the order of the query. The caller makes sure of
     * the names of all such files at once by {@link #syncNames}.
     *
     * <p>A COPY to one file encodes its row groups side by side and writes them in their order; one to a folder, which cuts
     * files, keeps the order by one thread that does all. So only a file that is too great already is cut.
     */
    List<Written> writeAnew(Connection duckdb, String select, AddFile before) throws SQLException {
        String prefix = newPrefix();
        String rows = files().select(metadata.fileColumns(), select);
        boolean fits = before.size() <= fileSize();
        return write(duckdb, prefix, fits ? copyToOne(rows, prefix) : copy(rows, prefix, List.of()));
    }

    /** Writes rows of any partitions; the caller makes sure of the names by {@link #syncNames}. */
    List<Written> writeUnnamed(Connection duckdb, String select) throws SQLException {
        String prefix = newPrefix();
        List<String> partitions = metadata.partitionColumns().stream()
                .map(column -> metadata.schema().field(column).orElseThrow())
                .map(metadata.mapping()::physicalName)
                .toList();
        String rows = files().select(metadata.schema().fields(), select);
        return write(duckdb, prefix, copy(rows, prefix, partitions));
    }

    private static String newPrefix() {
        return PREFIX + UUID.randomUUID().toString().replace("-", "") + "-";
    }

    /**
     * Writes rows of one partition without its columns to one file, however many they are; none if there is no row.
     *
     * <p>Given the name of one file, DuckDB also keeps the order of rows that come of several files; given a folder it lets
     * its threads write what they have.
     */
    List<Written> writeOneFile(Connection duckdb, String select) throws SQLException {
        String prefix = newPrefix();
        List<Written> written =
                write(duckdb, prefix, copyToOne(files().select(metadata.fileColumns(), select), prefix));
        syncNamesOf(written);
        return written;
    }

    private String copyToOne(String rows, String prefix) {
        Path file = table.resolve(prefix + UUID.randomUUID() + ".parquet");
        return "COPY (" + rows + ") TO " + SqlText.literal(file.toString())
                + " (FORMAT parquet, PARQUET_VERSION V1, COMPRESSION snappy, RETURN_STATS true, WRITE_EMPTY_FILE false"
                + fieldIds() + ")";
    }

    private long fileSize() {
        return TableProperties.size(metadata.configuration(), TableProperties.TARGET_FILE_SIZE)
                .orElse(FILE_SIZE);
    }

    private FileColumns files() {
        return new FileColumns(metadata.mapping());
    }

    private String fieldIds() {
        return metadata.mapping() == ColumnMapping.NONE ? "" : ", FIELD_IDS " + files().ids(metadata.fileColumns());
    }

    private void syncNamesOf(List<Written> written) {
        try {
            syncNames(table);
        } catch (LakeException failure) {
            delete(written);
            throw failure;
        }
    }

    /** Waits until the names of files that were written are on the disk too. */
    static void syncNames(Path table) {
        try {
            LocalFiles.fsyncDirectory(table);
        } catch (IOException failure) {
            throw unwritable(table, failure);
        }
    }

    private static LakeException unwritable(Path table, IOException failure) {
        return LakeException.io("The data files of table '" + table + "' cannot be written", failure);
    }

    private List<Written> write(Connection duckdb, String prefix, String copy) throws SQLException {
        List<Written> written = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(copy)) {
            while (rows.next()) {
                written.add(written(rows));
            }
        } catch (SQLException failure) {
            deletePartial(prefix);
            throw new StatementException(copy, failure);
        }
        try {
            checkRowGroups(duckdb, written);
        } catch (SQLException | LakeException refused) {
            delete(written);
            throw refused;
        }
        try {
            for (Written each : written) {
                LocalFiles.fsync(each.file());
            }
        } catch (IOException failure) {
            delete(written);
            throw unwritable(table, failure);
        }
        return written;
    }

    /** Looks for infinite dates in the footers, where each row group has its own range, if the file has none. */
    private void checkRowGroups(Connection duckdb, List<Written> written) throws SQLException {
        List<String> unclear = written.stream()
                .filter(each -> !statistics(each).hasTemporalRanges(metadata.fileColumns()))
                .map(each -> each.file().toString())
                .toList();
        if (unclear.isEmpty()) {
            return;
        }
        // Texts can be 'infinity' too, but they are byte arrays.
        String sql = "SELECT path_in_schema FROM parquet_metadata(" + SqlText.files(unclear)
                + ") WHERE type IN ('INT32', 'INT64') AND (stats_min_value IN ('infinity', '-infinity')"
                + " OR stats_max_value IN ('infinity', '-infinity')) LIMIT 1";
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (rows.next()) {
                String path = rows.getString(1).replaceAll(", (list|key_value)(?=, )", "");
                String[] names = path.split(", ", -1);
                names[0] = shownName(names[0]);
                throw FileStatistics.infinite(String.join(".", names));
            }
        }
    }

    private FileStatistics statistics(Written file) {
        return new FileStatistics(file.statistics(), metadata.mapping());
    }

    private String shownName(String inFile) {
        return metadata.fileColumns().stream()
                .filter(column -> metadata.mapping().physicalName(column).equals(inFile))
                .map(DeltaField::name)
                .findFirst()
                .orElse(inFile);
    }

    /** Parquet V1, because Spark's reader refuses the encodings that DuckDB chooses for V2. */
    private String copy(String select, String prefix, List<String> partitionColumns) {
        String partitions = partitionColumns.isEmpty()
                ? ""
                : ", PARTITION_BY ("
                        + partitionColumns.stream().map(SqlText::name).collect(Collectors.joining(", "))
                        + "), HIVE_FILE_PATTERN false";
        return "COPY (" + select + ") TO " + SqlText.literal(table.toString())
                + " (FORMAT parquet, PARQUET_VERSION V1, COMPRESSION snappy, RETURN_STATS true, APPEND true,"
                + " FILENAME_PATTERN '" + prefix + "{uuid}', FILE_SIZE_BYTES "
                + fileSize() + fieldIds()
                + (partitions.isEmpty() ? ", WRITE_EMPTY_FILE false" : partitions) + ")";
    }

    private static Written written(ResultSet row) throws SQLException {
        return new Written(
                Path.of(row.getString("filename")),
                row.getLong("count"),
                row.getLong("file_size_bytes"),
                statistics(row.getObject("column_statistics")),
                texts(row.getObject("partition_keys")));
    }

    private static Map<String, Map<String, String>> statistics(@Nullable Object value) {
        Map<String, Map<String, String>> statistics = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> columns) {
            columns.forEach((column, numbers) -> {
                Map<String, String> known = new LinkedHashMap<>();
                texts(numbers).forEach((name, text) -> {
                    if (text != null) {
                        known.put(name, text);
                    }
                });
                statistics.put(String.valueOf(column), known);
            });
        }
        return statistics;
    }

    private static Map<String, @Nullable String> texts(@Nullable Object value) {
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, text) -> texts.put(String.valueOf(name), text == null ? null : Objects.toString(text)));
        }
        return texts;
    }

    /** A query that fails midway leaves the files that it had begun. */
    private void deletePartial(String prefix) {
        try (DirectoryStream<Path> partial = Files.newDirectoryStream(table, prefix + "*")) {
            for (Path file : partial) {
                Files.deleteIfExists(file);
            }
        } catch (IOException orphan) {
            // No version has the files, so they are only garbage for vacuum.
        }
    }

    static void delete(List<Written> written) {
        written.forEach(each -> delete(each.file()));
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException orphan) {
            // No version has the file, so it is only garbage for vacuum.
        }
    }

    /** The add action of a file; refuses values that the table must not have. */
    AddFile add(Written file, long now) {
        return add(file, now, partitionValues(file));
    }

    /** The same for a file whose partition is known, as the log has it. */
    AddFile add(Written file, long now, Map<String, ? extends @Nullable Object> partition) {
        FileStatistics statistics = statistics(file);
        List<DeltaField> columns = metadata.fileColumns();
        statistics.checkFinite(columns);
        statistics.checkNotNull(columns);
        Map<String, Object> add = new LinkedHashMap<>();
        // The name has no character that the log would need in percent-encoding.
        add.put("path", String.valueOf(file.file().getFileName()));
        add.put("partitionValues", partition);
        add.put("size", file.bytes());
        add.put("modificationTime", now);
        add.put("dataChange", true);
        add.put("stats", statistics.json(columns, file.rows(), metadata.statisticsColumns()));
        add.put("tags", Map.of(AddFile.SCHEMA_TAG, metadata.fileSchema()));
        return new AddFile(add);
    }

    /** The {@code cdc} action of a file (Delta protocol, "Add CDC File"). */
    Map<String, Object> changeFile(Written file, String directory) {
        Map<String, Object> cdc = new LinkedHashMap<>();
        cdc.put("path", directory + "/" + file.file().getFileName());
        cdc.put("partitionValues", partitionValues(file));
        cdc.put("size", file.bytes());
        cdc.put("dataChange", false);
        cdc.put("tags", Map.of(AddFile.SCHEMA_TAG, metadata.fileSchema()));
        return cdc;
    }

    private Map<String, @Nullable String> partitionValues(Written file) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (String column : metadata.partitionColumns()) {
            DeltaField field = metadata.schema().field(column).orElseThrow();
            String value = PartitionText.toLog(
                    column,
                    field.type(),
                    file.partition().get(metadata.mapping().physicalName(field)));
            if (value == null && !field.nullable()) {
                throw FileStatistics.isNull(column);
            }
            values.put(metadata.partitionKey(field), value);
        }
        return values;
    }
}
