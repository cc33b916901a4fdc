package dev.tarn.connect.database;

import dev.tarn.connect.database.ColumnType.Kind;
import java.util.Map;

/**
 * What becomes of PostgreSQL's types. A type that has no equal is read as the text that PostgreSQL shows for it, and
 * reads back.
 */
final class PostgresTypes {

    private static final Map<String, Kind> SAME = Map.ofEntries(
            Map.entry("bool", Kind.BOOLEAN),
            Map.entry("int2", Kind.SHORT),
            Map.entry("smallserial", Kind.SHORT),
            Map.entry("int4", Kind.INTEGER),
            Map.entry("serial", Kind.INTEGER),
            Map.entry("int8", Kind.LONG),
            Map.entry("bigserial", Kind.LONG),
            Map.entry("float4", Kind.FLOAT),
            Map.entry("float8", Kind.DOUBLE),
            Map.entry("text", Kind.TEXT),
            Map.entry("varchar", Kind.TEXT),
            Map.entry("bpchar", Kind.TEXT),
            Map.entry("bytea", Kind.BYTES),
            Map.entry("date", Kind.DATE),
            Map.entry("time", Kind.TIME),
            Map.entry("timestamp", Kind.TIMESTAMP),
            Map.entry("timestamptz", Kind.INSTANT),
            Map.entry("uuid", Kind.UUID));

    private static final Map<String, Kind> ELEMENTS = Map.of(
            "_bool", Kind.BOOLEAN,
            "_int2", Kind.SHORT,
            "_int4", Kind.INTEGER,
            "_int8", Kind.LONG,
            "_float4", Kind.FLOAT,
            "_float8", Kind.DOUBLE,
            "_text", Kind.TEXT,
            "_varchar", Kind.TEXT);

    private PostgresTypes() {}

    /**
     * @param type as the driver calls it
     * @param column quoted
     */
    static ReadColumn column(String name, String type, int precision, int scale, String column) {
        if (SAME.containsKey(type)) {
            return new ReadColumn(name, ColumnType.of(SAME.get(type)), type, column);
        }
        if (ELEMENTS.containsKey(type)) {
            return new ReadColumn(name, ColumnType.of(ELEMENTS.get(type)).list(), type, column);
        }
        if (type.startsWith("_")) {
            return new ReadColumn(name, ColumnType.of(Kind.TEXT).list(), type, column + "::text[]");
        }
        if (type.equals("numeric")) {
            ColumnType number = ColumnType.decimal(precision, scale);
            return new ReadColumn(name, number, type, number.kind() == Kind.TEXT ? column + "::text" : column);
        }
        return switch (type) {
            case "oid" -> new ReadColumn(name, ColumnType.of(Kind.LONG), type, column + "::int8");
            // Its digits behind the point depend on the server's locale: two, mostly.
            case "money" -> new ReadColumn(name, ColumnType.decimal(19, 2), type, column + "::numeric");
            default -> new ReadColumn(name, ColumnType.of(Kind.TEXT), type, column + "::text");
        };
    }

    static boolean isWhole(ReadColumn column) {
        Kind kind = column.type().kind();
        return !column.type().isList() && (kind == Kind.SHORT || kind == Kind.INTEGER || kind == Kind.LONG);
    }
}
