package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.fs.LocalFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an instance remembers of the log, and when it must not trust it. */
class CachedSnapshotTest {
    @AutoClose
    final TestTable table;

    final DeltaTable reader;

    CachedSnapshotTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("t"));
        reader = DeltaTable.forPath(table.path());
    }

    List<String> rows() throws SQLException {
        return table.rows(reader.snapshot().orElseThrow());
    }

    @Test
    void laterCommitsAreAdded() throws Exception {
        table.write("SELECT 1 AS id", APPEND);
        assertThat(rows()).containsExactly("1");

        table.write("SELECT 2 AS id", APPEND);
        assertThat(rows()).containsExactly("1", "2");
        Snapshot second = reader.snapshot().orElseThrow();
        table.write("SELECT 3 AS id", OVERWRITE);

        assertThat(rows()).containsExactly("3");
        assertThat(table.rows(second)).containsExactly("1", "2");
        assertThat(table.rows(reader.snapshot(0))).containsExactly("1");
    }

    @Test
    void commitsThatWereReadAreNotReadAgain() throws Exception {
        table.write("SELECT 1 AS id", APPEND);
        table.write("SELECT 2 AS id", APPEND);
        assertThat(rows()).containsExactly("1", "2");
        Files.writeString(table.log().commitPath(0), "nonsense");

        reader.stage(table.duck().connection(), "SELECT 3 AS id", APPEND).commit();

        assertThat(rows()).containsExactly("1", "2", "3");
        assertThatThrownBy(table::newest).hasMessageContaining("00000000000000000000.json' is damaged");
    }

    @Test
    void tableMadeAnewInItsPlaceIsReadAnew() throws Exception {
        table.write("SELECT 1 AS id", APPEND);
        table.write("SELECT 2 AS id", APPEND);
        assertThat(rows()).containsExactly("1", "2");

        LocalFiles.deleteTree(table.path());
        assertThat(reader.snapshot()).isEmpty();
        for (String id : List.of("a", "b", "c")) {
            table.write("SELECT '" + id + "' AS other", APPEND);
        }

        assertThat(rows()).containsExactly("a", "b", "c");
    }

    @Test
    void tableMadeAnewWithoutALookInBetweenIsReadAnew() throws Exception {
        table.write("SELECT 1 AS id", APPEND);
        table.write("SELECT 2 AS id", APPEND);
        assertThat(rows()).containsExactly("1", "2");

        LocalFiles.deleteTree(table.path());
        for (String id : List.of("a", "b", "c")) {
            table.write("SELECT '" + id + "' AS other", APPEND);
        }

        assertThat(rows()).containsExactly("a", "b", "c");
    }

    @Test
    void logThatWasCutBehindACheckpointIsReadFromThere() throws Exception {
        for (int i = 0; i < 5; i++) {
            table.write("SELECT " + i + " AS id", APPEND);
            if (i == 1) {
                assertThat(rows()).hasSize(2);
            }
        }
        table.log().checkpoint(table.duck(), 3, "parquet", "true");
        for (int version = 0; version <= 3; version++) {
            Files.delete(table.log().commitPath(version));
        }

        assertThat(rows()).containsExactly("0", "1", "2", "3", "4");
    }
}
