package dev.tarn.it.delta;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A table that Spark wrote, in a file for each partition, with the values at which two engines may differ; and what it becomes by both. */
final class EdgeTable {
    private static final String COLUMNS = "id INT, b BOOLEAN, i INT, l BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10,2), big"
            + " DECIMAL(38,10), t STRING, bin BINARY, day DATE, ts TIMESTAMP, ntz TIMESTAMP_NTZ, s STRUCT<x: INT, y:"
            + " STRING>, `OtherCase` STRING, p STRING";

    private static final List<String> ROWS = List.of(
            "(1, true, 7, 8L, 1.5F, 1.5D, 1.50BD, 0.0000000001BD, 'ä€', X'00FF', DATE'2024-02-29', TIMESTAMP'2024-02-29"
                    + " 23:59:59.999999', TIMESTAMP_NTZ'2024-03-10 02:30:00', named_struct('x', 3, 'y', ''), 'A', 'a')",
            "(2, false, -7, 9007199254740993L, float('NaN'), double('NaN'), 0.05BD, -0.0000000001BD, '', X'', DATE'0001-01-01',"
                    + " TIMESTAMP'0001-01-01 00:00:00', TIMESTAMP_NTZ'9999-12-31 23:59:59.999999', named_struct('x', NULL, 'y', 'n'),"
                    + " 'a', 'A')",
            "(3, NULL, 0, -1L, float('-Infinity'), double('-Infinity'), -99999999.99BD,"
                    + " 9999999999999999999999999999.9999999999BD, 'a%b_', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
            "(4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, X'61', DATE'9999-12-31', NULL, NULL, named_struct('x', 5,"
                    + " 'y', NULL), 'ß', 'a')",
            "(5, true, 2147483647, 16777217L, -0.0F, -0.0D, 0.10BD, 0.1BD, 'Z', X'80', DATE'1970-01-01', TIMESTAMP'1969-12-31"
                    + " 23:59:59.999999', TIMESTAMP_NTZ'1582-10-04 00:00:00', named_struct('x', -2147483648, 'y', 'Z'), 'SS', 'ä')",
            "(6, false, -2147483648, 9223372036854775807L, 0.1F, 0.1D, 99999999.99BD, NULL, 'z ', X'C3A4', DATE'1582-10-15',"
                    + " TIMESTAMP'2024-03-31 01:00:00', TIMESTAMP_NTZ'2024-02-29 23:59:59.999999', NULL, 'null', 'a')",
            "(7, true, 1, -9223372036854775808L, 0.0F, 0.0D, 0.00BD, 0BD, '😀', X'F09F9880', DATE'2024-03-01',"
                    + " TIMESTAMP'9999-12-31 23:59:59.999999', TIMESTAMP_NTZ'0001-01-01 00:00:00', named_struct('x', 0, 'y', '😀'), '',"
                    + " NULL)",
            "(8, false, 2, 9007199254740992L, 16777216F, 9007199254740992D, -0.01BD, 1BD, '\uFFFD', X'00', DATE'2023-12-31',"
                    + " TIMESTAMP'2024-02-29 00:00:00', TIMESTAMP_NTZ'2024-02-29 00:00:00', named_struct('x', 1, 'y', 'ä'), 'É', 'b c')");

    private final Peers peers;
    private final Path folder;
    private final List<String> differences = new ArrayList<>();
    private int copies;

    EdgeTable(Peers peers, Path folder) {
        this.peers = peers;
        this.folder = folder;
        peers.session().sql("CREATE TABLE " + spark() + " (" + COLUMNS + ") USING delta PARTITIONED BY (p)");
        peers.session().sql("INSERT INTO " + spark() + " VALUES " + String.join(", ", ROWS));
    }

    /** Something done by a peer to a copy of the table. */
    @FunctionalInterface
    interface Deed {
        void by(Peer peer, Path table) throws Exception;
    }

    Path path() {
        return folder.resolve("original");
    }

    /** Its name in Spark's SQL. */
    String spark() {
        return SparkPeer.table(path());
    }

    int rows() {
        return ROWS.size();
    }

    Path copy() throws Exception {
        return copy("copy" + copies++);
    }

    private Path copy(String name) throws Exception {
        return Folders.copy(path(), folder.resolve(name));
    }

    /** Notes if the two do not leave the same rows, or only one refuses. */
    void compare(String what, Deed deed) throws Exception {
        Path theirs = copy("Spark" + copies);
        Path ours = copy("Tarn" + copies++);
        String spark = refusal(peers.spark, theirs, deed);
        String tarn = refusal(peers.tarn, ours, deed);
        if (spark.isEmpty() != tarn.isEmpty()) {
            differences.add(what + ": Spark says '" + spark + "', Tarn '" + tarn + "'");
        } else if (spark.isEmpty()) {
            compare(what, peers.tarn.read(ours), peers.tarn.read(theirs));
        }
    }

    private void compare(String what, Rows ours, Rows theirs) {
        String rows = ours.difference(theirs);
        if (!rows.isEmpty()) {
            differences.add(what + ": " + rows);
        }
    }

    private static String refusal(Peer peer, Path table, Deed deed) {
        try {
            deed.by(peer, table);
            return "";
        } catch (Exception refused) {
            return firstLine(refused);
        }
    }

    static String firstLine(Exception refused) {
        return String.valueOf(refused.getMessage()).lines().findFirst().orElse("?");
    }

    /** Notes if two answers differ. */
    void compare(String what, String ours, String theirs) {
        if (!ours.equals(theirs)) {
            differences.add(what + ": " + ours + ", but by Spark " + theirs);
        }
    }

    List<String> differences() {
        return differences;
    }

    /** DuckDB's SQL for Spark's, as far as the few words go that the tests need. */
    static String duckSql(String sparkSql) {
        return sparkSql.replace('`', '"')
                .replace("<=>", "IS NOT DISTINCT FROM")
                .replace("TIMESTAMP_NTZ '", "TIMESTAMP '")
                .replaceAll("X'((?:..)*)'", "from_hex('$1')");
    }
}
