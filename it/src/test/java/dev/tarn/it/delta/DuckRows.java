package dev.tarn.it.delta;

import dev.tarn.lake.DeltaField;
import dev.tarn.lake.DeltaType;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query's rows by DuckDB without its JDBC driver's calendar, which is wrong before 1582: dates travel as days,
 * timestamps as microseconds, decimals as text.
 */
final class DuckRows {
    private DuckRows() {}

    static List<List<@Nullable Object>> of(Connection duckdb, String query, List<DeltaField> columns)
            throws SQLException {
        String select = columns.stream()
                .map(column -> carrier(column.type(), "_q." + name(column.name()), 0))
                .collect(Collectors.joining(", ", "SELECT ", " FROM (" + query + ") AS _q"));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(select)) {
            while (result.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                    row.add(plain(columns.get(i).type(), result.getObject(i + 1)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    static String name(String column) {
        return '"' + column.replace("\"", "\"\"") + '"';
    }

    private static String carrier(DeltaType type, String value, int depth) {
        String each = "x" + depth;
        if (type instanceof DeltaType.Decimal) {
            return value + "::VARCHAR";
        } else if (type instanceof DeltaType.Array array) {
            return "list_transform(" + value + ", lambda " + each + ": " + carrier(array.element(), each, depth + 1)
                    + ")";
        } else if (type instanceof DeltaType.MapOf map) {
            return "list_transform(map_entries(" + value + "), lambda " + each + ": {'k': "
                    + carrier(map.key(), each + ".key", depth + 1) + ", 'v': "
                    + carrier(map.value(), each + ".value", depth + 1) + "})";
        } else if (type instanceof DeltaType.Struct struct) {
            return struct.fields().stream()
                    .map(field -> name(field.name()) + " := "
                            + carrier(field.type(), value + "." + name(field.name()), depth + 1))
                    .collect(
                            Collectors.joining(", ", "CASE WHEN " + value + " IS NOT NULL THEN struct_pack(", ") END"));
        } else if (type == DeltaType.Primitive.DATE) {
            return "(" + value + " - DATE '1970-01-01')::BIGINT";
        } else if (type == DeltaType.Primitive.TIMESTAMP || type == DeltaType.Primitive.TIMESTAMP_NTZ) {
            return "epoch_us(" + value + ")";
        }
        return value;
    }

    private static @Nullable Object plain(DeltaType type, @Nullable Object carried) throws SQLException {
        if (carried == null) {
            return null;
        } else if (type instanceof DeltaType.Decimal) {
            return new BigDecimal((String) carried);
        } else if (type instanceof DeltaType.Array array) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (Object element : (@Nullable Object[]) ((Array) carried).getArray()) {
                elements.add(plain(array.element(), element));
            }
            return elements;
        } else if (type instanceof DeltaType.MapOf map) {
            return entries(map, (Object[]) ((Array) carried).getArray());
        } else if (type instanceof DeltaType.Struct struct) {
            return struct(struct, Arrays.asList(((Struct) carried).getAttributes()));
        } else if (type == DeltaType.Primitive.DATE) {
            return LocalDate.ofEpochDay(((Number) carried).longValue());
        } else if (type == DeltaType.Primitive.TIMESTAMP) {
            return Values.instant(((Number) carried).longValue());
        } else if (type == DeltaType.Primitive.TIMESTAMP_NTZ) {
            return Values.wall(((Number) carried).longValue());
        } else if (carried instanceof Blob blob) {
            return blob.getBytes(1, (int) blob.length());
        }
        return carried;
    }

    private static Values.Struct struct(DeltaType.Struct type, List<@Nullable Object> attributes) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < attributes.size(); i++) {
            values.add(plain(type.fields().get(i).type(), attributes.get(i)));
        }
        return new Values.Struct(type.fields().stream().map(DeltaField::name).toList(), values);
    }

    private static Values.Entries entries(DeltaType.MapOf type, Object[] pairs) throws SQLException {
        List<@Nullable Object> keys = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (Object pair : pairs) {
            Object[] both = ((Struct) pair).getAttributes();
            keys.add(plain(type.key(), both[0]));
            values.add(plain(type.value(), both[1]));
        }
        return new Values.Entries(keys, values);
    }
}
