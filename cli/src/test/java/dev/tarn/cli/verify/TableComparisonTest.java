package dev.tarn.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.project.NodeId;
import dev.tarn.core.story.Sensitive;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.TableDiff.Counts;
import dev.tarn.lake.TableDiff.Difference;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableComparisonTest {
    private static final String ROWS =
            "SELECT i AS id, 'n' || i AS name, CASE i WHEN 3 THEN NULL WHEN 4 THEN 'nan'::DOUBLE"
                    + " ELSE i / 4 END AS d, (i / 8)::DECIMAL(9,3) AS amount, TIMESTAMPTZ '2026-03-29 01:30:00.000001+00' AS at"
                    + " FROM range(1000) t(i)";

    @TempDir
    Path folder;

    private int tables;

    private Path table(String name, String query) throws SQLException {
        Path table = folder.resolve(name + tables++);
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            DeltaTable.forPath(table).overwrite(duckdb, query);
        }
        return table;
    }

    private static TableComparison comparison(List<String> key, boolean asked, Set<String> ignored, String... hidden) {
        return new TableComparison(
                new NodeId("p", "n"),
                "lake:t",
                List.of("duckdb", "spark"),
                key,
                asked,
                ignored,
                new Sensitive.Names(false, Set.of(hidden)),
                10);
    }

    private TableVerdict compare(String first, String second, String... key) throws SQLException {
        return comparison(List.of(key), true, Set.of()).compare(table("first", first), table("second", second));
    }

    @Test
    void equalRowsInAnotherOrderAreTheSame() throws Exception {
        TableVerdict verdict = compare(ROWS, ROWS + " ORDER BY id DESC");

        assertThat(verdict.isSame()).isTrue();
        assertThat(verdict.counts()).isEqualTo(new Counts(1000, 1000, 0, 0, 0));
    }

    @Test
    void oneRowMoreIsFound() throws Exception {
        TableVerdict verdict = compare(ROWS, "SELECT * FROM (" + ROWS + ") WHERE id <> 7");

        assertThat(verdict.isSame()).isFalse();
        assertThat(verdict.counts()).isEqualTo(new Counts(1000, 999, 0, 1, 0));
        assertThat(verdict.header()).containsExactly("engine", "id", "name", "d", "amount", "at");
        assertThat(verdict.rows())
                .containsExactly(List.of("only duckdb", "7", "n7", "1.75", "0.875", "2026-03-29 01:30:00.000001+00"));
    }

    @Test
    void aRowThatIsThereTwiceIsFound() throws Exception {
        TableVerdict verdict = compare(ROWS, ROWS + " UNION ALL SELECT * FROM (" + ROWS + ") WHERE id = 3");

        assertThat(verdict.counts()).isEqualTo(new Counts(1000, 1001, 1, 0, 0));
        assertThat(verdict.rows())
                .containsExactly(
                        Arrays.asList("only spark", "3", "n3", null, "0.375", "2026-03-29 01:30:00.000001+00"));
    }

    @Test
    void oneDigitOfOneDecimalIsFoundWithItsKey() throws Exception {
        String other = ROWS.replace("(i / 8)", "(CASE i WHEN 500 THEN 62.501 ELSE i / 8 END)");

        TableVerdict verdict = compare(ROWS, other, "id");

        assertThat(verdict.counts()).isEqualTo(new Counts(1000, 1000, 0, 0, 1));
        assertThat(verdict.columns()).isEmpty();
        assertThat(verdict.key()).containsExactly("id");
        assertThat(verdict.rows())
                .containsExactly(
                        List.of("duckdb", "500", "n500", "125.0", "62.500", "2026-03-29 01:30:00.000001+00"),
                        List.of("spark", "500", "n500", "125.0", "62.501", "2026-03-29 01:30:00.000001+00"));
    }

    @Test
    void anotherTypeOfTheSameValuesIsFound() throws Exception {
        for (String[] change : new String[][] {
            {"SELECT i AS id", "SELECT i::INT AS id", "id", "bigint", "int"},
            {"DECIMAL(9,3)", "DECIMAL(9,4)", "amount", "decimal(9,3)", "decimal(9,4)"},
            {
                "TIMESTAMPTZ '2026-03-29 01:30:00.000001+00'",
                "TIMESTAMP '2026-03-29 01:30:00.000001'",
                "at",
                "timestamp",
                "timestamp_ntz"
            }
        }) {
            TableVerdict verdict = compare(ROWS, ROWS.replace(change[0], change[1]));

            assertThat(verdict.isSame()).isFalse();
            assertThat(verdict.columns())
                    .containsExactly(new Difference(change[2], Optional.of(change[3]), Optional.of(change[4])));
        }
    }

    @Test
    void nullNanAndAMicrosecondAreTheirOwn() throws Exception {
        for (String[] change : new String[][] {
            {"WHEN 3 THEN NULL", "WHEN 3 THEN 'nan'::DOUBLE"},
            {"WHEN 4 THEN 'nan'::DOUBLE", "WHEN 4 THEN NULL"},
            {"'n' || i", "CASE i WHEN 9 THEN 'n9 ' ELSE 'n' || i END"},
            {"'n' || i", "CASE i WHEN 9 THEN NULL ELSE 'n' || i END"},
        }) {
            assertThat(compare(ROWS, ROWS.replace(change[0], change[1]), "id").counts())
                    .as(change[1])
                    .isEqualTo(new Counts(1000, 1000, 0, 0, 1));
        }
        assertThat(compare(ROWS, ROWS.replace(".000001+00", ".000002+00")).counts())
                .isEqualTo(new Counts(1000, 1000, 1000, 1000, 0));
    }

    @Test
    void anotherOrderOfColumnsOrOneMoreIsFound() throws Exception {
        TableVerdict order = compare("SELECT 1 AS a, 2 AS b", "SELECT 2 AS b, 1 AS a");
        TableVerdict more = compare("SELECT 1 AS a", "SELECT 1 AS a, 2 AS b");

        assertThat(order.order()).isFalse();
        assertThat(order.isSame()).isFalse();
        assertThat(more.columns()).containsExactly(new Difference("b", Optional.of("absent"), Optional.of("int")));
        assertThat(more.isSame()).isFalse();
    }

    @Test
    void aKeyThatIsNoneIsTroubleOnlyIfSomebodyAskedForIt() throws Exception {
        Path first = table("first", "SELECT 1 AS k, i AS v FROM range(3) t(i)");
        Path second = table("second", "SELECT 1 AS k, i AS v FROM range(4) t(i)");

        TableVerdict asked = comparison(List.of("k"), true, Set.of()).compare(first, second);
        TableVerdict own = comparison(List.of("k"), false, Set.of()).compare(first, second);

        assertThat(asked.trouble().orElseThrow()).contains("does not tell rows apart");
        assertThat(own.key()).isEmpty();
        assertThat(own.counts()).isEqualTo(new Counts(3, 4, 1, 0, 0));
    }

    @Test
    void columnsOfTheRunAreNotCompared() throws Exception {
        Path first = table("first", "SELECT 1 AS a, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS _extracted_at");
        Path second = table("second", "SELECT 1 AS a, TIMESTAMPTZ '2026-01-02 00:00:00+00' AS _extracted_at");

        assertThat(comparison(List.of(), false, Set.of("_extracted_at"))
                        .compare(first, second)
                        .isSame())
                .isTrue();
        assertThat(comparison(List.of(), false, Set.of()).compare(first, second).isSame())
                .isFalse();
    }

    @Test
    void valuesOfSensitiveColumnsAreNotShown() throws Exception {
        Path first = table("first", "SELECT 1 AS id, 'Ada' AS name");
        Path second = table("second", "SELECT 1 AS id, 'Ben' AS name");

        TableVerdict verdict = comparison(List.of("id"), true, Set.of(), "name").compare(first, second);

        assertThat(verdict.rows())
                .containsExactly(List.of("duckdb", "1", Sensitive.MASK), List.of("spark", "1", Sensitive.MASK));
    }

    @Test
    void aTableThatOnlyOneHasIsTrouble() throws Exception {
        Path first = table("first", "SELECT 1 AS a");

        TableVerdict verdict = comparison(List.of(), false, Set.of()).compare(first, folder.resolve("none"));

        assertThat(verdict.trouble()).contains("was not written on spark");
        assertThat(verdict.isSame()).isFalse();
    }
}
