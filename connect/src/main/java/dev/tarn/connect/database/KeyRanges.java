package dev.tarn.connect.database;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Parts of a table by a column of whole numbers. */
final class KeyRanges {

    private KeyRanges() {}

    /**
     * Conditions of which each row fulfils one.
     *
     * @param column quoted
     * @param least the least value of all rows
     * @param most the greatest value of all rows
     * @param wanted how many conditions, at most
     * @param quote what numbers stand in: PostgreSQL's negative ones need quotes, because -32768::int2 is an overflow;
     *     MariaDB would compare a quoted one as a double, which tells no two large ones apart
     */
    static List<String> conditions(String column, BigInteger least, BigInteger most, int wanted, String quote) {
        List<String> ranges = new ArrayList<>();
        BigInteger width = most.subtract(least).add(BigInteger.ONE);
        BigInteger from = least;
        for (int i = 1; i < wanted; i++) {
            BigInteger to = least.add(width.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(wanted)));
            if (to.compareTo(from) > 0) {
                ranges.add(column + " >= " + quote + from + quote + " AND " + column + " < " + quote + to + quote);
                from = to;
            }
        }
        ranges.add(column + " >= " + quote + from + quote + " OR " + column + " IS NULL");
        return ranges;
    }
}
