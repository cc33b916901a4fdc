package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The columns and names of a merge, schema evolution, and what is refused. */
class MergeColumnsTest {
    @AutoClose
    final TestTable table;

    MergeColumnsTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    Connection duckdb() {
        return table.duck().connection();
    }

    Merge merge(String query, String condition) {
        return table.delta().merge(duckdb(), query, condition);
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
}
