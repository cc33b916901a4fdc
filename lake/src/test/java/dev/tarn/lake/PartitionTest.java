package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionTest {
    private static final WriteOptions BY_P = WriteOptions.of(WriteMode.APPEND).withPartitionBy(List.of("p"));

    @AutoClose
    final TestTable table;

    PartitionTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
    }

    List<String> loggedValues() {
        return table.newest().state().fileList().stream()
                .map(file -> String.valueOf(file.partitionValue("p")))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            BOOLEAN;     true, NULL;                                 null, true
            TINYINT;     (-128)::TINYINT, 127;                       -128, 127
            BIGINT;      9223372036854775807;                        9223372036854775807
            FLOAT;       'nan', 'inf', '-inf', '1.5';                -Infinity, 1.5, Infinity, NaN
            DOUBLE;      1e300, 0.1;                                 0.1, 1e+300
            DECIMAL(38,2); 123456789012345678901234567890.10;        123456789012345678901234567890.10
            VARCHAR;     'a b', 'x/y=z%20''', '😀', NULL;            a b, null, x/y=z%20', 😀
            DATE;        '0001-01-01', '2024-02-29';                 0001-01-01, 2024-02-29
            TIMESTAMP WITH TIME ZONE; '2024-02-29 10:00:00.5+02';    2024-02-29T08:00:00.500000Z
            TIMESTAMP;   '2024-02-29 10:00:00';                      2024-02-29 10:00:00.000000
            """)
    void partitionValuesAreExact(String type, String values, String logged) throws Exception {
        table.duck().run("SET TimeZone = 'Asia/Kolkata'");
        table.duck()
                .run("CREATE TABLE source AS SELECT row_number() OVER () AS i, p, 'x' AS z FROM (SELECT unnest(["
                        + values + "]::" + type + "[]) AS p)");

        table.write("SELECT * FROM source", BY_P);

        assertThat(String.join(", ", loggedValues())).isEqualTo(logged);
        assertThat(table.columns()).containsExactly("i BIGINT", "p " + type, "z VARCHAR");
        table.duck().run("SET TimeZone = 'America/New_York'");
        assertThat(table.duck().difference(table.sql(), "FROM source")).isEqualTo("0|0");
    }

    @Test
    void emptyStringBecomesNull() throws Exception {
        table.write("SELECT * FROM (VALUES (1, ''), (2, NULL), (3, 'a')) v(i, p)", BY_P);

        assertThat(table.duck().rows("FROM (" + table.sql() + ") ORDER BY i"))
                .containsExactly("1|null", "2|null", "3|a");
    }

    @Test
    void filterOnAPartitionOpensOnlyItsFiles() throws Exception {
        table.write("SELECT i % 50 AS p, i AS v, DATE '2020-01-01' + (i % 50)::INT AS d FROM range(5000) t(i)", BY_P);

        String plan = explain("SELECT sum(v) FROM (" + table.sql() + ") WHERE p = 7");

        assertThat(plan).contains("Scanning Files: 1/50");
        assertThat(table.duck().value("SELECT count(*), sum(v) FROM (" + table.sql() + ") WHERE p = 7"))
                .isEqualTo("100|248200");
    }

    private String explain(String query) throws SQLException {
        try (var statement = table.duck().connection().createStatement();
                var rows = statement.executeQuery("EXPLAIN " + query)) {
            rows.next();
            return rows.getString(2);
        }
    }

    @Test
    void severalPartitionColumnsKeepTheOrderOfColumns() throws Exception {
        table.write(
                "SELECT 'a' AS x, 1 AS v, DATE '2020-01-01' AS y",
                WriteOptions.of(WriteMode.APPEND).withPartitionBy(List.of("Y", "x")));

        assertThat(table.newest().partitionColumns()).containsExactly("y", "x");
        assertThat(table.duck().rows(table.sql())).containsExactly("a|1|2020-01-01");
        assertThat(table.columns()).containsExactly("x VARCHAR", "v INTEGER", "y DATE");
    }

    @Test
    void columnNamedLikeTheFileColumnIsKept() throws Exception {
        table.write("SELECT 1 AS _tarn_file, 2 AS filename, 3 AS p", BY_P);

        assertThat(table.duck().rows(table.sql())).containsExactly("1|2|3");
    }

    @Test
    void manyPartitionsAreReadRight() throws Exception {
        table.write("SELECT i % 400 AS p, i AS v FROM range(40000) t(i)", BY_P);

        assertThat(table.duck().difference(table.sql(), "SELECT i % 400 AS p, i AS v FROM range(40000) t(i)"))
                .isEqualTo("0|0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            SELECT 1 AS v, 'x'::BLOB AS p;   Column 'p' of the type 'binary' cannot be a partition column.
            SELECT 1 AS v, [1] AS p;         Column 'p' of the type 'array<int>' cannot be a partition column.
            SELECT 1 AS p;                   All columns are partition columns, so no column is left for the data files.
            SELECT 1 AS v;                   Partition column 'p' is not a column of the query.
            """)
    void impossiblePartitionColumnsAreRefused(String query, String message) {
        assertThatThrownBy(() -> table.write(query, BY_P))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.INVALID_WRITE))
                .hasMessage(message);
    }

    @Test
    void infinitePartitionDateIsRefused() {
        assertThatThrownBy(() -> table.write("SELECT 1 AS v, DATE 'infinity' AS p", BY_P))
                .hasMessage("Column 'p' has an infinite date or timestamp, which a Delta table cannot hold.");
        assertThat(table.path().toFile().list()).isNullOrEmpty();
    }

    @Test
    void datesBeforeYearOneAreRefusedAsPartitions() {
        assertThatThrownBy(() -> table.write("SELECT 1 AS v, DATE '0044-03-15 (BC)' AS p", BY_P))
                .hasMessage("Partition column 'p' has the value '0044-03-15 (BC)', outside the years 1 to 9999.");
    }

    @Test
    void otherPartitioningIsRefused() throws Exception {
        table.write("SELECT 1 AS v, 1 AS p", BY_P);

        assertThatThrownBy(() -> table.write(
                        "SELECT 1 AS v, 1 AS p",
                        WriteOptions.of(WriteMode.APPEND).withPartitionBy(List.of("v"))))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.help())
                                .isEqualTo(
                                        "Leave the partition columns out, or overwrite the table with a new schema."))
                .hasMessage("The table is partitioned by 'p', not by 'v'.");
    }
}
