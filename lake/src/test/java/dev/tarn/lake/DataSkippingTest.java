package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads with a condition: the same rows as without skipping, from fewer files. */
class DataSkippingTest {
    @AutoClose
    final TestTable table;

    final LogFixture log;

    DataSkippingTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    private String filtered(String where) throws SQLException {
        return table.newest().toSql(table.duck().connection(), where);
    }

    /** Compares with a plain filter, and counts the files that are read. */
    private void assertReads(String where, int files) throws SQLException {
        String sql = filtered(where);
        assertThat(table.duck().difference(sql, "FROM (" + table.sql() + ") WHERE " + where))
                .as(where)
                .isEqualTo("0|0");
        assertThat(files(sql)).as(where).isEqualTo(files);
    }

    private int files(String sql) {
        int files = 0;
        for (Path file : files()) {
            files += sql.contains("'" + file + "'") ? 1 : 0;
        }
        return files;
    }

    private List<Path> files() {
        return table.newest().state().fileList().stream()
                .map(file -> file.locate(table.path()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            id = 15;                                            1
            id > 19;                                            2
            id >= 19;                                           3
            10 > id AND t <> 'x';                               1
            id BETWEEN 5 AND 12;                                4
            id = 15 OR t = 'v3';                                4
            id + 1 = 16;                                        4
            t = 'v25';                                          1
            t < 'v1';                                           1
            n < 1.5;                                            2
            n = 1.05::DECIMAL(10,3);                            1
            instant >= TIMESTAMPTZ '2020-02-09 00:00:00.000999+00';  1
            day = DATE '2020-01-16';                            1
            day < '2020-01-03';                                 1
            x > 100;                                            4
            s.a = 1;                                            4
            id IS NULL;                                         4
            id = (SELECT 15);                                   4
            """)
    void statisticsSkipFiles(String where, int files) throws Exception {
        for (int i = 0; i < 4; i++) {
            table.write("SELECT r AS id, 'v' || lpad(r::VARCHAR, 2, '0') AS t, (r / 10)::DECIMAL(9,2) AS n,"
                    + " TIMESTAMPTZ '2020-01-01 00:00:00.000999+00' + to_days(r::INTEGER) AS instant,"
                    + " DATE '2020-01-01' + r::INTEGER AS day, CASE r WHEN 3 THEN 'nan'::DOUBLE ELSE r END AS x,"
                    + " {'a': r} AS s FROM range(" + i * 10 + ", " + (i + 1) * 10 + ") t(r)");
        }

        assertReads(where, files);
    }

    /** A file whose value is NULL is read too, because a condition that is not false may mean more elsewhere. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            p = 'a/b=c %20:''"\\'; 2
            p IS NULL;             1
            p IS NOT NULL;         3
            p LIKE 'x%';           3
            p IN ('x1', 'y');      2
            upper(p) = 'X2' AND v > 0; 2
            p = 'none';            1
            p > 'x1' OR v = 1;     4
            """)
    void partitionsSkipFiles(String where, int files) throws Exception {
        table.write(
                "SELECT * FROM (VALUES (1, 'a/b=c %20:''\"\\'), (2, NULL), (3, 'x1'), (4, 'x2')) t(v, p)",
                TestTable.APPEND.withPartitionBy(List.of("p")));

        assertReads(where, files);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "{}",
                "{\"minValues\":{\"id\":\"x\"},\"maxValues\":{\"id\":\"y\"}}",
                "{\"minValues\":{\"id\":null},\"maxValues\":{\"id\":0}}",
                "{\"minValues\":{\"id\":7}}",
                "{\"minValues\":[],\"maxValues\":7}"
            })
    void fileWithoutUsableStatisticsIsRead(String statistics) throws Exception {
        table.duck().run("COPY (SELECT 5 AS id) TO '" + table.path() + "/a.parquet' (FORMAT parquet)");
        String add = LogFixture.add("a.parquet", 1);
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata("{}", "id integer"),
                add.replace(
                        "\"size\"",
                        "\"stats\":" + Json.text(List.of(statistics)).replaceAll("^.|.$", "") + ",\"size\""));

        assertReads("id = 5", 1);
    }

