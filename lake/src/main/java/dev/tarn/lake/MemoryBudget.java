package dev.tarn.lake;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says how many rows a join may hold in memory while a COPY runs.
 *
 * <p>DuckDB spills a join that is greater than its memory limit; but with one that just fits, the COPY above it found no
 * memory for its row groups: a merge of 150 MB failed under a limit of 200 MB and not under 100 MB. So a join gets a part.
 */
record MemoryBudget(long bytes) {
    private static final int PART = 8;
    private static final int ROW_OVERHEAD = 40;

    private static final long MOST = 1L << 40;

    /** DuckDB's. */
    private static final long ROW_GROUP = 122_880;

    private static final Pattern SIZE = Pattern.compile("([0-9.]+) ?([KMGT]?)(i?)B|([0-9.]+) bytes?");

    static MemoryBudget of(Scratch scratch) throws SQLException {
        return new MemoryBudget(parse(scratch.rows("SELECT current_setting('memory_limit')")
                        .get(0)
                        .get(0))
                / PART);
    }

    private static long parse(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches() || size.group(1) == null) {
            return Long.MAX_VALUE;
        }
        double step = size.group(3).isEmpty() ? 1000 : 1024;
        int steps =
                " KMGT".indexOf(size.group(2).isEmpty() ? " " : size.group(2).toUpperCase(Locale.ROOT));
        return (long) (Double.parseDouble(size.group(1)) * Math.pow(step, steps));
    }

    /** Into how many parts so many rows of a temporary table must be cut. */
    long parts(Scratch scratch, String table, long rows) throws SQLException {
        if (rows * ROW_OVERHEAD < bytes / 16) {
            return 1;
        }
        return Math.max(1, (rows * rowBytes(scratch, table) + bytes - 1) / Math.max(1, bytes));
    }

    /** What another DuckDB may have while the caller's waits. */
    long beside() {
        return Math.min(bytes, MOST) * PART / 2;
    }

    /** How many threads may write such rows in a DuckDB {@link #beside}, where the changed rows are kept in a table. */
    long threads(Scratch scratch, String select, DeltaType.Struct schema, String changed, long changedRows)
            throws SQLException {
        String text = schema.fields().stream()
                .filter(field -> isLong(field.type()))
                .map(field -> " + coalesce(avg(strlen(CAST(" + SqlText.name(field.name()) + " AS VARCHAR))), 0)")
                .collect(Collectors.joining());
        long row = 16L * schema.fields().size()
                + scratch.number("SELECT CAST(ceil(0" + text + ") AS BIGINT) FROM (FROM (" + select + ") LIMIT 2000)");
        // Once as a row group, once as Parquet, and as much for what is read and joined.
        return Math.max(0, beside() - changedRows * rowBytes(scratch, changed)) / (3 * ROW_GROUP * row);
    }

    private static boolean isLong(DeltaType type) {
        return !(type instanceof DeltaType.Primitive)
                || type == DeltaType.Primitive.STRING
                || type == DeltaType.Primitive.BINARY
                || type == DeltaType.Primitive.VARIANT;
    }

    private static long rowBytes(Scratch scratch, String table) throws SQLException {
        OptionalLong known = scratch.rowBytes(table);
        if (known.isPresent()) {
            return known.getAsLong();
        }
        List<List<String>> columns = scratch.rows("SELECT column_name FROM (DESCRIBE " + table + ")");
        String width = columns.stream()
                .map(column -> "coalesce(avg(strlen(CAST(" + SqlText.name(column.get(0)) + " AS VARCHAR))), 0)")
                .collect(Collectors.joining(
                        " + ", "SELECT CAST(ceil(", ") AS BIGINT) FROM (FROM " + table + " LIMIT 2000)"));
        long bytes = scratch.number(width) + ROW_OVERHEAD + 16L * columns.size();
        scratch.noteRowBytes(table, bytes);
        return bytes;
    }
}
