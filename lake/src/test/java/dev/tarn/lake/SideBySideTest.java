package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of so many files that several are rewritten at once. */
class SideBySideTest {
    private static final int FILES = 8;
    private static final int ROWS = 40_000;

    @TempDir
    private Path directory;

    private TestTable table;

    @BeforeEach
    void open() throws Exception {
        table = new TestTable(directory);
        table.duck().run("SET threads = 2");
        for (int file = 0; file < FILES; file++) {
            table.write(
                    "SELECT i AS id, hash(i) || '-' || hash(i, 1) || '-' || hash(i, 2) AS a, 'p' || i % 2 AS p, DATE '2026-01-01' AS d FROM range("
                            + file * ROWS + ", " + (file + 1) * ROWS + ") t(i)");
        }
        assertThat(RowOperation.bytes(table.newest().state().fileList())).isGreaterThan(16 << 20);
    }

    @AfterEach
    void close() throws Exception {
        table.close();
    }

    @Test
    void keepsAllRowsInTheirFilesAndOrder() throws Exception {
        int all = FILES * ROWS;
        ChangeResult result = table.delta()
                .merge(
                        table.duck().connection(),
                        "SELECT 100 * i AS id, 'new ' || i AS a, i % 10 = 0 AS gone FROM range(" + (all / 100 + 10)
                                + ") t(i)",
                        "target.id = source.id")
                .whenMatched("source.gone")
                .delete()
                .whenMatched()
                .update(Map.of("a", "source.a"))
                .whenNotMatched()
                .insert(Map.of("id", "source.id", "a", "source.a", "p", "'p2'"))
                .execute();

        assertThat(result.deleted()).isEqualTo(all / 1000);
        assertThat(result.updated()).isEqualTo(all / 100 - all / 1000);
        assertThat(result.inserted()).isEqualTo(10);
        String expected =
                "SELECT i AS id, CASE WHEN i % 100 = 0 THEN 'new ' || i // 100 ELSE hash(i) || '-' || hash(i, 1) ||"
                        + " '-' || hash(i, 2) END AS a, 'p' || i % 2 AS p, DATE '2026-01-01' AS d FROM range(" + all
                        + ") t(i) WHERE i % 1000 <> 0 UNION ALL SELECT 100 * i, 'new ' || i, 'p2', NULL FROM range("
                        + all / 100 + ", "
                        + (all / 100 + 10) + ") t(i)";
        assertThat(table.duck().difference(table.sql(), expected)).isEqualTo("0|0");
        List<AddFile> files = table.newest().state().fileList();
        assertThat(files).hasSize(FILES + 1);
        assertThat(files).allSatisfy(this::isInOrder);
    }

    @Test
    void deletesAndUpdatesKeepTheOtherRowsInTheirFilesAndOrder() throws Exception {
        ChangeResult deleted = table.delta().delete(table.duck().connection(), "id % 100 = 3");
        assertThat(deleted.deleted()).isEqualTo(FILES * ROWS / 100);
        assertThat(deleted.copied()).isEqualTo(FILES * ROWS / 100 * 99);
        ChangeResult updated = table.delta()
                .update(table.duck().connection(), Map.of("a", "'old ' || id", "d", "NULL"), "id % 50 = 7");

        assertThat(updated.updated()).isEqualTo(FILES * ROWS / 50);
        String expected = "SELECT i AS id, CASE WHEN i % 50 = 7 THEN 'old ' || i ELSE hash(i) || '-' || hash(i, 1) ||"
                + " '-' || hash(i, 2) END AS a, 'p' || i % 2 AS p, CASE WHEN i % 50 <> 7 THEN DATE '2026-01-01' END AS d"
                + " FROM range(" + FILES * ROWS + ") t(i) WHERE i % 100 <> 3";
        assertThat(table.duck().difference(table.sql(), expected)).isEqualTo("0|0");
        assertThat(table.newest().state().fileList()).hasSize(FILES).allSatisfy(this::isInOrder);
    }

    /** The caller's DuckDB logs its statements; those of the other one are not among them. */
    @Test
    void theCallersDuckDbDoesNotWriteTheFiles() throws Exception {
        assertThat(filesWrittenByCaller(() -> table.delta().delete(table.duck().connection(), "hash(id) % 100 = 3")))
                .isZero();
        assertThat(filesWrittenByCaller(() ->
                        table.delta().update(table.duck().connection(), Map.of("a", "upper(a)"), "hash(id) % 100 = 7")))
                .isZero();
        assertThat(filesWrittenByCaller(() -> table.delta()
                        .merge(
                                table.duck().connection(),
                                "SELECT 100 * i AS id FROM range(" + FILES * ROWS / 100 + ") t(i)",
                                "target.id = source.id")
                        .whenMatched()
                        .update(Map.of("p", "'merged'"))
                        .execute()))
                .isZero();
        // Most rows of a file are cheaper decided while it is read.
        assertThat(filesWrittenByCaller(() ->
                        table.delta().update(table.duck().connection(), Map.of("p", "'most'"), "hash(id) % 100 > 7")))
                .isEqualTo(FILES);
    }

    private interface Work {
        ChangeResult run() throws SQLException;
    }

    private long filesWrittenByCaller(Work work) throws Exception {
        table.duck().run("CALL enable_logging('QueryLog')");
        ChangeResult result = work.run();
        table.duck().run("CALL disable_logging()");
        assertThat(result.filesAdded()).isEqualTo(FILES);
        String written = table.duck()
                .value(
                        "SELECT count(*) FROM duckdb_logs WHERE type = 'QueryLog' AND message LIKE 'COPY %RETURN_STATS%'");
        table.duck().run("CALL truncate_duckdb_logs()");
        return Long.parseLong(written);
    }

    private void isInOrder(AddFile file) {
        String path = SqlText.files(List.of(file.locate(table.path()).toString()));
        try {
            assertThat(table.duck()
                            .value(
                                    "SELECT count(*) FROM (SELECT id < lag(id) OVER (ORDER BY file_row_number) AS back FROM"
                                            + " read_parquet(" + path + ", file_row_number = true)) WHERE back"))
                    .isEqualTo("0");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void refusedValueLeavesNoFile() throws Exception {
        int before = table.dataFiles().size();

        assertThatThrownBy(() -> table.delta()
                        .merge(
                                table.duck().connection(),
                                "SELECT 100 * i AS id FROM range(" + FILES * ROWS / 100 + ") t(i)",
                                "target.id = source.id")
                        .whenMatched("source.id < " + (FILES - 1) * ROWS)
                        .delete()
                        .whenMatched()
                        .update(Map.of("d", "DATE 'infinity'"))
                        .execute())
                .isInstanceOf(LakeException.class);

        assertThat(table.dataFiles()).hasSize(before);
        assertThat(table.newest().version()).isEqualTo(FILES - 1);
    }
}
