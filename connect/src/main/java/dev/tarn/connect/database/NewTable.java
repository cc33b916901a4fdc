package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.DatabaseConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The statement that makes a table for rows. */
final class NewTable {

    /** MariaDB's unique keys take texts of this length with any character set. */
    private static final String KEY_TEXT = "varchar(255)";

    private NewTable() {}

    static String sql(SqlName table, List<WriteColumn> columns, List<String> keys, DatabaseConnection.Kind kind)
            throws ConnectionException {
        boolean postgres = kind == DatabaseConnection.Kind.POSTGRES;
        List<String> parts = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (String key : keys) {
            positions.add(Rows.position(key, columns));
        }
        for (int i = 0; i < columns.size(); i++) {
            WriteColumn column = columns.get(i);
            if (column.type().isList()) {
                throw new ConnectionException(
                        ConnectionException.Kind.SCHEMA,
                        "column '" + column.name() + "' is a list, and tables have none",
                        "cast it in SQL, for example with to_json(" + column.name() + ")::VARCHAR");
            }
            String type = postgres ? postgres(column.type()) : mariaDb(column.type(), positions.contains(i));
            parts.add(table.quoted(column.name()) + " " + type);
        }
        if (!keys.isEmpty()) {
            parts.add("PRIMARY KEY ("
                    + positions.stream()
                            .map(i -> table.quoted(columns.get(i).name()))
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        return "CREATE TABLE " + table.quoted() + " (" + String.join(", ", parts) + ")"
                + (postgres ? "" : " ENGINE InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }

    private static String postgres(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "boolean";
            case BYTE, SHORT -> "smallint";
            case INTEGER -> "integer";
            case LONG -> "bigint";
            case DECIMAL -> "numeric(" + type.precision() + ", " + type.scale() + ")";
            case FLOAT -> "real";
            case DOUBLE -> "double precision";
            case TEXT -> "text";
            case BYTES -> "bytea";
            case DATE -> "date";
            case TIME -> "time";
            case TIMESTAMP -> "timestamp";
            case INSTANT -> "timestamptz";
            case UUID -> "uuid";
        };
    }

    private static String mariaDb(ColumnType type, boolean isKey) {
        return switch (type.kind()) {
            case BOOLEAN -> "boolean";
            case BYTE -> "tinyint";
            case SHORT -> "smallint";
            case INTEGER -> "int";
            case LONG -> "bigint";
            case DECIMAL -> "decimal(" + type.precision() + ", " + type.scale() + ")";
            case FLOAT -> "float";
            case DOUBLE -> "double";
            case TEXT -> isKey ? KEY_TEXT : "longtext";
            case BYTES -> isKey ? "varbinary(255)" : "longblob";
            case DATE -> "date";
            case TIME -> "time(6)";
            // MariaDB's timestamp ends in 2038; the connection's time is UTC.
            case TIMESTAMP, INSTANT -> "datetime(6)";
            case UUID -> "char(36) CHARACTER SET ascii";
        };
    }
}
