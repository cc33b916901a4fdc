package dev.tarn.cdc;

import dev.tarn.lake.DeltaType;
import dev.tarn.lake.DeltaType.Primitive;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column as it is stored; its values are staged as texts.
 *
 * @param cast DuckDB's SQL from the staged text, {@code %s}, to the value
 * @param large whether the source may leave its unchanged value out of an update
 * @param origin what it is in the source
 */
record Column(String name, DeltaType type, String cast, boolean large, Origin origin) {

    /**
     * A column of the source.
     *
     * @param base the name of its type, without its length
     * @param number of the column in its table, which it keeps when it is renamed
     * @param hasDefault whether rows that were there before the column may have something else than NULL
     */
    record Origin(String base, int number, boolean hasDefault) {}

    private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(\\d+)\\)");

    /** @param declared PostgreSQL's {@code format_type} */
    static Column of(String table, String name, String declared, Origin origin) throws StreamException {
        Matcher numeric = NUMERIC.matcher(declared);
        if (numeric.matches() && Integer.parseInt(numeric.group(1)) <= 38) {
            String digits = "(" + numeric.group(1) + ", " + numeric.group(2) + ")";
            return new Column(
                    name,
                    new DeltaType.Decimal(Integer.parseInt(numeric.group(1)), Integer.parseInt(numeric.group(2))),
                    "CAST(%s AS DECIMAL" + digits + ")",
                    false,
                    origin);
        }
        return switch (origin.base()) {
            case "bool" -> new Column(name, Primitive.BOOLEAN, "CAST(%s AS BOOLEAN)", false, origin);
            case "int2" -> new Column(name, Primitive.SHORT, "CAST(%s AS SMALLINT)", false, origin);
            case "int4" -> new Column(name, Primitive.INTEGER, "CAST(%s AS INTEGER)", false, origin);
            case "int8" -> new Column(name, Primitive.LONG, "CAST(%s AS BIGINT)", false, origin);
            case "float4" -> new Column(name, Primitive.FLOAT, "CAST(%s AS FLOAT)", false, origin);
            case "float8" -> new Column(name, Primitive.DOUBLE, "CAST(%s AS DOUBLE)", false, origin);
            case "text", "varchar", "bpchar", "json", "jsonb" -> new Column(name, Primitive.STRING, "%s", true, origin);
            case "uuid" -> new Column(name, Primitive.STRING, "%s", false, origin);
            case "bytea" -> new Column(name, Primitive.BINARY, "unhex(%s)", true, origin);
            case "date" -> new Column(name, Primitive.DATE, "DATE '1970-01-01' + CAST(%s AS INTEGER)", false, origin);
            case "timestamp" ->
                new Column(name, Primitive.TIMESTAMP_NTZ, "make_timestamp(CAST(%s AS BIGINT))", false, origin);
            case "timestamptz" -> new Column(name, Primitive.TIMESTAMP, "CAST(%s AS TIMESTAMPTZ)", false, origin);
            default ->
                throw new StreamException(
                        "column '" + name + "' of table '" + table + "' is of type " + declared
                                + ", which streams do not follow",
                        "leave the table out");
        };
    }

    String base() {
        return origin.base();
    }

    String quoted() {
        return quoted(name);
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