    /** Spark cuts timestamps to milliseconds, and texts to 32 letters with one more letter after them. */
    @Test
    void cutBoundsSkipNoRow() throws Exception {
        table.duck()
                .run("COPY (SELECT repeat('z', 40) AS t, TIMESTAMPTZ '2020-01-01 00:00:00.999999+00' AS instant) TO '"
                        + table.path() + "/a.parquet' (FORMAT parquet)");
        String text = "z".repeat(32);
        log.commit(
                0,
                LogFixture.PROTOCOL,
                LogFixture.metadata("{}", "t string", "instant timestamp"),
                LogFixture.add("a.parquet", 1)
                        .replace(
                                "\"size\"",
                                "\"stats\":\"{\\\"numRecords\\\":1,\\\"minValues\\\":{\\\"t\\\":\\\"" + text
                                        + "\\\",\\\"instant\\\":\\\"2020-01-01T00:00:00.999Z\\\"},\\\"maxValues\\\":{\\\"t\\\":\\\""
                                        + text
                                        + "\uFFFD\\\",\\\"instant\\\":\\\"2020-01-01T00:00:00.999Z\\\"}}\",\"size\""));

        assertReads("t > '" + "z".repeat(39) + "'", 1);
        assertReads("instant >= TIMESTAMPTZ '2020-01-01 00:00:00.999999+00'", 1);
        assertReads("instant > TIMESTAMPTZ '2020-01-01 00:00:01.1+00'", 0);
    }

    @Test
    void mappedColumnsHaveTheirOwnStatistics() throws Exception {
        table.duck().run("COPY (SELECT 1 AS a, 100 AS b) TO '" + table.path() + "/a.parquet' (FORMAT parquet)");
        DeltaType number = DeltaType.Primitive.INTEGER;
        DeltaType.Struct swapped = new DeltaType.Struct(List.of(
                new DeltaField(
                        "a",
                        number,
                        true,
                        Map.of("delta.columnMapping.physicalName", "b", "delta.columnMapping.id", 1)),
                new DeltaField(
                        "b",
                        number,
                        true,
                        Map.of("delta.columnMapping.physicalName", "a", "delta.columnMapping.id", 2)),
                new DeltaField(
                        "p",
                        number,
                        true,
                        Map.of("delta.columnMapping.physicalName", "col-p", "delta.columnMapping.id", 3))));
        Metadata metadata = Metadata.forNewTable(swapped, List.of("p"), 0)
                .withConfiguration(Map.of("delta.columnMapping.mode", "name"));
        log.commit(
                0,
                FeatureSupportTest.versions(2, 5),
                Json.text(Map.of("metaData", metadata.json())),
                LogFixture.add("a.parquet", 1)
                        .replace("\"partitionValues\":{}", "\"partitionValues\":{\"col-p\":\"7\"}")
                        .replace(
                                "\"size\"",
                                "\"stats\":\"{\\\"numRecords\\\":1,\\\"minValues\\\":{\\\"a\\\":1,\\\"b\\\":100},"
                                        + "\\\"maxValues\\\":{\\\"a\\\":1,\\\"b\\\":100}}\",\"size\""));

        assertReads("a = 100", 1);
        assertReads("a = 1", 0);
        assertReads("b = 1", 1);
        assertReads("b = 100", 0);
        assertReads("p = 7", 1);
        assertReads("p = 8", 0);
    }

    @Test
    void deletedRowsStayDeleted() throws Exception {
        table.duck()
                .run("COPY (SELECT range::INTEGER AS id FROM range(10)) TO '" + table.path()
                        + "/a.parquet' (FORMAT parquet)");
        log.commit(
                0,
                FeatureSupportTest.features("deletionVectors", "deletionVectors"),
                LogFixture.metadata("{}", "id integer"),
                VectorFixture.add("a.parquet", 10, VectorFixture.inline(VectorFixture.rows(5, 6), false)));

        assertThat(table.duck().rows(filtered("id BETWEEN 4 AND 7"))).containsExactly("4", "7");
    }

    @Test
    void whatIsNoConditionIsRefused() throws Exception {
        table.write("SELECT 1 AS id");

        assertThatThrownBy(() -> filtered("id")).hasMessage("The filter has the type 'INTEGER', not 'BOOLEAN': id");
        assertThatThrownBy(() -> filtered("id = 1; DROP TABLE x")).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> filtered("random() > 0.5")).hasMessageContaining("random");
        assertThatThrownBy(() -> filtered("nothing = 1")).isInstanceOf(SQLException.class);
    }
}
