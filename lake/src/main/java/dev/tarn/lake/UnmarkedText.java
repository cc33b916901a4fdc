package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Finds text that a file does not mark as text, as Hive and Impala write it.
 *
 * <p>By what DuckDB makes of a file's columns and not by names in its footer, because each map of bytes has a "value" there
 * that a column of text beside it may be named like.
 */
final class UnmarkedText {
    private UnmarkedText() {}

    /** A file with bytes where the table has text. */
    static Optional<String> find(Connection duckdb, Collection<String> files, List<DeltaField> columns)
            throws SQLException {
        for (String file : oneOfEachShape(duckdb, files)) {
            try (Statement statement = duckdb.createStatement();
                    ResultSet stored = statement.executeQuery("DESCRIBE SELECT * FROM read_parquet("
                            + SqlText.files(List.of(file)) + ", hive_partitioning = false)")) {
                while (stored.next()) {
                    if (isIn(stored.getString("column_name"), stored.getString("column_type"), columns)) {
                        return Optional.of(file);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> oneOfEachShape(Connection duckdb, Collection<String> files) throws SQLException {
        String sql = "SELECT min(file_name) FROM (SELECT file_name, list((name, type, num_children, converted_type,"
                + " logical_type) ORDER BY column_id) AS shape FROM parquet_schema(" + SqlText.files(files)
                + ") GROUP BY file_name) GROUP BY shape";
        List<String> found = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    private static boolean isIn(String name, String type, List<DeltaField> columns) {
        return type.contains("BLOB")
                && columns.stream()
                        .filter(column -> column.name().equalsIgnoreCase(name))
                        .anyMatch(column -> isIn(DuckType.toDelta(name, type), column.type()));
    }

    private static boolean isIn(DeltaType stored, DeltaType wanted) {
        if (stored instanceof DeltaType.Struct from && wanted instanceof DeltaType.Struct to) {
            return to.fields().stream()
                    .anyMatch(field -> from.field(field.name())
                            .filter(same -> isIn(same.type(), field.type()))
                            .isPresent());
        }
        if (stored instanceof DeltaType.Array from && wanted instanceof DeltaType.Array to) {
            return isIn(from.element(), to.element());
        }
        if (stored instanceof DeltaType.MapOf from && wanted instanceof DeltaType.MapOf to) {
            return isIn(from.key(), to.key()) || isIn(from.value(), to.value());
        }
        return stored == Primitive.BINARY && wanted == Primitive.STRING;
    }
}
