package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Which files a merge looks into and writes anew, and what it leaves. */
class MergeFilesTest {
    @AutoClose
    final TestTable table;

    MergeFilesTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    Connection duckdb() {
        return table.duck().connection();
    }

    Merge merge(String query, String condition) {
        return table.delta().merge(duckdb(), query, condition);
    }

    @Test
    void insertOnlyRewritesNothing() throws Exception {
        table.write("SELECT i AS id FROM range(3) t(i)");

        ChangeResult result = merge("SELECT unnest([1, 1, 3, 3, NULL]) AS id", "target.id = source.id")
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(result).isEqualTo(new ChangeResult(OptionalLong.of(1), 3, 0, 0, 0, 1, 0, 0, false));
        assertThat(table.rows()).containsExactly("0", "1", "2", "3", "3", "null");
    }

    @Test
    void noEffectMakesNoVersion() throws Exception {
        table.write("SELECT 1 AS id");

        ChangeResult noRows = merge("SELECT 1 AS id WHERE false", "target.id = source.id")
                .whenMatched()
                .delete()
                .whenNotMatched()
                .insertAll()
                .execute();
        ChangeResult noClause = merge("SELECT 1 AS id", "target.id = source.id")
                .whenMatched("false")
                .delete()
                .whenNotMatchedBySource()
                .delete()
                .execute();

        assertThat(noRows.version()).isEmpty();
        assertThat(noClause.version()).isEmpty();
        assertThat(table.newest().version()).isZero();
        assertThat(table.dataFiles()).hasSize(1);
    }

