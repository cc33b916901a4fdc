package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Optimize of so many small files, or partitions, that it opens a DuckDB of its own. */
class BinsBesideTest {
    private static final int FILES = 120;

    @AutoClose
    final TestTable table;

    BinsBesideTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    /** Files of three rows, of another writer. */
    private void write() throws Exception {
        Files.createDirectories(table.path());
        List<String> actions = new ArrayList<>(List.of(LogFixture.PROTOCOL, LogFixture.metadata("{}", "id long")));
        for (int file = 0; file < FILES; file++) {
            String path = "data_" + file + ".parquet";
            table.duck()
                    .run("COPY (SELECT i AS id FROM range(" + 3 * file + ", " + (3 * file + 3) + ") t(i)) TO '"
                            + table.path().resolve(path) + "' (FORMAT parquet)");
            actions.add(LogFixture.add(path, Files.size(table.path().resolve(path))));
        }
        table.log().commit(0, actions.toArray(String[]::new));
    }

    private OptimizeResult optimize() throws SQLException {
        return table.delta().optimize(table.duck().connection()).execute();
    }

    @Test
    void keepsTheOrderOfRowsInOneFile() throws Exception {
        write();

        assertThat(optimize().filesAdded()).isEqualTo(1);

        assertThat(table.duck().rows("SELECT id FROM (" + table.sql() + ")"))
                .isEqualTo(table.duck().rows("FROM range(" + 3 * FILES + ")"));
    }

    @Test
    void writesAFileForEachPartition() throws Exception {
        for (int i = 0; i < 2; i++) {
            table.write(
                    "SELECT i + " + 100 * i
                            + " AS id, i % 10 AS p, TIMESTAMPTZ '2026-01-01 00:00:00+01' AS t FROM range(100) t(i)",
                    TestTable.APPEND.withPartitionBy(List.of("p")));
        }
        table.delta().delete(table.duck().connection(), "id = 17");
        List<String> before = table.rows();

        OptimizeResult result = optimize();

        assertThat(result.filesRemoved()).isEqualTo(20);
        assertThat(result.filesAdded()).isEqualTo(10);
        assertThat(table.rows()).isEqualTo(before);
        assertThat(table.newest().state().fileList()).allSatisfy(file -> {
            Path path = file.locate(table.path());
            String partition = String.valueOf(file.partitionValue("p"));
            assertThat(table.duck().rows("SELECT DISTINCT id % 10 FROM '" + path + "'"))
                    .containsExactly(partition);
        });
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndNothingIsLeft() throws Exception {
        write();
        Path damaged = table.path().resolve("data_77.parquet");
        Files.write(damaged, new byte[(int) Files.size(damaged)]);

        assertThatThrownBy(this::optimize).hasMessageContaining("data_77.parquet");

        assertThat(table.dataFiles()).hasSize(FILES);
        assertThat(table.delta().newestVersion()).hasValue(0);
    }
}
