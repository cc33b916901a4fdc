package dev.tarn.it.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A query with columns of random types, odd names and edge values, the same for the same seed. */
final class RandomRows {
    /** Names that Delta takes without column mapping; it wants no space, comma, bracket, tab, newline or equals sign. */
    private static final List<String> NAMES = List.of(
            "a.b",
            "select",
            "from",
            "ünïcode",
            "日本",
            "😀",
            "Mixed_Case",
            "1st",
            "with-hyphen",
            "per%20cent",
            "quo\"te",
            "back`tick",
            "it's",
            "_change",
            "a/b",
            "null",
            "x:y",
            "$1",
            "#",
            "__index_level_0__");

    private static final List<List<String>> VALUES = List.of(
            List.of("BOOLEAN", "true", "false"),
            List.of("TINYINT", "(-128)", "127", "0"),
            List.of("SMALLINT", "(-32768)", "32767"),
            List.of("INTEGER", "(-2147483648)", "2147483647", "1"),
            List.of("BIGINT", "(-9223372036854775808)", "9223372036854775807", "0"),
            List.of("FLOAT", "'nan'", "'-0.0'", "'infinity'", "1e-45", "3.4028235e38", "0.1"),
            List.of("DOUBLE", "'nan'", "'-0.0'", "'-infinity'", "5e-324", "1.7976931348623157e308", "0.1"),
            List.of("DECIMAL(4, 1)", "999.9", "(-999.9)", "0"),
            List.of("DECIMAL(18, 3)", "999999999999999.999", "(-0.001)"),
            List.of("DECIMAL(38, 10)", "9999999999999999999999999999.9999999999", "(-0.0000000001)"),
            List.of("VARCHAR", "''", "' '", "'é😀'", "'a' || chr(10) || 'b'", "'NULL'", "repeat('é', 300)", "'\"\\\\'"),
            List.of("BLOB", "''", "'\\xFF\\x00\\x80'"),
            List.of("DATE", "'0001-01-01'", "'1582-10-15'", "'1582-10-10'", "'9999-12-31'", "'1970-01-01'"),
            List.of(
                    "TIMESTAMP WITH TIME ZONE",
                    "'0001-01-01 00:00:00+00'",
                    "'1969-12-31 23:59:59.999999+00'",
                    "'2026-03-29 01:30:00+00'",
                    "'9999-12-31 23:59:59.999999+00'"),
            List.of(
                    "TIMESTAMP",
                    "'0001-01-01 00:00:00'",
                    "'1582-10-10 00:00:00.000001'",
                    "'9999-12-31 23:59:59.999999'"));

    private final Random random;

    private RandomRows(Random random) {
        this.random = random;
    }

    static String query(long seed) {
        RandomRows maker = new RandomRows(new Random(seed));
        List<String> names = new ArrayList<>(NAMES);
        java.util.Collections.shuffle(names, maker.random);
        List<String> columns = new ArrayList<>(List.of("i AS id"));
        int count = 2 + maker.random.nextInt(10);
        for (int i = 0; i < count; i++) {
            columns.add(maker.nullable(maker.value(2)) + " AS " + DuckRows.name(names.get(i)));
        }
        return "SELECT " + String.join(", ", columns) + " FROM range(" + (1 + maker.random.nextInt(60)) + ") r(i)";
    }

    private String nullable(String value) {
        return switch (random.nextInt(4)) {
            case 0 -> value;
            case 1 -> "CASE WHEN " + number(100) + " < 95 THEN NULL ELSE " + value + " END";
            default -> "CASE WHEN " + number(4) + " = 0 THEN NULL ELSE " + value + " END";
        };
    }

    private String number(int below) {
        return "(hash(i, " + random.nextInt(1000) + ") % " + below + ")::INTEGER";
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 5 -> "{'a': " + nullable(value(depth - 1)) + ", 'B_c': " + nullable(value(depth - 1)) + "}";
            case 6 -> "list_value(" + nullable(value(depth - 1)) + ", NULL)[1:" + number(3) + "]";
            case 7 -> "MAP {'k' || " + number(5) + ": " + nullable(value(depth - 1)) + "}";
            default -> {
                List<String> values = VALUES.get(random.nextInt(VALUES.size()));
                List<String> texts = values.subList(1, values.size());
                yield "["
                        + String.join(
                                ", ",
                                texts.stream()
                                        .map(text -> text + "::" + values.get(0))
                                        .toList()) + "][1 + " + number(texts.size()) + "]";
            }
        };
    }
}
