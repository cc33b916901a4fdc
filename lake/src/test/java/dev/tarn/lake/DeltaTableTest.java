package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaTableTest {
    private static final WriteOptions APPEND = WriteOptions.of(WriteMode.APPEND);
    private static final WriteOptions OVERWRITE = WriteOptions.of(WriteMode.OVERWRITE);

    @TempDir
    Path directory;

    Duck duck;
    DeltaTable table;

    @BeforeEach
    void open() throws SQLException {
        duck = new Duck();
        table = DeltaTable.forPath(directory.resolve("orders"));
    }

    @AfterEach
    void close() throws SQLException {
        duck.close();
    }

    CommitResult write(String query, WriteOptions options) throws SQLException {
        try (StagedWrite staged = table.stage(duck.connection(), query, options)) {
            return staged.commit();
        }
    }

    List<String> rows() throws SQLException {
        return duck.rows("FROM (" + sql() + ") ORDER BY ALL");
    }

    String sql() {
        return table.snapshot().orElseThrow().toSql();
    }

    List<Path> dataFiles() throws Exception {
        if (!Files.isDirectory(table.path())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(table.path())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    void assertRefused(String query, WriteOptions options, Kind kind, String message, String help) throws Exception {
        List<Path> before = dataFiles();

        assertThatThrownBy(() -> write(query, options)).isInstanceOfSatisfying(LakeException.class, refusal -> {
            assertThat(refusal.getMessage().replace(directory.toString(), "DIR"))
                    .isEqualTo(message);
            assertThat(refusal.help()).isEqualTo(help);
            assertThat(refusal.kind()).isEqualTo(kind);
        });

        assertThat(dataFiles()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void createsATable() throws Exception {
        assertThat(DeltaTable.isDeltaTable(table.path())).isFalse();
        assertThat(table.snapshot()).isEmpty();

        CommitResult result = write("SELECT 1 AS id, 'a' AS name", APPEND);

        assertThat(result.created()).isTrue();
        assertThat(result.version()).isZero();
        assertThat(DeltaTable.isDeltaTable(table.path())).isTrue();
        assertThat(rows()).containsExactly("1|a");
        assertThat(duck.columns(sql())).containsExactly("id INTEGER", "name VARCHAR");
    }

    @Test
    void emptyLogIsNoTable() throws Exception {
        Files.createDirectories(table.path().resolve("_delta_log"));

        assertThat(DeltaTable.isDeltaTable(table.path())).isFalse();
        assertThat(table.snapshot()).isEmpty();
        assertThat(write("SELECT 1 AS id", APPEND).version()).isZero();
    }

    @Test
    void appendsKeepEarlierRows() throws Exception {
        write("SELECT 1 AS id", APPEND);

        CommitResult second = write("SELECT 2 AS id", APPEND);

        assertThat(second.version()).isEqualTo(1);
        assertThat(second.created()).isFalse();
        assertThat(rows()).containsExactly("1", "2");
        assertThat(table.snapshot().orElseThrow().numRecords()).isEqualTo(OptionalLong.of(2));
    }

    @Test
    void overwriteReplacesRowsAndKeepsHistory() throws Exception {
        write("SELECT 1 AS id", APPEND);

        CommitResult second = write("SELECT 2 AS id", OVERWRITE);

        assertThat(second.filesRemoved()).isEqualTo(1);
        assertThat(rows()).containsExactly("2");
        assertThat(duck.rows(table.snapshot(0).toSql())).containsExactly("1");
    }

    @Test
    void errorIfExistsRefusesATable() throws Exception {
        WriteOptions create = WriteOptions.of(WriteMode.ERROR_IF_EXISTS);
        write("SELECT 1 AS id", create);

        assertRefused(
                "SELECT 2 AS id",
                create,
                Kind.TABLE_EXISTS,
                "There is a table at 'DIR/orders' already.",
                "Append to it or overwrite it, or choose another path.");
    }

    @Test
    void noRowsMakeATableWithoutFiles() throws Exception {
        try (StagedWrite staged = table.stage(duck.connection(), "SELECT 1 AS id, [1] AS l WHERE false", APPEND)) {
            assertThat(staged.rows()).isZero();
            assertThat(duck.columns(staged.filesSql())).containsExactly("id INTEGER", "l INTEGER[]");
            staged.commit();
        }

        assertThat(dataFiles()).isEmpty();
        assertThat(rows()).isEmpty();
        assertThat(duck.columns(sql())).containsExactly("id INTEGER", "l INTEGER[]");
        assertThat(table.snapshot().orElseThrow().numRecords()).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void stagedRowsAreReadBeforeTheyAreCommitted() throws Exception {
        write("SELECT 1 AS id, 'a' AS p", APPEND.withPartitionBy(List.of("p")));

        try (StagedWrite staged = table.stage(duck.connection(), "SELECT 'b' AS p, 2::TINYINT AS id", APPEND)) {
            assertThat(staged.rows()).isEqualTo(1);
            assertThat(staged.bytes()).isPositive();
            assertThat(duck.rows(staged.filesSql())).containsExactly("2|b");
            assertThat(duck.columns(staged.filesSql())).containsExactly("id INTEGER", "p VARCHAR");
            assertThat(rows()).containsExactly("1|a");
        }
    }

    @Test
    void discardDeletesStagedFilesOnce() throws Exception {
        StagedWrite staged = table.stage(duck.connection(), "SELECT 1 AS id", APPEND);
        assertThat(dataFiles()).hasSize(1);

        staged.discard();
        staged.discard();

        assertThat(dataFiles()).isEmpty();
        assertThat(DeltaTable.isDeltaTable(table.path())).isFalse();
        assertThatThrownBy(staged::commit).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void discardAfterCommitKeepsTheRows() throws Exception {
        StagedWrite staged = table.stage(duck.connection(), "SELECT 1 AS id", APPEND);
        staged.commit();

        staged.discard();

        assertThat(rows()).containsExactly("1");
    }

    @Test
    void failingQueryLeavesNoFiles() throws Exception {
        write("SELECT 1 AS id", APPEND);

        assertThatThrownBy(() -> write(
                        "SELECT CASE WHEN i < 400000 THEN i ELSE error('stop') END::INTEGER AS id FROM range(500000) t(i)",
                        APPEND))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("stop");

        assertThat(dataFiles()).hasSize(1);
        assertThat(rows()).containsExactly("1");
    }

    @Test
    void errorInTheQueryHasItsOwnPosition() throws Exception {
        duck.run("SET errors_as_json = true");

        assertThatThrownBy(() -> write("SELECT nope FROM range(3)", APPEND))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("\"position\":\"7\"");
        assertThat(table.path()).doesNotExist();
    }

    @Test
    void oneStatementMovesTheRows() throws Exception {
        duck.run("CREATE SEQUENCE s");

        write("SELECT nextval('s') AS id, random() AS r FROM range(1000)", APPEND);

        assertThat(duck.value("SELECT min(id), max(id), count(DISTINCT id) FROM (" + sql() + ")"))
                .isEqualTo("1|1000|1000");
        assertThat(duck.value("SELECT nextval('s')")).isEqualTo("1001");
    }

    @Test
    void queryMayEndWithACommentOrSemicolon() throws Exception {
        write("SELECT 1 AS id -- the first", APPEND);
        write("WITH q AS (SELECT 2 AS id) SELECT * FROM q;\n", APPEND);
        write("FROM (VALUES (3)) v(id)", APPEND);

        assertThat(rows()).containsExactly("1", "2", "3");
    }

    /** A table has no order, but row groups that follow a sort let readers skip most of them. */
    @Test
    void sortedRowsStayClustered() throws Exception {
        write("SELECT i AS id FROM range(500000) t(i) ORDER BY i DESC", APPEND);

        assertThat(duck.value(
                        "SELECT count(*) > 3, bool_and(stats_max::BIGINT - stats_min::BIGINT < row_group_num_rows)"
                                + " FROM parquet_metadata('" + dataFiles().get(0) + "')"))
                .isEqualTo("true|true");
    }

    @Test
    void pathsWithSpecialCharactersAreRead() throws Exception {
        table = DeltaTable.forPath(directory.resolve("o'r d[1]*%20é"));
        write("SELECT 1 AS id, 'x' AS p", APPEND.withPartitionBy(List.of("p")));
        write("SELECT 2 AS id, NULL AS p", APPEND);

        assertThat(rows()).containsExactly("1|x", "2|null");
    }

    @Test
    void columnNamesWithQuotesAreKept() throws Exception {
        write("SELECT 1 AS \"a\"\"b\", {'x''y': 2} AS \"s'.t\", 3 AS \"SELECT\"", APPEND);
        write("SELECT 1 AS \"a\"\"b\", {'x''y': 2} AS \"s'.t\", 3 AS \"SELECT\"", APPEND);

        assertThat(rows()).hasSize(2);
        assertThat(duck.columns(sql()))
                .containsExactly("a\"b INTEGER", "s'.t STRUCT(\"x'y\" INTEGER)", "SELECT INTEGER");
    }

    @Test
    void columnNamedLikeOurAliasIsKept() throws Exception {
        write("SELECT {'id': 5} AS _q, 1 AS id, 2 AS q", APPEND);

        assertThat(rows()).containsExactly("{'id': 5}|1|2");
    }

    @Test
    void missingDataFileIsNamed() throws Exception {
        write("SELECT 1 AS id", APPEND);
        Files.delete(dataFiles().get(0));

        assertThatThrownBy(this::sql)
                .isInstanceOf(LakeException.class)
                .hasMessageContaining(table.path().toString())
                .hasMessageMatching("The data file '.*' of table '.*' is missing, though the log has it\\.");
    }

    @Test
    void orphanDataFilesAreIgnored() throws Exception {
        write("SELECT 1 AS id", APPEND);
        Files.copy(dataFiles().get(0), table.path().resolve("tarn-orphan.parquet"));

        assertThat(rows()).containsExactly("1");
    }

    @Test
    void fileInThePlaceOfTheDirectoryIsRefused() throws Exception {
        Files.writeString(table.path(), "x");

        assertRefused(
                "SELECT 1 AS id",
                APPEND,
                Kind.INVALID_WRITE,
                "'DIR/orders' is a file, not the directory of a table.",
                "Choose another path.");
    }
}
