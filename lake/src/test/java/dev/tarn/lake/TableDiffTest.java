package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.TableDiff.Counts;
import dev.tarn.lake.TableDiff.Difference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableDiffTest {
    @AutoClose
    final TestTable table;

    @AutoClose
    final TestTable other;

    @AutoClose
    final TableSession session = TableSession.open();

    final Path folder;

    TableDiffTest(@TempDir Path folder) throws SQLException {
        this.folder = folder;
        table = new TestTable(folder.resolve("t"));
        other = new TestTable(folder.resolve("o"));
    }

    @Test
    void findsRowsOfVersionsByKey() throws Exception {
        table.write("SELECT i AS id, i % 3 AS k, CASE WHEN i <> 4 THEN 'n' || i END AS name, 'nan'::DOUBLE AS d FROM"
                + " range(10) t(i)");
        table.delta().update(table.duck().connection(), Map.of("name", "NULL"), "id = 3");
        table.delta().update(table.duck().connection(), Map.of("name", "'x'"), "id = 4");
        table.delta().delete(table.duck().connection(), "id = 9");
        table.write("SELECT 20::BIGINT AS id, 0::BIGINT AS k, 'new' AS name, 1::DOUBLE AS d");

        TableDiff diff = session.diff(table.delta().snapshot(0), table.newest(), List.of("ID"));

        assertThat(diff.counts()).isEqualTo(new Counts(10, 10, 1, 1, 2));
        assertThat(diff.columns()).isEmpty();
        assertThat(diff.rows().texts(100))
                .containsExactly(
                        Arrays.asList("before", "3", "0", "n3", "nan"),
                        Arrays.asList("after", "3", "0", null, "nan"),
                        Arrays.asList("before", "4", "1", null, "nan"),
                        Arrays.asList("after", "4", "1", "x", "nan"),
                        Arrays.asList("removed", "9", "0", "n9", "nan"),
                        Arrays.asList("added", "20", "0", "new", "1.0"));
    }

    @Test
    void countsEqualRowsWithoutAKey() throws Exception {
        table.write("SELECT 1 AS a UNION ALL SELECT 1 UNION ALL SELECT NULL");
        other.write("SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT NULL");

        TableDiff diff = session.diff(table.newest(), other.newest(), List.of());

        assertThat(diff.counts()).isEqualTo(new Counts(3, 3, 1, 1, 0));
        assertThat(diff.rows().json(10))
                .containsExactly(Map.of("_change", "removed", "a", 1), Map.of("_change", "added", "a", 2));
    }

    @Test
    void tellsHowColumnsDiffer() throws Exception {
        table.write("SELECT 1 AS a, 'x' AS gone, 3 AS same, [1] AS b");
        other.write(
                "SELECT 1::BIGINT AS a, 3 AS same, 'p' AS fresh, '[1]' AS b", APPEND.withPartitionBy(List.of("fresh")));

        TableDiff diff = session.diff(table.newest(), other.newest(), List.of());

        assertThat(diff.columns())
                .containsExactly(
                        new Difference("a", Optional.of("int"), Optional.of("bigint")),
                        new Difference("fresh", Optional.empty(), Optional.of("string (partition)")),
                        new Difference("b", Optional.of("array<int>"), Optional.of("string")),
                        new Difference("gone", Optional.of("string"), Optional.empty()));
        assertThat(diff.counts().isNone()).isTrue();
        assertThat(diff.isEmpty()).isFalse();
    }

    @Test
    void aMoveToOtherFilesIsNoDifference() throws Exception {
        table.write("FROM range(10) t(id)");
        table.write("FROM range(10) t(id)");
        table.delta().optimize(table.duck().connection()).execute();

        assertThat(session.diff(table.delta().snapshot(1), table.newest(), List.of())
                        .isEmpty())
                .isTrue();
    }

    @Test
    void refusesAKeyThatIsNone() throws Exception {
        table.write("SELECT i AS id, i // 2 AS k FROM range(4) t(i)");
        table.delta().delete(table.duck().connection(), "id = 0");

        assertThatThrownBy(() -> session.diff(table.newest(), table.delta().snapshot(0), List.of("k")))
                .hasMessage("The key 'k' does not tell rows apart: before, 1 value has several rows.");
        assertThatThrownBy(() -> session.diff(table.newest(), table.newest(), List.of("z")))
                .hasMessage("The key column 'z' is not in both.");
    }

    @Test
    void rowsGoToFiles() throws Exception {
        table.write("SELECT 1 AS a, 'x,y' AS b UNION ALL SELECT 2, NULL");
        TableRows rows = session.rows(table.newest(), Optional.of("a < 3"), List.of("B", "a"));

        assertThat(rows.columns())
                .containsExactly(new TableRows.Column("b", "VARCHAR"), new TableRows.Column("a", "INTEGER"));
        assertThat(rows.count()).isEqualTo(2);
        Path csv = folder.resolve("a 'b'.csv");
        assertThat(rows.write(csv, TableRows.Format.CSV, 10)).isEqualTo(2);
        assertThat(Files.readString(csv)).isEqualTo("b,a\n\"x,y\",1\n,2\n");
        Path parquet = folder.resolve("a.parquet");
        rows.write(parquet, TableRows.Format.PARQUET, 1);
        assertThat(table.duck().rows("FROM '" + parquet + "'")).containsExactly("x,y|1");
        assertThatThrownBy(() -> session.rows(table.newest(), Optional.of("z = 1"), List.of())
                        .count())
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("DuckDB refuses the condition: Binder Error: ");
    }
}