    @Test
    void tableWithoutFilesTakesInserts() throws Exception {
        table.write("SELECT 1 AS id WHERE false");

        merge("SELECT 1 AS id", "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .whenNotMatchedBySource()
                .delete()
                .execute();

        assertThat(table.rows()).containsExactly("1");
    }

    @Test
    void onlyFilesWithMatchesAreWrittenAnew() throws Exception {
        for (int file = 0; file < 4; file++) {
            table.write("SELECT i AS id, 0 AS v FROM range(" + file * 100 + ", " + (file + 1) * 100 + ") t(i)");
        }

        ChangeResult result = merge("SELECT unnest([105, 320, 999]) AS id, 1 AS v", "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(result).isEqualTo(new ChangeResult(OptionalLong.of(4), 1, 2, 0, 198, 3, 2, 0, false));
        assertThat(table.newest().state().fileList().stream()
                        .map(file -> Json.child(file.statistics(), "minValues")
                                        .orElseThrow()
                                        .get("id") + "-"
                                + Json.child(file.statistics(), "maxValues")
                                        .orElseThrow()
                                        .get("id")))
                .containsExactlyInAnyOrder("0-99", "200-299", "100-199", "300-399", "999-999");
        assertThat(table.duck().value("SELECT count(*), sum(v) FROM (" + table.sql() + ")"))
                .isEqualTo("401|3");
    }

    @Test
    void rowsChangePartition() throws Exception {
        table.write("SELECT i AS id, 'p' || i % 2 AS p FROM range(4) t(i)", APPEND.withPartitionBy(List.of("p")));

        merge("SELECT 1 AS id, 'p0' AS p UNION ALL SELECT 9, 'p9'", "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(table.rows()).containsExactly("0|p0", "1|p0", "2|p0", "3|p1", "9|p9");
        assertThat(table.duck().rows("SELECT id FROM (" + table.sql() + ") WHERE p = 'p0' ORDER BY id"))
                .containsExactly("0", "1", "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"target.id = source.id AND target.p = source.p", "target.id = source.id AND target.p = 'p1'"})
    void partitionsAreSkipped(String condition) throws Exception {
        table.write(
                "SELECT i AS id, 'p' || i % 3 AS p, 0 AS v FROM range(9) t(i)", APPEND.withPartitionBy(List.of("p")));

        ChangeResult result = merge("SELECT i AS id, 'p1' AS p, 1 AS v FROM range(9) t(i)", condition)
                .whenMatched()
                .update(Map.of("v", "source.v"))
                .execute();

        assertThat(result).isEqualTo(new ChangeResult(OptionalLong.of(1), 0, 3, 0, 0, 1, 1, 0, false));
        assertThat(table.duck().rows("SELECT id FROM (" + table.sql() + ") WHERE v = 1 ORDER BY id"))
                .containsExactly("1", "4", "7");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            bigint;                   '9223372036854775807';     '-5'
            varchar;                  repeat('é', 40) || 'x';    'a'
            varchar;                  chr(127881) || 'x';        ''
            date;                     '9999-12-31';              '0044-03-15 (BC)'
            timestamp with time zone; '2024-02-29 10:00:00.000999+00'; '1500-01-01 00:00:00+00'
            timestamp;                '2024-02-29 10:00:00.000999';    '1969-12-31 23:59:59.999999'
            decimal(38,2);            '123456789012345678901234567890.10'; '-0.01'
            double;                   'nan';                     '-inf'
            boolean;                  true;                      false
            blob;                     '\\xAA';                   ''
            """)
    void keysOfAllTypesAreFoundDespiteStatistics(String type, String one, String other) throws Exception {
        table.duck().run("SET TimeZone = 'Asia/Kolkata'");
        table.write("SELECT CAST(" + one + " AS " + type + ") AS k, 0 AS v");
        table.write("SELECT CAST(" + other + " AS " + type + ") AS k, 0 AS v");

        ChangeResult result = merge(
                        "SELECT unnest([CAST(" + one + " AS " + type + "), CAST(" + other + " AS " + type
                                + ")]) AS k, 1 AS v",
                        "target.k = source.k")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();
        merge("SELECT 1", "target.k = CAST(" + one + " AS " + type + ")")
                .whenMatched()
                .delete()
                .execute();

        assertThat(result.updated()).isEqualTo(2);
        assertThat(table.duck().value("SELECT count(*), min(v) FROM (" + table.sql() + ")"))
                .isEqualTo("1|1");
    }

    @Test
    void failureWhileWritingLeavesNoFile() throws Exception {
        table.write("SELECT i AS id, i::TINYINT AS v FROM range(100) t(i)");

        assertThatThrownBy(() -> merge("SELECT i AS id, i * 3 AS v FROM range(200) t(i)", "target.id = source.id")
                        .whenMatched()
                        .update(Map.of("v", "v + 1"))
                        .whenNotMatched()
                        .insertAll()
                        .execute())
                .isInstanceOf(SQLException.class);

        assertThat(table.dataFiles()).hasSize(1);
        assertThat(table.newest().version()).isZero();
        assertThat(table.duck().rows("SELECT table_name FROM duckdb_tables() WHERE temporary"))
                .isEmpty();
    }

    /** As Spark and others write them: without our word for what columns they have. */
    @ParameterizedTest
    @ValueSource(strings = {"id, name, s, t", "name, id, t, s", "id, name, s"})
    void filesOfOtherWritersAreChanged(String columns) throws Exception {
        table.write("SELECT 0::BIGINT AS id, '' AS name, {'a.b': 1} AS s, now() AS t WHERE false");
        Path file = table.path().resolve("part-0.parquet");
        table.duck()
                .run("COPY (SELECT " + columns + " FROM (SELECT i AS id, 'n' || i AS name, {'a.b': 7} AS s, TIMESTAMPTZ"
                        + " '2024-02-29 10:00:00+00' AS t FROM range(10) r(i))) TO '" + file + "' (FORMAT parquet)");
        table.log().commit(1, LogFixture.add("part-0.parquet", Files.size(file)));

        merge("SELECT 3 AS id UNION ALL SELECT 4", "target.id = source.id")
                .whenMatched("target.id = 3")
                .delete()
                .whenMatched()
                .update(Map.of("name", "'changed'"))
                .execute();

        assertThat(table.rows()).hasSize(9).anyMatch(row -> row.startsWith("4|changed|{'a.b': 7}|"));
        assertThat(table.delta().delete(duckdb(), "id > 5").deleted()).isEqualTo(4);
    }

    /** Table and source have 170 MB as rows, and a join that fits into the limit would leave no memory to write. */
    @Test
    void memoryOfTheOperationIsBounded(@TempDir Path spill) throws Exception {
        table.duck().run("SET temp_directory = " + SqlText.literal(spill.toString()));
        table.write("SELECT i AS id, hash(i) || '-' || hash(i, 1) AS a, 0 AS v FROM range(1500000) t(i)");
        table.duck().run("SET memory_limit = '120MB'");
        table.duck().run("SET threads = 2");

        ChangeResult result = merge(
                        "SELECT i * 2 AS id, hash(i, 2) || '-' || hash(i, 3) AS a, 1 AS v FROM range(1000000) t(i)",
                        "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        table.duck().run("SET memory_limit = '1GB'");
        assertThat(result.updated()).isEqualTo(750_000);
        assertThat(table.duck().value("SELECT count(*), count(DISTINCT id), sum(v) FROM (" + table.sql() + ")"))
                .isEqualTo("1750000|1750000|1000000");
    }
}
