package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateTest {
    @AutoClose
    final TestTable table;

    UpdateTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    Connection duckdb() {
        return table.duck().connection();
    }

    ChangeResult update(Map<String, String> set, String where) throws SQLException {
        return table.delta().update(duckdb(), set, where);
    }

    @Test
    void changesMatchingRowsOnly() throws Exception {
        table.write("SELECT i AS id, i * 10 AS v FROM range(4) t(i)");
        table.write("SELECT i AS id, i * 10 AS v FROM range(10, 12) t(i)");

        ChangeResult result = update(Map.of("v", "v + id", "ID", "id + 100"), "id IN (1, 2)");

        assertThat(result).isEqualTo(new ChangeResult(OptionalLong.of(2), 0, 2, 0, 2, 1, 1, 0, false));
        assertThat(table.rows()).containsExactly("0|0", "3|30", "10|100", "11|110", "101|11", "102|22");
        assertThat(table.columns()).containsExactly("id BIGINT", "v BIGINT");
    }

    @Test
    void valuesAreComputedFromTheRowAsItWas() throws Exception {
        table.write("SELECT 1 AS a, 2 AS b");

        table.delta().update(duckdb(), Map.of("a", "target.b", "target.b", "target.a"));

        assertThat(table.rows()).containsExactly("2|1");
    }

    @Test
    void noMatchMakesNoVersion() throws Exception {
        table.write("SELECT 1 AS id");

        assertThat(update(Map.of("id", "2"), "id = 3").version()).isEmpty();
        assertThat(update(Map.of("id", "2"), "NULL").version()).isEmpty();
        assertThat(table.newest().version()).isZero();
    }

    @Test
    void nullConditionKeepsTheRow() throws Exception {
        table.write("SELECT unnest([1, NULL]) AS id, 0 AS v");

        update(Map.of("v", "1"), "id <> 7");

        assertThat(table.rows()).containsExactly("1|1", "null|0");
    }

    @Test
    void rowsMoveToOtherPartitions() throws Exception {
        table.write("SELECT i AS id, 'p' || i % 2 AS p FROM range(6) t(i)", APPEND.withPartitionBy(List.of("p")));

        ChangeResult result =
                update(Map.of("p", "CASE WHEN id = 0 THEN 'new' WHEN id = 2 THEN NULL ELSE p END"), "id < 4");

        assertThat(result.updated()).isEqualTo(4);
        assertThat(table.rows()).containsExactly("0|new", "1|p1", "2|null", "3|p1", "4|p0", "5|p1");
        assertThat(table.duck().value("SELECT count(*) FROM (" + table.sql() + ") WHERE p = 'new'"))
                .isEqualTo("1");
        assertThat(table.newest().state().fileList().stream()
                        .map(file -> String.valueOf(file.partitionValue("p")))
                        .sorted())
                .containsExactly("new", "null", "p0", "p1");
    }

    @Test
    void partitionStaysWithoutBeingWritten() throws Exception {
        table.write("SELECT 1 AS id, DATE '2020-01-01' AS p, 2 AS v", APPEND.withPartitionBy(List.of("p")));

        update(Map.of("v", "3"), "p = '2020-01-01'");

        assertThat(table.rows()).containsExactly("1|2020-01-01|3");
        assertThat(table.columns()).containsExactly("id INTEGER", "p DATE", "v INTEGER");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            tinyint;        127::BIGINT;               127
            tinyint;        NULL;                      null
            bigint;         1::TINYINT;                1
            decimal(5,2);   1.005::DECIMAL(6,3);       1.01
            decimal(5,2);   7;                         7.00
            decimal(5,2);   2.5::DOUBLE;               2.50
            float;          0.5::DOUBLE;               0.5
            double;         12345678901::BIGINT;       12345678901.0
            decimal(5,2);   1.005::DOUBLE;             1.01
            decimal(5,2);   -2.675::DOUBLE;            -2.68
            decimal(5,2);   1.005::DECIMAL(4,3);       1.01
            decimal(38,10); 1e-7::DOUBLE;              0.0000001000
            decimal(38,2);  1e20::DOUBLE;              100000000000000000000.00
            decimal(38,18); 0.1::FLOAT;                0.100000001490116120
            varchar;        'x';                       x
            date;           '2024-02-29'::DATE;        2024-02-29
            integer[];      [1::TINYINT];              [1]
            struct(a integer, b varchar); {'b': 'y', 'a': 1}; {'a': 1, 'b': y}
            """)
    void valuesThatFitAreStored(String type, String value, String stored) throws Exception {
        table.write("SELECT 1 AS id, CAST(NULL AS " + type + ") AS v");

        update(Map.of("v", value), "true");

        assertThat(table.rows()).containsExactly("1|" + stored);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            tinyint;        300;                 out of range
            integer;        id * 3000000000;     out of range
            decimal(5,2);   id * 1000.5;         out of range
            float;          1e300::DOUBLE;       out of range
            decimal(5,2);   'nan'::DOUBLE;       Could not convert string "nan"
            """)
    void valuesOutOfRangeAreErrors(String type, String value, String message) throws Exception {
        table.write("SELECT 1 AS id, CAST(NULL AS " + type + ") AS v");

        assertThatThrownBy(() -> update(Map.of("v", value), "true"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(message);
        assertThat(table.dataFiles()).hasSize(1);
        assertThat(table.rows()).containsExactly("1|null");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            v;      '7';         SCHEMA_MISMATCH;  Column 'v' has the type 'string', but in the table it is 'int'.
            v;      1.5;         SCHEMA_MISMATCH;  Column 'v' has the type 'decimal(2,1)', but in the table it is 'int'.
            v;      true;        SCHEMA_MISMATCH;  Column 'v' has the type 'boolean', but in the table it is 'int'.
            w;      1;           SCHEMA_MISMATCH;  The update sets column 'w', which is not in the table.
            v;      1 FROM x;    INVALID_WRITE;    The value of column 'v' in the update is not one SQL expression: 1 FROM x
            """)
    void whatDoesNotFitIsRefused(String column, String value, Kind kind, String message) throws Exception {
        table.write("SELECT 1 AS id, 2 AS v");

        assertThatThrownBy(() -> update(Map.of(column, value), "true"))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(kind))
                .hasMessage(message);
        assertThat(table.dataFiles()).hasSize(1);
    }

    @Test
    void settingAColumnTwiceOrNoneIsRefused() throws Exception {
        table.write("SELECT 1 AS id");

        assertThatThrownBy(() -> update(Map.of("id", "1", "ID", "2"), "true"))
                .hasMessage("The update sets column 'id' twice.");
        assertThatThrownBy(() -> update(Map.of(), "true")).hasMessage("The update sets no column.");
    }

    @Test
    void nullIsRefusedWhereTheSchemaForbidsIt() throws Exception {
        String schema = "{\"name\":\"v\",\"type\":\"integer\",\"nullable\":false,\"metadata\":{}}";
        table.log().commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{}", "id integer", schema));
        table.write("SELECT 1 AS id, 2 AS v");

        assertThatThrownBy(() -> update(Map.of("v", "NULL"), "id = 1"))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.NOT_NULL))
                .hasMessage("Column 'v' has NULLs, which the table's schema forbids.");
        assertThat(table.dataFiles()).hasSize(1);
    }

    @Test
    void eachRowGetsItsOwnRandomValue() throws Exception {
        table.write("SELECT i AS id, '' AS u FROM range(100) t(i)");

        update(Map.of("u", "uuid()::VARCHAR"), "id < 50");

        assertThat(table.duck().value("SELECT count(DISTINCT u) FROM (" + table.sql() + ")"))
                .isEqualTo("51");
    }

    @Test
    void statisticsAreThoseOfTheNewRows() throws Exception {
        table.write("SELECT i AS id, i::DOUBLE AS d FROM range(3) t(i)");

        update(Map.of("id", "id + 1000", "d", "CASE WHEN id = 1 THEN 'nan'::DOUBLE ELSE d END"), "id > 0");

        assertThat(table.newest().state().fileList().get(0).statistics().toString())
                .isEqualTo("{numRecords=3, minValues={id=0}, maxValues={id=1002}, nullCount={id=0, d=0}}");
    }
}
