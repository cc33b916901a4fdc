package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeleteTest {
    @AutoClose
    final TestTable table;

    DeleteTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    Connection duckdb() {
        return table.duck().connection();
    }

    ChangeResult delete(String where) throws SQLException {
        return table.delta().delete(duckdb(), where);
    }

    @Test
    void deletesMatchingRowsAndKeepsTheOthers() throws Exception {
        table.write("SELECT i AS id, 'n' || i AS name FROM range(5) t(i)");
        table.write("SELECT i AS id, 'n' || i AS name FROM range(10, 15) t(i)");

        ChangeResult result = delete("id IN (1, 3)");

        assertThat(result).isEqualTo(new ChangeResult(OptionalLong.of(2), 0, 0, 2, 3, 1, 1, 0, false));
        assertThat(table.rows())
                .containsExactly("0|n0", "2|n2", "4|n4", "10|n10", "11|n11", "12|n12", "13|n13", "14|n14");
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(8));
        assertThat(table.dataFiles()).hasSize(3);
    }

    /** SQL's third truth: a condition that is NULL does not hold. */
    @Test
    void nullConditionKeepsTheRow() throws Exception {
        table.write("SELECT unnest([1, 2, NULL]) AS id");

        assertThat(delete("id = 1").deleted()).isEqualTo(1);
        assertThat(delete("NOT (id = 1)").deleted()).isEqualTo(1);
        assertThat(delete("NULL").deleted()).isZero();

        assertThat(table.rows()).containsExactly("null");
    }

    @Test
    void noMatchMakesNoVersion() throws Exception {
        table.write("SELECT 1 AS id");

        assertThat(delete("id = 2")).isEqualTo(new ChangeResult(OptionalLong.empty(), 0, 0, 0, 0, 0, 0, 0, false));
        assertThat(table.newest().version()).isZero();
        assertThat(table.dataFiles()).hasSize(1);
    }

    @Test
    void withoutConditionAllFilesGoUnread() throws Exception {
        table.write("SELECT 1 AS id");
        table.write("SELECT 2 AS id");

        ChangeResult result = table.delta().delete(duckdb());

        assertThat(result).isEqualTo(new ChangeResult(OptionalLong.of(2), 0, 0, 2, 0, 0, 2, 0, false));
        assertThat(table.rows()).isEmpty();
        assertThat(table.delta().delete(duckdb()).version()).isEmpty();
    }

    @Test
    void fileOfWhichAllRowsMatchIsOnlyRemoved() throws Exception {
        table.write("SELECT 1 AS id");
        table.write("SELECT unnest([2, 3]) AS id");

        ChangeResult result = delete("id < 3");

        assertThat(result).isEqualTo(new ChangeResult(OptionalLong.of(2), 0, 0, 2, 1, 1, 2, 0, false));
        assertThat(table.rows()).containsExactly("3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            p = 'b';                       2; 0
            target.p >= 'b' AND NOT p > 'b'; 2; 0
            p IS NULL;                     1; 0
            upper(p) = 'A' OR p = 'b';     4; 0
            p = 'b' AND id = 2;            1; 1
            p = 'b' OR id = 0;             3; 1
            """)
    void partitionsAreRemovedWhole(String where, int deleted, int written) throws Exception {
        table.write(
                "SELECT i AS id, CASE i WHEN 4 THEN NULL WHEN 2 THEN 'b' WHEN 3 THEN 'b' ELSE 'a' END AS p"
                        + " FROM range(5) t(i)",
                APPEND.withPartitionBy(List.of("p")));
        String kept = "FROM (" + table.sql() + ") target WHERE (" + where + ") IS NOT TRUE ORDER BY ALL";
        List<String> expected = table.duck().rows(kept);

        ChangeResult result = delete(where);

        assertThat(result.deleted()).isEqualTo(deleted);
        assertThat(result.filesAdded()).isEqualTo(written);
        assertThat(table.rows()).isEqualTo(expected).hasSize(5 - deleted);
    }

    @Test
    void conditionMayAskOtherTables() throws Exception {
        table.write("SELECT i AS id FROM range(5) t(i)");
        table.duck().run("CREATE TABLE gone AS SELECT unnest([1, 4, NULL]) AS id");

        delete("EXISTS (SELECT 1 FROM gone WHERE gone.id = target.id)");

        assertThat(table.rows()).containsExactly("0", "2", "3");
    }

    @Test
    void orderOfRowsAndFilesStays() throws Exception {
        for (int file = 0; file < 4; file++) {
            table.write("SELECT i AS id FROM range(" + file * 1000 + ", " + (file + 1) * 1000 + ") t(i)");
        }

        delete("id % 1000 = 7");

        assertThat(table.duck()
                        .rows("SELECT stats_min, stats_max FROM parquet_metadata("
                                + SqlText.files(table.newest().state().fileList().stream()
                                        .map(file -> file.locate(table.path()).toString())
                                        .toList())
                                + ") ORDER BY stats_min::INT"))
                .containsExactly("0|999", "1000|1999", "2000|2999", "3000|3999");
        assertThat(table.duck()
                        .value("SELECT bool_and(id > before) FROM (SELECT id, lag(id) OVER () AS before FROM ("
                                + table.sql() + ") LIMIT 999)"))
                .isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            id =;                  syntax error at or near "="
            nope = 1;              Referenced column "nope" not found in FROM clause!
            id = 'x'::DATE;        Conversion Error
            """)
    void errorsAreDuckDbsOwn(String where, String message) throws Exception {
        table.write("SELECT 1 AS id");

        assertThatThrownBy(() -> delete(where)).isInstanceOf(SQLException.class).hasMessageContaining(message);
        assertThat(table.newest().version()).isZero();
        assertThat(duckdb().getAutoCommit()).isTrue();
        assertThat(table.dataFiles()).hasSize(1);
        assertThat(table.duck().rows("SELECT table_name FROM duckdb_tables() WHERE temporary"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id = 1; DROP TABLE x |   The condition of the delete is not one SQL expression: id = 1; DROP TABLE x
            id FROM x |              The condition of the delete is not one SQL expression: id FROM x
            id, id |                 The condition of the delete is not one SQL expression: id, id
            id |                     The condition of the delete has the type 'BIGINT', not 'BOOLEAN': id
            random() < 0.5 |         The condition of the delete calls 'random', which gives another value each time it is asked.
            dice() = 6 AND id > 0 |  The condition of the delete calls 'random', which gives another value each time it is asked.
            """)
    void whatIsNoConditionIsRefused(String where, String message) throws Exception {
        table.write("SELECT 1::BIGINT AS id");
        table.duck().run("CREATE MACRO dice() AS 1 + floor(random() * 6)");

        assertThatThrownBy(() -> delete(where))
                .isInstanceOf(LakeException.class)
                .hasMessage(message);
        assertThat(table.newest().version()).isZero();
    }

    @Test
    void conditionMayEndWithAComment() throws Exception {
        table.write("SELECT unnest([1, 2]) AS id");

        delete("id = 1 -- the first");

        assertThat(table.rows()).containsExactly("2");
    }

    @Test
    void oddNamesAreColumns() throws Exception {
        table.write("SELECT 1 AS \"a.b\", 2 AS target, 3 AS _tarn_row, 4 AS file_row_number, 5 AS filename,"
                + " 6 AS file_index, 7 AS \"sel'\"\"ect\", 8 AS größe, 9 AS _tarn_file UNION ALL SELECT 0, 0, 0, 0, 0, 0, 0,"
                + " 0, 0");

        delete(
                "\"a.b\" = 0 AND target = 0 AND file_row_number = 0 AND filename = 0 AND file_index = 0 AND größe = 0 AND"
                        + " _tarn_row = 0 AND \"sel'\"\"ect\" = 0");

        assertThat(table.rows()).containsExactly("1|2|3|4|5|6|7|8|9");
    }

    @Test
    void nowIsOneMoment() throws Exception {
        table.write("SELECT now() - INTERVAL 1 HOUR AS due UNION ALL SELECT now() + INTERVAL 1 HOUR");

        assertThat(delete("due < now()").deleted()).isEqualTo(1);
        assertThat(table.rows()).hasSize(1);
    }

    @Test
    void transactionOfTheCallerStaysOpen() throws Exception {
        table.write("SELECT unnest([1, 2]) AS id");
        table.duck().run("CREATE TABLE t AS SELECT 1 AS id");
        table.duck().run("BEGIN TRANSACTION");
        table.duck().run("UPDATE t SET id = 2");

        delete("id IN (SELECT id FROM t)");

        table.duck().run("ROLLBACK");
        assertThat(table.duck().value("FROM t")).isEqualTo("1");
        assertThat(table.rows()).containsExactly("1");
    }

    @Test
    void doneTransactionIsSkipped() throws Exception {
        table.write("SELECT unnest([1, 2, 3]) AS id");
        CommitOptions once = CommitOptions.DEFAULT.withTransaction("app", 1);

        table.delta().delete(duckdb(), "id = 1", once);
        ChangeResult again = table.delta().delete(duckdb(), "id = 2", once);

        assertThat(again.alreadyDone()).isTrue();
        assertThat(table.rows()).containsExactly("2", "3");
    }

    @Test
    void missingTableIsRefused() {
        assertThatThrownBy(() -> delete("true"))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.TABLE_NOT_FOUND));
        assertThat(table.path()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            "delta.appendOnly":"true"; is append-only ('delta.appendOnly' is true), so its rows cannot be changed by this delete.
            """)
    void unsupportedTablesAreRefused(String property, String message) throws Exception {
        table.log().commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{" + property + "}", "id integer"));

        assertThatThrownBy(() -> delete("id = 1")).hasMessage("Table '" + table.path() + "' " + message);
    }
}
