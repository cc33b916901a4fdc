package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of which rows in a merge. */
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
}
