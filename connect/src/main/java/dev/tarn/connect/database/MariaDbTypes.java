package dev.tarn.connect.database;

import dev.tarn.connect.database.ColumnType.Kind;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.source.Names;
import java.util.Locale;

/**
 * What becomes of MariaDB's types. Numbers and times are fetched as the server's text, so that no driver has an opinion
 * about them.
 */
final class MariaDbTypes {

    private MariaDbTypes() {}

    /**
     * @param type as the driver calls it
     * @param column quoted
     */
    static ReadColumn column(String name, String type, int precision, int scale, String column)
            throws ConnectionException {
        String upper = type.toUpperCase(Locale.ROOT);
        boolean unsigned = upper.contains("UNSIGNED");
        String base = upper.replaceFirst("[ (].*", "");
        String text = "CAST(" + column + " AS CHAR)";
        return switch (base) {
            case "TINYINT" -> of(name, unsigned ? Kind.SHORT : Kind.BYTE, type, column);
            case "SMALLINT" -> of(name, unsigned ? Kind.INTEGER : Kind.SHORT, type, column);
            case "MEDIUMINT" -> of(name, Kind.INTEGER, type, column);
            case "INT", "INTEGER" -> of(name, unsigned ? Kind.LONG : Kind.INTEGER, type, column);
            case "BIGINT" ->
                unsigned
                        ? new ReadColumn(name, ColumnType.decimal(20, 0), type, text)
                        : of(name, Kind.LONG, type, column);
            case "YEAR" -> of(name, Kind.SHORT, type, column + " + 0");
            case "DECIMAL", "NUMERIC", "OLDDECIMAL" ->
                new ReadColumn(name, ColumnType.decimal(precision, scale), type, text);
            // Shown as a FLOAT it would have six digits only.
            case "FLOAT" -> of(name, Kind.FLOAT, type, "CAST(" + column + " AS DOUBLE)");
            case "DOUBLE" -> of(name, Kind.DOUBLE, type, column);
            case "DATE" -> of(name, Kind.DATE, type, text);
            case "DATETIME" -> of(name, Kind.TIMESTAMP, type, text);
            case "TIMESTAMP" -> of(name, Kind.INSTANT, type, text);
            case "TIME" -> of(name, Kind.TIME, type, text);
            case "BIT" ->
                precision == 1
                        ? of(name, Kind.BOOLEAN, type, column + " + 0")
                        : of(name, Kind.TEXT, type, "LPAD(BIN(" + column + " + 0), " + precision + ", '0')");
            case "BINARY", "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB" ->
                of(name, Kind.BYTES, type, column);
            case "GEOMETRY",
                    "POINT",
                    "LINESTRING",
                    "POLYGON",
                    "MULTIPOINT",
                    "MULTILINESTRING",
                    "MULTIPOLYGON",
                    "GEOMETRYCOLLECTION" ->
                throw new ConnectionException(
                        ConnectionException.Kind.SCHEMA,
                        "column " + Names.quoted(name) + " is of type " + base + ", which has no equal here",
                        "read with a 'query' that selects ST_AsText(" + name + ") or ST_AsBinary(" + name + ")");
            default -> of(name, Kind.TEXT, type, text);
        };
    }

    private static ReadColumn of(String name, Kind kind, String type, String expression) {
        return new ReadColumn(name, ColumnType.of(kind), type, expression);
    }
}
