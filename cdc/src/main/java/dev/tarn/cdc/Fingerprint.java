package dev.tarn.cdc;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * SQL that gives a row the same number in PostgreSQL and in DuckDB if all its values are the same, and puts it into the same
 * part of its table.
 *
 * @param table what is compared
 * @param ranges of the key; empty if it is no whole number: then rows are parted by a hash of the key
 */
record Fingerprint(SourceTable table, List<Long> ranges) {

    private static final Set<String> WHOLE = Set.of("int2", "int4", "int8");

    /** How many parts a table is compared in. */
    private static final long PARTS = 64;

    /** Whether the table's rows can be parted by ranges of the key. */
    static boolean hasRanges(SourceTable table) {
        return WHOLE.contains(key(table).get(0).base());
    }

    /** @param least and greatest of the first column of the key */
    static Fingerprint of(SourceTable table, long least, long greatest) {
        long width = Math.max(1, Math.floorDiv(greatest, PARTS) - Math.floorDiv(least, PARTS) + 1);
        return new Fingerprint(table, List.of(least, width));
    }

    private static List<Column> key(SourceTable table) {
        return table.columns().stream().filter(table::isKey).toList();
    }

    /** The key as a text, {@code part} and {@code hash} of each row of the source. */
    String ofSource() {
        String part = ranges.isEmpty()
                ? "('x' || substr(md5(" + source(key(table)) + "), 1, 1))::bit(4)::int::bigint"
                : "div((" + key(table).get(0).quoted() + "::numeric - " + ranges.get(0) + "), " + ranges.get(1)
                        + ")::bigint";
        return "SELECT " + source(key(table)) + " AS key, " + part + " AS part, md5(" + source(table.columns())
                + ") AS hash FROM " + quotedName();
    }

    private String quotedName() {
        int dot = table.name().indexOf('.');
        return Column.quoted(table.name().substring(0, dot)) + "."
                + Column.quoted(table.name().substring(dot + 1));
    }

    /** The same of the Delta table's rows. */
    String ofLake(String rows) {
        String part = ranges.isEmpty()
                ? "CAST('0x' || substr(md5(" + lake(key(table)) + "), 1, 1) AS BIGINT)"
                : "CAST((CAST(" + key(table).get(0).quoted() + " AS HUGEINT) - " + ranges.get(0) + ") // "
                        + ranges.get(1) + " AS BIGINT)";
        return "SELECT " + lake(key(table)) + " AS key, " + part + " AS part, md5(" + lake(table.columns())
                + ") AS hash FROM (" + rows + ")";
    }

    /** Rows of each part, and two sums that tell whether they are the same. */
    static String sums(String rows, boolean source) {
        String first =
                source ? "('x' || substr(hash, 1, 8))::bit(32)::bigint" : "CAST('0x' || substr(hash, 1, 8) AS BIGINT)";
        String second =
                source ? "('x' || substr(hash, 9, 8))::bit(32)::bigint" : "CAST('0x' || substr(hash, 9, 8) AS BIGINT)";
        return "SELECT part, count(*) AS n, CAST(sum(" + first + ") AS varchar) AS one, CAST(sum(" + second
                + ") AS varchar) AS two FROM (" + rows + ") AS r GROUP BY part";
    }

    /** What people call a part. */
    String name(long part) {
        if (ranges.isEmpty()) {
            return "keys whose hash begins with " + Long.toHexString(part);
        }
        long from = ranges.get(0) + part * ranges.get(1);
        return key(table).get(0).name() + " from " + from + " to " + (from + ranges.get(1) - 1);
    }

    private static String source(List<Column> columns) {
        return joined(columns.stream().map(Fingerprint::source).toList());
    }

    private static String lake(List<Column> columns) {
        return joined(columns.stream().map(Fingerprint::lake).toList());
    }

    private static String joined(List<String> texts) {
        List<String> parts = new ArrayList<>();
        for (String text : texts) {
            parts.add("CASE WHEN " + text + " IS NULL THEN 'n' ELSE 'v' || " + text + " END");
        }
        return parts.stream().collect(Collectors.joining(" || chr(31) || ", "(", ")"));
    }

    private static String source(Column column) {
        String name = column.quoted();
        return switch (column.base()) {
            case "bool" -> name + "::int::text";
            case "float4" -> "('x' || encode(float4send(" + name + "), 'hex'))::bit(32)::text";
            case "float8" -> "('x' || encode(float8send(" + name + "), 'hex'))::bit(64)::text";
            // A cast would take trailing blanks away.
            case "bpchar" -> "CASE WHEN " + name + " IS NOT NULL THEN concat(" + name + ") END";
            case "bytea" -> "encode(" + name + ", 'hex')";
            case "date" -> "(" + name + " - date '1970-01-01')::text";
            case "timestamp", "timestamptz" -> "(extract(epoch FROM " + name + ") * 1000000)::bigint::text";
            default -> name + "::text";
        };
    }

    private static String lake(Column column) {
        String name = column.quoted();
        return switch (column.base()) {
            case "bool" -> "CAST(CAST(" + name + " AS INTEGER) AS VARCHAR)";
            case "float4", "float8" -> "CAST(CAST(" + name + " AS BIT) AS VARCHAR)";
            case "bytea" -> "lower(hex(" + name + "))";
            case "date" -> "CAST(date_diff('day', DATE '1970-01-01', " + name + ") AS VARCHAR)";
            case "timestamp", "timestamptz" -> "CAST(epoch_us(" + name + ") AS VARCHAR)";
            default -> "CAST(" + name + " AS VARCHAR)";
        };
    }
}
