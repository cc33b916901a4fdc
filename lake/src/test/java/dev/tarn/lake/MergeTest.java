package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
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

class MergeTest {
    @AutoClose
    final TestTable table;

    MergeTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    Connection duckdb() {
        return table.duck().connection();
    }

    Merge merge(String query, String condition) {
        return table.delta().merge(duckdb(), query, condition);
    }

    @Test
    void upsertsByKey() throws Exception {
        table.write("SELECT i AS id, 'old' || i AS name FROM range(4) t(i)");
        table.write("SELECT i AS id, 'old' || i AS name FROM range(10, 14) t(i)");

        ChangeResult result = merge("SELECT i AS id, 'new' || i AS name FROM range(2, 6) t(i)", "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(result).isEqualTo(new ChangeResult(OptionalLong.of(2), 2, 2, 0, 2, 2, 1, 0, false));
        assertThat(table.rows())
                .containsExactly(
                        "0|old0",
                        "1|old1",
                        "2|new2",
                        "3|new3",
                        "4|new4",
                        "5|new5",
                        "10|old10",
                        "11|old11",
                        "12|old12",
                        "13|old13");
    }

    @Test
    void firstClauseWhoseConditionHoldsDecides() throws Exception {
        table.write("SELECT i AS id, i AS v, 0 AS n FROM range(8) t(i)");

        ChangeResult result = merge("SELECT i AS id, i * 10 AS v FROM range(2, 12) t(i)", "t.id = s.id")
                .as("t", "s")
                .whenMatched("t.v = 2")
                .delete()
                .whenMatched("s.v < 50")
                .update(Map.of("v", "s.v + t.v"))
                .whenMatched("t.id = 6 OR NULL")
                .update(Map.of("t.n", "1"))
                .whenNotMatched("v = 80")
                .insert(Map.of("id", "-id", "v", "v"))
                .whenNotMatched("s.v > 90")
                .insert(Map.of("id", "id", "n", "7"))
                .whenNotMatchedBySource("t.id = 0")
                .delete()
                .whenNotMatchedBySource()
                .update(Map.of("n", "n - 1"))
                .execute();

        assertThat(table.rows())
                .containsExactly(
                        "-8|80|null",
                        "1|1|-1",
                        "3|33|0",
                        "4|44|0",
                        "5|5|0",
                        "6|6|1",
                        "7|7|0",
                        "10|null|7",
                        "11|null|7");
        assertThat(result).isEqualTo(new ChangeResult(OptionalLong.of(1), 3, 4, 2, 2, 2, 1, 0, false));
    }

    @Test
    void nullKeysMatchNothing() throws Exception {
        table.write("SELECT unnest([1, NULL]) AS id, 'old' AS v");

        merge("SELECT unnest([1, NULL]) AS id, 'new' AS v", "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(table.rows()).containsExactly("1|new", "null|new", "null|old");
    }

    @Test
    void nullsMatchWhereTheConditionSaysSo() throws Exception {
        table.write("SELECT unnest([1, NULL]) AS id, 'old' AS v");

        merge("SELECT NULL::INTEGER AS id, 'new' AS v", "target.id IS NOT DISTINCT FROM source.id")
                .whenMatched()
                .updateAll()
                .execute();

        assertThat(table.rows()).containsExactly("1|old", "null|new");
    }

    @Test
    void severalSourceRowsForOneRowAreAnError() throws Exception {
        table.write("SELECT i AS id, 'k' AS k, 0 AS v FROM range(5) t(i)");
        String twice = "SELECT i % 3 AS id, 'k' AS k, i AS v FROM range(5) t(i)";

        assertThatThrownBy(() -> merge(twice, "target.id = source.id AND source.k = target.k")
                        .whenMatched("source.v > 2")
                        .updateAll()
                        .execute())
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.MULTIPLE_MATCHES))
                .hasMessageMatching("Several rows of the source match the same row of table '.*', for example where"
                        + " id = [01] and k = k; id = [01] and k = k\\.");
        assertThat(table.newest().version()).isZero();
        assertThat(table.dataFiles()).hasSize(1);
    }

    @Test
    void severalSourceRowsMayDeleteOneRow() throws Exception {
        table.write("SELECT i AS id FROM range(3) t(i)");

        ChangeResult result = merge("SELECT unnest([1, 1, 1, 7, 7]) AS id", "target.id = source.id")
                .whenMatched()
                .delete()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(result.deleted()).isEqualTo(1);
        assertThat(result.inserted()).isEqualTo(2);
        assertThat(table.rows()).containsExactly("0", "2", "7", "7");
    }

