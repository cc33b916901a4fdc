package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values at the edges of their types as keys: what is found by statistics and partitions, deleted and merged is what DuckDB
 * finds in a plain table.
 */
class EdgeKeysTest {
    private static final List<String> OPERATORS = List.of("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM");

    @AutoClose
    final TestTable table;

    private final DeltaTable delta;
    private String type = "";
    private List<String> values = List.of();

    EdgeKeysTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        delta = table.delta();
    }

    static Stream<Arguments> keys() {
        String z = "repeat('z', 300)";
        return Stream.of(
                Arguments.of(
                        "DOUBLE",
                        List.of(
                                "'nan'",
                                "'-0.0'",
                                "0.0",
                                "'infinity'",
                                "'-infinity'",
                                "5e-324",
                                "-1e308",
                                "9007199254740993")),
                Arguments.of("FLOAT", List.of("'nan'", "'-0.0'", "0.0", "0.1", "16777217", "'-infinity'", "1e-45")),
                Arguments.of("BIGINT", List.of("-9223372036854775808", "9223372036854775807", "0", "-1")),
                Arguments.of(
                        "DECIMAL(38, 2)",
                        List.of(
                                "'-999999999999999999999999999999999999.99'",
                                "'999999999999999999999999999999999999.99'",
                                "-0.01",
                                "0",
                                "'123456789012345678901234567.89'")),
                Arguments.of("DECIMAL(9, 3)", List.of("-999999.999", "999999.999", "-0.001", "0.100", "0.1")),
                Arguments.of(
                        "VARCHAR",
                        List.of(
                                "''",
                                "' '",
                                "'a'",
                                "'A'",
                                "'NULL'",
                                "'nan'",
                                z,
                                z + " || 'a'",
                                z + " || chr(1114111)",
                                "repeat('é', 300)",
                                "repeat(chr(1114111), 100)",
                                "chr(65535)",
                                "'it''s\"\\'",
                                "repeat('x', 20000)",
                                "repeat('x', 20000) || 'y'")),
                Arguments.of(
                        "DATE",
                        List.of("'0001-01-01'", "'1582-10-10'", "'1969-12-31'", "'1970-01-01'", "'9999-12-31'")),
                Arguments.of(
                        "TIMESTAMP WITH TIME ZONE",
                        List.of(
                                "'0001-01-01 00:00:00+00'",
                                "'1969-12-31 23:59:59.999999+00'",
                                "'1969-12-31 23:59:59.999+00'",
                                "'1969-12-31 23:59:59.9985+00'",
                                "'1970-01-01 00:00:00.000001+00'",
                                "'2026-03-29 01:30:00.123456+00'",
                                "'9999-12-31 23:59:59.999999+00'")),
                Arguments.of(
                        "TIMESTAMP",
                        List.of(
                                "'0001-01-01 00:00:00'",
                                "'1969-12-31 23:59:59.999999'",
                                "'1969-12-31 23:59:59.9985'",
                                "'2026-03-29 02:30:00.123456'",
                                "'9999-12-31 23:59:59.999999'")),
                Arguments.of("BOOLEAN", List.of("true", "false")),
                Arguments.of("BLOB", List.of("''", "'\\x00'", "'\\xFF\\xFE'", "'abc'")),
                Arguments.of(
                        "STRUCT(a INTEGER, b VARCHAR)",
                        List.of("{'a': 1, 'b': NULL}", "{'a': NULL, 'b': NULL}", "{'a': -1, 'b': ''}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void inFilesOfTheirOwn(String keyType, List<String> keyValues) throws Exception {
        begin(keyType, keyValues);
        for (int i = 0; i < values.size(); i++) {
            // One value that the file has twice, and two between which there are others.
            write("SELECT " + i + " AS id, 0 AS hits, " + value(i) + " AS k UNION ALL SELECT " + (100 + i) + ", 0, "
                    + value(i));
            write("SELECT " + (200 + i) + " AS id, 0 AS hits, " + value(i) + " AS k UNION ALL SELECT " + (300 + i)
                    + ", 0, " + value((i + 1) % values.size()));
        }
        write("SELECT 400 AS id, 0 AS hits, CAST(NULL AS " + type + ") AS k");

        check();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void asPartitions(String keyType, List<String> keyValues) throws Exception {
        if (keyType.equals("BLOB") || keyType.startsWith("STRUCT")) {
            return;
        }
        // An empty text as a partition is NULL, and of equal values of one write, which zeros are, DuckDB makes one
        // partition.
        begin(
                keyType,
                keyValues.stream()
                        .filter(value -> !List.of("''", "'-0.0'").contains(value))
                        .toList());
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            rows.add("SELECT " + i + " AS id, 0 AS hits, " + value(i) + " AS k");
        }
        write(String.join(" UNION ALL ", rows) + " UNION ALL SELECT 400, 0, NULL");

        check();
    }

    private Snapshot newest() {
        return delta.snapshot().orElseThrow();
    }

    private void begin(String keyType, List<String> keyValues) throws SQLException {
        type = keyType;
        values = keyValues;
        table.duck().run("CREATE TABLE model (id INTEGER, hits INTEGER, k " + type + ")");
    }

    private String value(int number) {
        return "CAST(" + values.get(number) + " AS " + type + ")";
    }

    private void write(String rows) throws Exception {
        boolean partitions = rows.contains("UNION ALL SELECT 400");
        table.write(rows, partitions ? TestTable.APPEND.withPartitionBy(List.of("k")) : TestTable.APPEND);
        table.duck().run("INSERT INTO model " + rows);
    }

    private void check() throws Exception {
        assertSame("written");
        for (int i = 0; i < values.size(); i++) {
            List<String> found = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (String operator : OPERATORS) {
                String where = "k " + operator + " " + value(i);
                String rows = "SELECT '" + operator + "' AS operator, id FROM ";
                found.add(rows + "(" + newest().toSql(table.duck().connection(), where) + ")");
                expected.add(rows + "model WHERE " + where);
            }
            assertThat(table.duck().difference(String.join(" UNION ALL ", found), String.join(" UNION ALL ", expected)))
                    .as(values.get(i))
                    .isEqualTo("0|0");
        }
        merge();
        for (int i = 0; i < values.size(); i += 3) {
            String where = "k = " + value(i) + " AND id < 300";
            delta.update(table.duck().connection(), Map.of("hits", "hits + 10"), where);
            table.duck().run("UPDATE model SET hits = hits + 10 WHERE " + where);
            assertSame("updated where " + where);
        }
        for (int i = 0; i < values.size(); i += 3) {
            String where = "k <= " + value(i) + " AND id % 100 <> " + i;
            delta.delete(table.duck().connection(), where);
            table.duck().run("DELETE FROM model WHERE " + where);
            assertSame("deleted where " + where);
        }
    }

    /** The source has a value and NULL; every second value, so that others lie between. */
    private void merge() throws Exception {
        for (int i = 0; i < values.size(); i++) {
            String source = "SELECT " + value(i) + " AS key UNION ALL SELECT NULL";
            ChangeResult result = delta.merge(table.duck().connection(), source, "target.k = source.key")
                    .whenMatched()
                    .update(Map.of("hits", "hits + 1"))
                    .execute();
            long expected = Long.parseLong(table.duck().value("SELECT count(*) FROM model WHERE k = " + value(i)));
            assertThat(result.updated()).as(source).isEqualTo(expected).isPositive();
            table.duck().run("UPDATE model SET hits = hits + 1 WHERE k = " + value(i));
            assertSame("merged " + source);
        }
    }

    /** By text, for which 0.0 and -0.0 differ. */
    private void assertSame(String what) throws SQLException {
        String text = "SELECT id, hits, CAST(k AS VARCHAR) FROM ";
        assertThat(table.duck().difference(text + "(" + newest().toSql() + ")", text + "model"))
                .as(what)
                .isEqualTo("0|0");
    }
}
