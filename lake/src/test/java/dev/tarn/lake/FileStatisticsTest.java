package dev.tarn.lake;

import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileStatisticsTest {
    @AutoClose
    final TestTable table;

    FileStatisticsTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
    }

    String stats(String query) throws SQLException {
        table.write(query, OVERWRITE.withOverwriteSchema());
        List<AddFile> files = table.newest().state().fileList();
        assertThat(files).hasSize(1);
        return Json.string(files.get(0).json(), "stats").orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            (1::TINYINT), (NULL), (-5);                   {"x":-5};     {"x":1};      {"x":1}
            (9223372036854775807), (0);                   {"x":0};      {"x":9223372036854775807}; {"x":0}
            (12345678901234567890.12::DECIMAL(38,2));     {"x":12345678901234567890.12}; {"x":12345678901234567890.12}; {"x":0}
            (1e300), (0.1);                               {"x":0.1};    {"x":1E+300}; {"x":0}
            (0.0), (5.5::DOUBLE);                         {"x":-0.0};   {"x":5.5};    {"x":0}
            ('-0.0'::DOUBLE);                             {"x":-0.0};   {"x":0.0};    {"x":0}
            (0.1::FLOAT), (0.5);                          {"x":0.10000000149011612}; {"x":0.5}; {"x":0}
            ('nan'::DOUBLE), (1), (7);                    {};           {};           {"x":0}
            ('inf'::FLOAT), (1);                          {};           {};           {"x":0}
            (NULL::INTEGER);                              {};           {};           {"x":1}
            (true), (false);                              {};           {};           {"x":0}
            ('a'::BLOB);                                  {};           {};           {"x":0}
            ('b'), (''), (NULL);                          {"x":""};     {"x":"b"};    {"x":1}
            (DATE '2020-02-29'), ('0001-01-01');          {"x":"0001-01-01"}; {"x":"2020-02-29"}; {"x":0}
            (DATE '2020-02-29'), ('10000-01-01');         {};           {};           {"x":0}
            (DATE '0044-03-15 (BC)');                     {};           {};           {"x":0}
            (TIMESTAMPTZ '2020-01-01 00:00:00.123456+00'); {"x":"2020-01-01T00:00:00.123Z"}; {"x":"2020-01-01T00:00:00.124Z"}; {"x":0}
            (TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'); {"x":"1969-12-31T23:59:59.999Z"}; {"x":"1970-01-01T00:00:00.000Z"}; {"x":0}
            (TIMESTAMP '2020-01-01 10:00:00');            {"x":"2020-01-01T10:00:00.000"}; {"x":"2020-01-01T10:00:00.000"}; {"x":0}
            (TIMESTAMP '9999-12-31 23:59:59.999999');     {};           {};           {"x":0}
            ([1, NULL]), (NULL);                          {};           {};           {"x":1}
            (MAP {'a': 1}), (NULL), (NULL);               {};           {};           {"x":2}
            ({'a': 1, 'b': {'c': 'z'}}), (NULL), ({'a': NULL, 'b': NULL}); {"x":{"a":1,"b":{"c":"z"}}}; {"x":{"a":1,"b":{"c":"z"}}}; {"x":{"a":2,"b":{"c":2}}}
            """)
    void rangesAreExactOrAbsent(String values, String min, String max, String nulls) throws Exception {
        String stats = stats("SELECT * FROM (VALUES " + values + ") v(x)");

        assertThat(stats).endsWith(",\"minValues\":" + min + ",\"maxValues\":" + max + ",\"nullCount\":" + nulls + "}");
    }

    @Test
    void sumOfRowsIsExact() throws Exception {
        assertThat(stats("SELECT i FROM range(300000) t(i)"))
                .isEqualTo("{\"numRecords\":300000,\"minValues\":{\"i\":0},\"maxValues\":{\"i\":299999},"
                        + "\"nullCount\":{\"i\":0}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            repeat('a', 32);                     32; false
            repeat('a', 33);                     32; true
            repeat('a', 400);                    32; true
            repeat('b', 31) || repeat('é', 5);   32; true
            repeat('😀', 40);                    32; true
            """)
    void longTextsAreCutToBounds(String value, int kept, boolean cut) throws Exception {
        Map<String, Object> stats = Json.object(stats("SELECT " + value + " AS x"));
        String real = table.duck().value("SELECT " + value);
        String min =
                Json.string(Json.child(stats, "minValues").orElseThrow(), "x").orElseThrow();
        String max =
                Json.string(Json.child(stats, "maxValues").orElseThrow(), "x").orElseThrow();

        assertThat(min.codePointCount(0, min.length())).isEqualTo(kept);
        assertThat(real).startsWith(min);
        assertThat(max).isEqualTo(cut ? min + "\uDBFF\uDFFF" : min);
        table.duck().run("CREATE OR REPLACE TABLE bounds AS SELECT '" + max + "' AS high, '" + min + "' AS low");
        assertThat(table.duck().value("SELECT low <= " + value + " AND " + value + " <= high FROM bounds"))
                .isEqualTo("true");
    }

    @Test
    void textThatDuckDbGivesNoRangeForHasNone() throws Exception {
        assertThat(stats("SELECT repeat('é', 20000) AS x"))
                .isEqualTo("{\"numRecords\":1,\"minValues\":{},\"maxValues\":{},\"nullCount\":{\"x\":0}}");
    }

    @Test
    void firstColumnsHaveStatistics() throws Exception {
        String columns = IntStream.range(0, 40).mapToObj(i -> i + " AS c" + i).collect(Collectors.joining(", "));

        Map<String, Object> stats = Json.object(stats("SELECT {'a': 1, 'b': 2} AS s, " + columns));

        assertThat(Json.child(stats, "minValues").orElseThrow()).hasSize(31).containsKeys("s", "c29");
        assertThat(Json.child(stats, "nullCount").orElseThrow()).hasSize(31);
    }

    @Test
    void bigTableHasStatisticsOfAllItsRowGroups() throws Exception {
        assertThat(stats("SELECT 5 - i AS x, CASE WHEN i % 2 = 0 THEN 'k' || i END AS y FROM range(400000) t(i)"))
                .isEqualTo("{\"numRecords\":400000,\"minValues\":{\"x\":-399994,\"y\":\"k0\"},"
                        + "\"maxValues\":{\"x\":5,\"y\":\"k99998\"},\"nullCount\":{\"x\":0,\"y\":200000}}");
    }
}