    @Test
    void severalSourceRowsThatChangeNothingDoNotMultiplyRows() throws Exception {
        table.write("SELECT i AS id, 0 AS v FROM range(3) t(i)");

        merge("SELECT unnest([1, 1]) AS id, 1 AS v", "target.id = source.id")
                .whenNotMatchedBySource("id = 0")
                .update(Map.of("v", "5"))
                .execute();

        assertThat(table.rows()).containsExactly("0|5", "1|0", "2|0");
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

    /** One evaluation of the source: its random keys are the same when rows are found and when they are written. */
    @Test
    void sourceRunsOnce() throws Exception {
        table.write("SELECT i AS id, 0.0::DOUBLE AS v FROM range(1000) t(i)");
        table.duck().run("CREATE SEQUENCE s");

        ChangeResult result = merge(
                        "SELECT DISTINCT ON (id) * FROM (SELECT floor(random() * 2000)::BIGINT AS id, nextval('s')::DOUBLE AS"
                                + " v FROM range(500))",
                        "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(table.duck().value("SELECT nextval('s')")).isEqualTo("501");
        assertThat(table.duck()
                        .value("SELECT count(*), count(DISTINCT id), count(*) FILTER (v > 0) FROM (" + table.sql()
                                + ")"))
                .isEqualTo((1000 + result.inserted()) + "|" + (1000 + result.inserted()) + "|"
                        + (result.inserted() + result.updated()));
    }

    @Test
    void sourceMayReadTheTable() throws Exception {
        table.write("SELECT i AS id, i AS v FROM range(3) t(i)");

        merge("SELECT id + 1 AS id, v * 100 AS v FROM (" + table.sql() + ")", "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(table.rows()).containsExactly("0|0", "1|0", "2|100", "3|200");
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
    void textAndNumberAreComparedAsNumbers() throws Exception {
        table.write("SELECT '9' AS k, 0 AS v");
        table.write("SELECT '10' AS k, 0 AS v");

        ChangeResult result = merge("SELECT 9 AS k UNION ALL SELECT 10", "target.k::INT = source.k")
                .whenMatched()
                .delete()
                .execute();

        assertThat(result.deleted()).isEqualTo(2);
    }

    @Test
    void collationOfTheConnectionCounts() throws Exception {
        table.write("SELECT 'ABC' AS k");
        table.duck().run("SET default_collation = 'NOCASE'");

        assertThat(merge("SELECT 'abc' AS k", "target.k = source.k")
                        .whenMatched()
                        .delete()
                        .execute()
                        .deleted())
                .isEqualTo(1);
    }

    @Test
    void newColumnsNeedSchemaEvolution() throws Exception {
        table.write("SELECT 1 AS id, {'a': 1} AS s");
        table.write("SELECT 2 AS id, {'a': 2} AS s");
        String query =
                "SELECT 1 AS ID, {'a': 10, 'b': 'x'} AS s, DATE '2024-02-29' AS day UNION ALL SELECT 3, {'a': 30,"
                        + " 'b': 'y'}, NULL";

        merge("SELECT id, s.a, 5 AS more FROM (" + query + ")", "target.id = source.id")
                .whenMatched()
                .update(Map.of("s", "{'a': source.a}"))
                .execute();
        assertThat(table.columns()).containsExactly("id INTEGER", "s STRUCT(a INTEGER)");

        ChangeResult result = merge(query, "target.id = source.id")
                .withSchemaEvolution()
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(result.updated()).isEqualTo(1);
        assertThat(table.columns()).containsExactly("id INTEGER", "s STRUCT(a INTEGER, b VARCHAR)", "day DATE");
        assertThat(table.rows())
                .containsExactly(
                        "1|{'a': 10, 'b': x}|2024-02-29", "2|{'a': 2, 'b': NULL}|null", "3|{'a': 30, 'b': y}|null");
    }

    @Test
    void missingColumnsKeepTheirValuesUnderSchemaEvolution() throws Exception {
        table.write("SELECT 1 AS id, 'a' AS name, 5 AS v");

        assertThatThrownBy(() -> merge("SELECT 1 AS id, 6 AS v", "target.id = source.id")
                        .whenMatched()
                        .updateAll()
                        .execute())
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.SCHEMA_MISMATCH))
                .hasMessage("Column 'name' is not in the source of the merge, so updateAll has no value for it.");
        merge("SELECT unnest([1, 2]) AS id, 6 AS v", "target.id = source.id")
                .withSchemaEvolution()
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(table.rows()).containsExactly("1|a|6", "2|null|6");
        assertThat(table.columns()).containsExactly("id INTEGER", "name VARCHAR", "v INTEGER");
    }

    @Test
    void schemaEvolvesByNamedColumnsToo() throws Exception {
        table.write("SELECT 1 AS id");

        merge("SELECT 1 AS id, 'x' AS note, 3 AS other", "target.id = source.id")
                .withSchemaEvolution()
                .whenMatched()
                .update(Map.of("note", "source.note"))
                .execute();

        assertThat(table.columns()).containsExactly("id INTEGER", "note VARCHAR");
        assertThat(table.rows()).containsExactly("1|x");
    }

    @Test
    void oddNamesAreColumns() throws Exception {
        table.write("SELECT 1 AS \"a.b\", 2 AS target, 3 AS source, 4 AS _tarn_row, 5 AS file_row_number, 6 AS rowid,"
                + " 7 AS \"order\", 8 AS größe, 9 AS _tarn_source_row, 10 AS c0");

        merge(
                        "SELECT 1 AS \"a.b\", 20 AS target, 30 AS source, 40 AS _tarn_row, 50 AS file_row_number, 60 AS"
                                + " rowid, 70 AS \"order\", 80 AS größe, 90 AS _tarn_source_row, 100 AS c0",
                        "target.\"a.b\" = source.\"a.b\" AND target.target = 2 AND source.source = 30 AND target._tarn_row ="
                                + " 4 AND target.file_row_number = 5 AND source.rowid = 60")
                .whenMatched()
                .updateAll()
                .execute();

        assertThat(table.rows()).containsExactly("1|20|30|40|50|60|70|80|90|100");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            target.id = source.nope;    Values list "source" does not have a column named "nope"
            id = source.id;             Ambiguous reference to column name "id"
            target.id =;                syntax error
            """)
    void errorsAreDuckDbsOwn(String condition, String message) throws Exception {
        table.write("SELECT 1 AS id");

        assertThatThrownBy(() -> merge("SELECT 1 AS id", condition)
                        .whenMatched()
                        .delete()
                        .execute())
                .isInstanceOf(SQLException.class)
                .satisfies(
                        error -> assertThat(error.getMessage()).containsAnyOf(message, "does not have a column named"));
    }

    @Test
    void errorInTheSourceHasItsOwnPosition() throws Exception {
        table.write("SELECT 1 AS id");
        table.duck().run("SET errors_as_json = true");

        assertThatThrownBy(() -> merge("SELECT nope FROM range(3);", "true")
                        .whenMatched()
                        .delete()
                        .execute())
                .isInstanceOf(StatementException.class)
                .hasMessageContaining("\"position\":\"7\"");
    }

    @Test
    void clausesThatMakeNoSenseAreRefused() throws Exception {
        table.write("SELECT 1 AS id");

        assertThatThrownBy(() -> merge("SELECT 1 AS id", "true").execute())
                .hasMessage("The merge has no clause, so it would do nothing.");
        assertThatThrownBy(() -> merge("SELECT 1 AS id", "true")
                        .whenMatched()
                        .delete()
                        .whenMatched("true")
                        .updateAll()
                        .execute())
                .hasMessage("Only the last 'WHEN MATCHED' clause of a merge can be without a condition.");
        assertThatThrownBy(() -> merge("SELECT 1 AS id", "true").as("x", "X"))
                .hasMessage("The names 'x' and 'X' do not tell table and source of a merge apart.");
        assertThatThrownBy(() -> merge("SELECT 1 AS id", "target.id = random()")
                        .whenMatched()
                        .delete()
                        .execute())
                .hasMessageStartingWith("The condition of the merge calls 'random'");
        assertThatThrownBy(() -> merge("SELECT 1 AS id", "true")
                        .whenNotMatched("target.id = 1")
                        .insertAll()
                        .execute())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("Referenced table \"target\" not found");
        assertThatThrownBy(() -> merge("SELECT 1 AS id, 2 AS ID", "true")
                        .whenMatched()
                        .delete()
                        .execute())
                .hasMessageStartingWith("The query has two columns named 'ID'");
        assertThatThrownBy(() -> merge("SELECT 1 AS id", "true")
                        .whenMatched()
                        .update(Map.of("nope", "1"))
                        .execute())
                .hasMessage("The update of the merge sets column 'nope', which is not in the table.");
        assertThat(table.newest().version()).isZero();
    }

    @Test
    void appendOnlyTableTakesInsertsOnly() throws Exception {
        table.log()
                .commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{\"delta.appendOnly\":\"true\"}", "id integer"));

        merge("SELECT 1 AS id", "target.id = source.id")
                .whenNotMatched()
                .insertAll()
                .execute();
        assertThatThrownBy(() -> merge("SELECT 1 AS id", "target.id = source.id")
                        .whenMatched()
                        .delete()
                        .execute())
                .hasMessageContaining("its rows cannot be changed by this merge");

        assertThat(table.rows()).containsExactly("1");
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
