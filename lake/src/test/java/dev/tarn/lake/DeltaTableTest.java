package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeltaTableTest {
    @AutoClose
    final TestTable table;

    DeltaTableTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    @Test
    void createsATable() throws Exception {
        assertThat(DeltaTable.isDeltaTable(table.path())).isFalse();
        assertThat(table.delta().snapshot()).isEmpty();

        CommitResult result = table.write("SELECT 1 AS id, 'a' AS name", APPEND);

        assertThat(result.created()).isTrue();
        assertThat(result.version()).isZero();
        assertThat(DeltaTable.isDeltaTable(table.path())).isTrue();
        assertThat(table.rows()).containsExactly("1|a");
        assertThat(table.columns()).containsExactly("id INTEGER", "name VARCHAR");
    }

    @Test
    void emptyLogIsNoTable() throws Exception {
        Files.createDirectories(table.path().resolve("_delta_log"));

        assertThat(DeltaTable.isDeltaTable(table.path())).isFalse();
        assertThat(table.delta().snapshot()).isEmpty();
        assertThat(table.write("SELECT 1 AS id", APPEND).version()).isZero();
    }

    @Test
    void appendsKeepEarlierRows() throws Exception {
        table.write("SELECT 1 AS id", APPEND);

        CommitResult second = table.write("SELECT 2 AS id", APPEND);

        assertThat(second.version()).isEqualTo(1);
        assertThat(second.created()).isFalse();
        assertThat(table.rows()).containsExactly("1", "2");
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(2));
    }

    @Test
    void overwriteReplacesRowsAndKeepsHistory() throws Exception {
        table.write("SELECT 1 AS id", APPEND);

        CommitResult second = table.write("SELECT 2 AS id", OVERWRITE);

        assertThat(second.filesRemoved()).isEqualTo(1);
        assertThat(table.rows()).containsExactly("2");
        assertThat(table.duck().rows(table.delta().snapshot(0).toSql())).containsExactly("1");
    }

    @Test
    void errorIfExistsRefusesATable() throws Exception {
        WriteOptions create = WriteOptions.of(WriteMode.ERROR_IF_EXISTS);
        table.write("SELECT 1 AS id", create);

        table.assertRefused(
                "SELECT 2 AS id",
                create,
                Kind.TABLE_EXISTS,
                "There is a table at 'DIR/orders' already.",
                "Append to it or overwrite it, or choose another path.");
    }

    @Test
    void noRowsMakeATableWithoutFiles() throws Exception {
        try (StagedWrite staged = table.stage("SELECT 1 AS id, [1] AS l WHERE false", APPEND)) {
            assertThat(staged.rows()).isZero();
            assertThat(table.duck().columns(staged.filesSql())).containsExactly("id INTEGER", "l INTEGER[]");
            staged.commit();
        }

        assertThat(table.dataFiles()).isEmpty();
        assertThat(table.rows()).isEmpty();
        assertThat(table.columns()).containsExactly("id INTEGER", "l INTEGER[]");
        assertThat(table.newest().numRecords()).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void stagedRowsAreReadBeforeTheyAreCommitted() throws Exception {
        table.write("SELECT 1 AS id, 'a' AS p", APPEND.withPartitionBy(List.of("p")));

        try (StagedWrite staged = table.stage("SELECT 'b' AS p, 2::TINYINT AS id", APPEND)) {
            assertThat(staged.rows()).isEqualTo(1);
            assertThat(staged.bytes()).isPositive();
            assertThat(table.duck().rows(staged.filesSql())).containsExactly("2|b");
            assertThat(table.duck().columns(staged.filesSql())).containsExactly("id INTEGER", "p VARCHAR");
            assertThat(table.rows()).containsExactly("1|a");
        }
    }

    @Test
    void discardDeletesStagedFilesOnce() throws Exception {
        StagedWrite staged = table.stage("SELECT 1 AS id", APPEND);
        assertThat(table.dataFiles()).anyMatch(file -> file.toString().endsWith(".parquet"));

        staged.discard();
        staged.discard();

        assertThat(table.dataFiles()).isEmpty();
        assertThat(DeltaTable.isDeltaTable(table.path())).isFalse();
        assertThatThrownBy(staged::commit).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void discardAfterCommitKeepsTheRows() throws Exception {
        StagedWrite staged = table.stage("SELECT 1 AS id", APPEND);
        staged.commit();

        staged.discard();

        assertThat(table.rows()).containsExactly("1");
    }

    @Test
    void failingQueryLeavesNoFiles() throws Exception {
        table.write("SELECT 1 AS id", APPEND);

        assertThatThrownBy(() -> table.write(
                        "SELECT CASE WHEN i < 400000 THEN i ELSE error('stop') END::INTEGER AS id FROM range(500000) t(i)",
                        APPEND))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("stop");

        assertThat(table.dataFiles()).hasSize(1);
        assertThat(table.rows()).containsExactly("1");
    }

    @Test
    void errorInTheQueryHasItsOwnPosition() throws Exception {
        table.duck().run("SET errors_as_json = true");

        assertThatThrownBy(() -> table.write("SELECT nope FROM range(3)", APPEND))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("\"position\":\"7\"");
        assertThat(table.path()).doesNotExist();
    }

    @Test
    void oneStatementMovesTheRows() throws Exception {
        table.duck().run("CREATE SEQUENCE s");

        table.write("SELECT nextval('s') AS id, random() AS r FROM range(1000)", APPEND);

        assertThat(table.duck().value("SELECT min(id), max(id), count(DISTINCT id) FROM (" + table.sql() + ")"))
                .isEqualTo("1|1000|1000");
        assertThat(table.duck().value("SELECT nextval('s')")).isEqualTo("1001");
    }

    @Test
    void queryMayEndWithACommentOrSemicolon() throws Exception {
        table.write("SELECT 1 AS id -- the first", APPEND);
        table.write("WITH q AS (SELECT 2 AS id) SELECT * FROM q;\n", APPEND);
        table.write("FROM (VALUES (3)) v(id)", APPEND);

        assertThat(table.rows()).containsExactly("1", "2", "3");
    }

    /** A table has no order, but row groups that follow a sort let readers skip most of them. */
    @Test
    void sortedRowsStayClustered() throws Exception {
        table.write("SELECT i AS id FROM range(500000) t(i) ORDER BY i DESC", APPEND);

        assertThat(table.duck()
                        .value(
                                "SELECT count(*) > 3, bool_and(stats_max::BIGINT - stats_min::BIGINT < row_group_num_rows)"
                                        + " FROM parquet_metadata('"
                                        + table.dataFiles().get(0) + "')"))
                .isEqualTo("true|true");
    }

    @ParameterizedTest
    @CsvSource({"o'r d[1]*%20é, o'r d1x%20é", "t[1], t1", "t?, tx", "*, tx"})
    void nameOfAFolderIsNoPattern(String name, String other) throws Exception {
        Path folder = table.path().resolveSibling(name);
        try (TestTable special = new TestTable(folder)) {
            // Dates that are all NULL have no range, so a write looks into its files' footers.
            special.write("SELECT 1 AS id, 'x' AS p, NULL::DATE AS d", APPEND.withPartitionBy(List.of("p")));
            special.write("SELECT 2 AS id, NULL AS p", APPEND);
            LogFixture log = special.log();
            log.checkpoint(special.duck(), 1, "parquet", "true");
            Files.delete(log.commitPath(0));
            Files.createDirectories(folder.resolveSibling(other).resolve("_delta_log"));
            List<Path> files = new ArrayList<>(special.dataFiles());
            files.add(log.checkpointPath(1, "parquet"));
            for (Path file : files) {
                Path twin = folder.resolveSibling(other).resolve(folder.relativize(file));
                special.duck()
                        .run("COPY (SELECT 666 AS id, {'path': 'x'} AS add) TO " + SqlText.literal(twin.toString())
                                + " (FORMAT parquet)");
            }

            assertThat(special.rows()).containsExactly("1|x|null", "2|null|null");
        }
    }

    @Test
    void folderIsFoundThroughLinks() throws Exception {
        table.write("SELECT 1 AS id, 'x' AS p", APPEND.withPartitionBy(List.of("p")));
        Path away = Files.createDirectories(table.path().resolveSibling("away/deep"));
        Path link = Files.createSymbolicLink(away.resolve("link"), table.path());
        Path side = Files.createDirectories(table.path().resolveSibling("side"));
        Path jump = Files.createSymbolicLink(away.resolve("jump"), side);

        for (Path path : List.of(link, jump.resolve("../orders"), link.resolve("../orders/."))) {
            try (TestTable same = new TestTable(path)) {
                assertThat(same.rows()).contains("1|x");
                same.write("SELECT 2 AS id, NULL AS p");
                assertThat(same.rows()).contains("1|x", "2|null").hasSameSizeAs(table.rows());
            }
        }
        assertThat(table.rows()).containsExactly("1|x", "2|null", "2|null", "2|null");
    }

    @Test
    void columnNamesWithQuotesAreKept() throws Exception {
        table.write("SELECT 1 AS \"a\"\"b\", {'x''y': 2} AS \"s'.t\", 3 AS \"SELECT\"", APPEND);
        table.write("SELECT 1 AS \"a\"\"b\", {'x''y': 2} AS \"s'.t\", 3 AS \"SELECT\"", APPEND);

        assertThat(table.rows()).hasSize(2);
        assertThat(table.columns()).containsExactly("a\"b INTEGER", "s'.t STRUCT(\"x'y\" INTEGER)", "SELECT INTEGER");
    }

    @Test
    void columnNamedLikeOurAliasIsKept() throws Exception {
        table.write("SELECT {'id': 5} AS _q, 1 AS id, 2 AS q", APPEND);

        assertThat(table.rows()).containsExactly("{'id': 5}|1|2");
    }

    @Test
    void missingDataFileIsNamed() throws Exception {
        table.write("SELECT 1 AS id", APPEND);
        Files.delete(table.dataFiles().get(0));

        assertThatThrownBy(table::sql)
                .isInstanceOf(LakeException.class)
                .hasMessageContaining(table.path().toString())
                .hasMessageMatching("The data file '.*' of table '.*' is missing, though the log has it\\.");
    }

    @Test
    void orphanDataFilesAreIgnored() throws Exception {
        table.write("SELECT 1 AS id", APPEND);
        Files.copy(table.dataFiles().get(0), table.path().resolve("tarn-orphan.parquet"));

        assertThat(table.rows()).containsExactly("1");
    }

    @Test
    void fileInThePlaceOfTheDirectoryIsRefused() throws Exception {
        Files.writeString(table.path(), "x");

        table.assertRefused(
                "SELECT 1 AS id",
                APPEND,
                Kind.INVALID_WRITE,
                "'DIR/orders' is a file, not the directory of a table.",
                "Choose another path.");
    }
}
