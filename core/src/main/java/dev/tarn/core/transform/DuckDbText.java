package dev.tarn.core.transform;

/** Writes DuckDB's numbers as Java, and so Spark, does: {@code 1.0E10} for {@code 10000000000.0}. */
final class DuckDbText {

    private DuckDbText() {}

    static String ofDouble(String value) {
        String text = "CAST(abs(" + value + ") AS VARCHAR)";
        String whole = "split_part(" + text + ", '.', 1)";
        String fraction = "split_part(" + text + ", '.', 2)";
        String mantissa = "split_part(" + text + ", 'e', 1)";
        String zeros = "ltrim(" + fraction + ", '0')";
        String digits = "rtrim(substr(replace(" + text + ", '.', ''), 2), '0')";
        String scientific = mantissa + " || CASE WHEN contains(" + mantissa + ", '.') THEN 'E' ELSE '.0E' END"
                + " || CAST(CAST(split_part(" + text + ", 'e', 2) AS INTEGER) AS VARCHAR)";
        String large = "substr(" + text + ", 1, 1) || '.' || coalesce(nullif(" + digits + ", ''), '0') || 'E'"
                + " || CAST(length(" + whole + ") - 1 AS VARCHAR)";
        String small = "substr(" + zeros + ", 1, 1) || '.' || coalesce(nullif(substr(" + zeros + ", 2), ''), '0')"
                + " || 'E-' || CAST(length(" + fraction + ") - length(" + zeros + ") + 1 AS VARCHAR)";
        return "CASE WHEN isnan(" + value + ") THEN 'NaN'"
                + " WHEN isinf(" + value + ") THEN CASE WHEN " + value + " > 0 THEN 'Infinity' ELSE '-Infinity' END"
                + " WHEN " + value + " = 0 OR (abs(" + value + ") >= 0.001 AND abs(" + value + ") < 10000000)"
                + " THEN CAST(" + value + " AS VARCHAR)"
                + " ELSE CASE WHEN " + value + " < 0 THEN '-' ELSE '' END || CASE"
                + " WHEN contains(" + text + ", 'e') THEN " + scientific
                + " WHEN abs(" + value + ") >= 1 THEN " + large
                + " ELSE " + small + " END END";
    }
}
