package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaFitTest {
    @AutoClose
    final TestTable table;

    SchemaFitTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
    }

    @Test
    void columnsAreMatchedByNameIgnoringCase() throws Exception {
        table.write("SELECT 1 AS Id, 'a' AS name", APPEND);

        table.write("SELECT 'b' AS NAME, 2 AS iD", APPEND);
        table.write("SELECT 3 AS id", APPEND);

        assertThat(table.columns()).containsExactly("Id INTEGER", "name VARCHAR");
        assertThat(table.rows()).containsExactly("1|a", "2|b", "3|null");
    }

    @Test
    void narrowTypesAreWidened() throws Exception {
        table.write(
                "SELECT 1::BIGINT AS l, 1::DOUBLE AS d, 1::DECIMAL(20, 4) AS c, 1::SMALLINT AS s,"
                        + " [{'x': 1::BIGINT}] AS n, MAP {'k': 1::DOUBLE} AS m, 1::FLOAT AS f, 1::DOUBLE AS g",
                APPEND);

        table.write(
                "SELECT 2::INTEGER AS l, 0.1::FLOAT AS d, 2.5::DECIMAL(5, 2) AS c, 200::UTINYINT AS s,"
                        + " [{'x': 2::TINYINT}] AS n, MAP {'k': 2::INTEGER} AS m, 2::SMALLINT AS f, 2147483647 AS g",
                APPEND);

        assertThat(table.rows())
                .containsExactly(
                        "1|1.0|1.0000|1|[{'x': 1}]|{k=1.0}|1.0|1.0",
                        "2|0.10000000149011612|2.5000|200|[{'x': 2}]|{k=2.0}|2.0|2147483647.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            1::INTEGER;       1::BIGINT;          bigint;        int;           CAST("x" AS INTEGER)
            1::INTEGER;       'a';                string;        int;           CAST("x" AS INTEGER)
            'a';              1;                  int;           string;        CAST("x" AS VARCHAR)
            1::FLOAT;         1::DOUBLE;          double;        float;         CAST("x" AS FLOAT)
            1::DOUBLE;        1::BIGINT;          bigint;        double;        CAST("x" AS DOUBLE)
            1::DECIMAL(5,2);  1::DECIMAL(5,3);    decimal(5,3);  decimal(5,2);  CAST("x" AS DECIMAL(5,2))
            1::DECIMAL(10,2); 1::INTEGER;         int;           decimal(10,2); CAST("x" AS DECIMAL(10,2))
            DATE '2020-01-01'; TIMESTAMP '2020-01-01'; timestamp_ntz; date;     CAST("x" AS DATE)
            TIMESTAMPTZ '2020-01-01 00:00:00+00'; TIMESTAMP '2020-01-01'; timestamp_ntz; timestamp; timezone('UTC', "x")
            TIMESTAMP '2020-01-01'; TIMESTAMPTZ '2020-01-01 00:00:00+00'; timestamp; timestamp_ntz; timezone('UTC', "x")
            """)
    void typesThatWouldLoseAreRefused(String stored, String query, String from, String to, String cast)
            throws Exception {
        table.write("SELECT " + stored + " AS x", APPEND);

        table.assertRefused(
                "SELECT " + query + " AS x",
                APPEND.withMergeSchema(),
                Kind.SCHEMA_MISMATCH,
                "Column 'x' has the type '" + from + "', but in the table it is '" + to + "'.",
                "Cast it in the query: " + cast + ".");
    }

    @Test
    void nestedMismatchHasItsPath() throws Exception {
        table.write("SELECT [{'a': 1}] AS x", APPEND);

        table.assertRefused(
                "SELECT [{'a': 'b'}] AS x",
                APPEND,
                Kind.SCHEMA_MISMATCH,
                "Column 'x.element.a' has the type 'string', but in the table it is 'int'.",
                "Cast it in the query: CAST(\"x.element.a\" AS INTEGER).");
    }

    @Test
    void newColumnsNeedMergeSchema() throws Exception {
        table.write("SELECT 1 AS id", APPEND);

        table.assertRefused(
                "SELECT 2 AS id, 'b' AS name",
                APPEND,
                Kind.SCHEMA_MISMATCH,
                "Column 'name' is not in the table, which has 'id'.",
                "Take it out of the query, or allow new columns by merging the schema.");

        CommitResult result =
                table.write("SELECT 'b' AS name, 2 AS id, DATE '2020-01-01' AS d", APPEND.withMergeSchema());

        assertThat(result.schemaChanged()).isTrue();
        assertThat(table.columns()).containsExactly("id INTEGER", "name VARCHAR", "d DATE");
        assertThat(table.rows()).containsExactly("1|null|null", "2|b|2020-01-01");
        assertThat(table.duck().rows(table.delta().snapshot(0).toSql())).containsExactly("1");
    }

    @Test
    void structWithoutACommonFieldIsRefused() throws Exception {
        table.write("SELECT 1 AS id, {'a': 1} AS s", APPEND);

        table.assertRefused(
                "SELECT 1 AS id, {'b': 1} AS s",
                APPEND.withMergeSchema(),
                Kind.SCHEMA_MISMATCH,
                "Column 's' has the type 'struct<b:int>', but in the table it is 'struct<a:int>'.",
                "Build a value of the table's type in the query.");
    }

    @Test
    void absentStructsStayAbsentWhenFieldsAreAdded() throws Exception {
        table.write("SELECT * FROM (VALUES (1, {'a': {'x': 1}}), (2, NULL), (3, {'a': NULL})) v(id, s)", APPEND);

        table.write("SELECT 4 AS id, {'a': {'x': 1, 'y': 2}, 'b': 3} AS s", APPEND.withMergeSchema());
        table.write("SELECT * FROM (VALUES (5, {'a': {'x': 1}}), (6, NULL)) v(id, s)", APPEND);

        assertThat(table.rows())
                .containsExactly(
                        "1|{'a': {'x': 1, 'y': NULL}, 'b': NULL}",
                        "2|null",
                        "3|{'a': NULL, 'b': NULL}",
                        "4|{'a': {'x': 1, 'y': 2}, 'b': 3}",
                        "5|{'a': {'x': 1, 'y': NULL}, 'b': NULL}",
                        "6|null");
    }

    @Test
    void addedNestedFieldsAreNullInOldFiles() throws Exception {
        table.write("SELECT 1 AS id, {'a': 1} AS s, [{'a': 1}] AS l, MAP {'k': {'a': 1}} AS m", APPEND);

        table.write(
                "SELECT 2 AS id, {'b': 'x', 'a': 2} AS s, [{'b': 'x', 'a': 2}] AS l, MAP {'k': {'b': 'x', 'a': 2}} AS m",
                APPEND.withMergeSchema());

        assertThat(table.rows())
                .containsExactly(
                        "1|{'a': 1, 'b': NULL}|[{'a': 1, 'b': NULL}]|{k={'a': 1, 'b': NULL}}",
                        "2|{'a': 2, 'b': x}|[{'a': 2, 'b': x}]|{k={'a': 2, 'b': x}}");
    }

    /** DuckDB pushes filters into files, also where a column is missing or narrower than in the table. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "name IS NULL",
                "name IS NOT NULL",
                "name = 'n5'",
                "name <> 'n5' OR name IS NULL",
                "coalesce(name, 'none') = 'none'",
                "id > 3000000000",
                "id = 7",
                "id < 0",
                "s.a = 7",
                "s.b IS NULL",
                "s.b = 'b5'",
                "s IS NULL",
                "d > 1.5",
                "d = 'nan'",
                "p IS NULL AND id > 5",
                "p = 1 AND name = 'n5'",
                "p + id > 20 AND s.a IS NOT NULL",
                "t >= TIMESTAMPTZ '2020-01-10 00:00:00+00'"
            })
    void filtersFindTheSameRowsAsOnACopy(String filter) throws Exception {
        WriteOptions byP = APPEND.withPartitionBy(List.of("p"));
        table.write(
                "SELECT i::BIGINT AS id, {'a': i} AS s, CASE WHEN i % 3 > 0 THEN i % 3 END AS p, (i / 4)::DOUBLE AS d,"
                        + " TIMESTAMPTZ '2020-01-01 00:00:00+00' + to_days(i::INT) AS t FROM range(40) t(i)",
                byP);
        table.write(
                "SELECT 'n' || (i % 9) AS name, (i - 5)::SMALLINT AS id, CASE WHEN i % 2 = 0 THEN {'a': i, 'b': 'b' || (i % 9)}"
                        + " END AS s, 1 AS p, 'nan'::FLOAT AS d FROM range(40) t(i)",
                APPEND.withMergeSchema());
        table.write("SELECT 4000000000 AS id, 2 AS p", APPEND);
        table.duck().run("CREATE TABLE copy AS " + table.sql());

        assertThat(table.duck().difference("FROM (" + table.sql() + ") WHERE " + filter, "FROM copy WHERE " + filter))
                .isEqualTo("0|0");
        assertThat(table.duck().value("SELECT count(*) FROM copy")).isEqualTo("81");
    }

    @Test
    void overwriteKeepsTheSchema() throws Exception {
        table.write("SELECT 1::BIGINT AS id, 'a' AS name", APPEND);

        table.write("SELECT 2 AS id", OVERWRITE);

        assertThat(table.rows()).containsExactly("2|null");
        assertThat(table.columns()).containsExactly("id BIGINT", "name VARCHAR");
        assertThatThrownBy(() -> table.write("SELECT 'x' AS id", OVERWRITE)).isInstanceOf(LakeException.class);
    }

    @Test
    void overwriteSchemaReplacesColumnsAndPartitioning() throws Exception {
        table.write("SELECT 1 AS id, 'a' AS p", APPEND.withPartitionBy(List.of("p")));
        String id = String.valueOf(table.newest().state().metadata().json().get("id"));

        table.write("SELECT 'x' AS id, 2 AS q", OVERWRITE.withOverwriteSchema().withPartitionBy(List.of("q")));

        assertThat(table.rows()).containsExactly("x|2");
        assertThat(table.newest().partitionColumns()).containsExactly("q");
        assertThat(table.newest().state().metadata().json()).containsEntry("id", id);
        assertThat(table.duck().rows(table.delta().snapshot(0).toSql())).containsExactly("1|a");
    }

    @Test
    void overwriteSchemaNeedsAnOverwrite() throws Exception {
        table.assertRefused(
                "SELECT 1 AS id",
                APPEND.withOverwriteSchema(),
                Kind.INVALID_WRITE,
                "Only an overwrite can replace the schema, not the mode 'Append'.",
                "Use the mode 'Overwrite', or merge the schema.");
    }

    @Test
    void namesThatDifferOnlyByCaseAreRefused() throws Exception {
        table.assertRefused(
                "SELECT 1 AS a, 2 AS A",
                APPEND,
                Kind.INVALID_WRITE,
                "The query has two columns named 'A'; a Delta table does not tell names by case.",
                "Rename one of them in the query, for example \"A\" AS A_2.");
        assertThatThrownBy(() -> table.write("SELECT 1 AS a, 2 AS a", APPEND)).isInstanceOf(LakeException.class);
    }

    /** Names that {@link String#equalsIgnoreCase} takes for equal, though in lower case they differ. */
    @ParameterizedTest
    @CsvSource({"s, ſ", "i, ı", "µ, μ", "k, \u212A", "𐐀, 𐐨", "é, É"})
    void lettersOfOneCaseFoldAreOneName(String first, String second) throws Exception {
        table.assertRefused(
                "SELECT 1 AS \"" + first + "\", 2 AS \"" + second + "\"",
                APPEND,
                Kind.INVALID_WRITE,
                "The query has two columns named '" + second + "'; a Delta table does not tell names by case.",
                "Rename one of them in the query, for example \"" + second + "\" AS " + second + "_2.");
    }

    @Test
    void namesThatDeltaForbidsAreRefused() throws Exception {
        table.assertRefused(
                "SELECT count(*)",
                APPEND,
                Kind.INVALID_WRITE,
                "Column 'count_star()' has a name that a Delta table cannot have: none of \" ,;{}()=\", tab and line break"
                        + " may be in it.",
                "Rename it in the query, for example \"count_star()\" AS count_star.");
        assertThatThrownBy(() -> table.write("SELECT {'a b': 1} AS s", APPEND))
                .hasMessageStartingWith("Column 's.a b' has a name that a Delta table cannot have");
    }

    @Test
    void notNullColumnsAreKept() throws Exception {
        LogFixture log = new LogFixture(table.path());
        String id = "{\"name\":\"id\",\"type\":\"integer\",\"nullable\":false,\"metadata\":{}}";
        String inner = "{\"name\":\"s\",\"type\":{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":\"integer\","
                + "\"nullable\":false,\"metadata\":{}}]},\"nullable\":true,\"metadata\":{}}";
        log.commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{}", id, inner));

        table.write("SELECT * FROM (VALUES (1, {'a': 1}), (2, NULL)) v(id, s)", APPEND);
        table.assertRefused(
                "SELECT NULL::INTEGER AS id",
                APPEND,
                Kind.NOT_NULL,
                "Column 'id' has NULLs, which the table's schema forbids.",
                "Filter the rows or give them a value in the query.");
        table.assertRefused(
                "SELECT 3 AS id, {'a': NULL::INTEGER} AS s",
                APPEND,
                Kind.NOT_NULL,
                "Column 's.a' has NULLs, which the table's schema forbids.",
                "Filter the rows or give them a value in the query.");
        table.assertRefused(
                "SELECT {'a': 1} AS s",
                APPEND,
                Kind.SCHEMA_MISMATCH,
                "Column 'id' is missing, and the table forbids NULL in it.",
                "Add the column to the query.");

        assertThat(table.rows()).containsExactly("1|{'a': 1}", "2|null");
        try (var files = Files.list(table.path())) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }
}
