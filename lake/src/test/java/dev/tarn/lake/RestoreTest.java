package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {
    @AutoClose
    final TestTable table;

    RestoreTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    private Connection duckdb() {
        return table.duck().connection();
    }

    @Test
    void bringsRowsAndSchemaBack() throws Exception {
        table.write("SELECT i AS id, 'a' AS p FROM range(5) t(i)");
        List<String> rows = table.rows();
        List<String> columns = table.columns();
        table.delta().update(duckdb(), java.util.Map.of("p", "'b'"), "id > 2");
        table.write("SELECT 9::BIGINT AS id, 'c' AS p, 1 AS q", APPEND.withMergeSchema());

        RestoreResult result = table.delta().restore(0);

        assertThat(result.version()).hasValue(3);
        assertThat(result.filesRestored()).isEqualTo(1);
        assertThat(result.filesRemoved()).isEqualTo(2);
        assertThat(result.filesAfter()).isEqualTo(1);
        assertThat(result.metadataChanged()).isTrue();
        assertThat(table.rows()).isEqualTo(rows);
        assertThat(table.columns()).isEqualTo(columns);
        Commit commit = table.delta().history(1).get(0);
        assertThat(commit.operation()).isEqualTo("RESTORE");
        assertThat(commit.parameters()).containsEntry("version", "0");
        assertThat(commit.metrics())
                .containsEntry("numRestoredFiles", "1")
                .containsEntry("numRemovedFiles", "2")
                .containsEntry("numOfFilesAfterRestore", "1")
                .containsEntry("tableSizeAfterRestore", "" + table.newest().sizeInBytes())
                .containsKeys("removedFilesSize", "restoredFilesSize");
    }

    /** One that seems to change the schema collides with every write beside it. */
    @Test
    void leavesTheSchemaAloneWhetherItIsReadFromACheckpointOrACommit() throws Exception {
        for (int version = 0; version < 32; version++) {
            table.write("SELECT " + version + " AS id");
        }

        RestoreResult result = table.delta().restore(20);

        assertThat(result.filesRemoved()).isEqualTo(11);
        assertThat(result.metadataChanged()).isFalse();
        assertThat(Files.readString(table.delta().commitFile(32))).doesNotContain("metaData");
    }

    @Test
    void goesToATimeAndBackAgain() throws Exception {
        table.write("SELECT 1 AS id");
        Instant first = table.delta().history(1).get(0).timestamp();
        Files.setLastModifiedTime(
                table.delta().commitFile(0), java.nio.file.attribute.FileTime.from(first.minusSeconds(60)));
        table.write("SELECT 2 AS id", OVERWRITE);

        table.delta().restore(first.minusSeconds(30), CommitOptions.DEFAULT);
        assertThat(table.rows()).containsExactly("1");
        assertThat(table.delta().history(1).get(0).parameters())
                .containsEntry("timestamp", first.minusSeconds(30).toString());

        table.delta().restore(1);
        assertThat(table.rows()).containsExactly("2");
        assertThat(table.delta().restore(3).version()).isEmpty();
    }

    @Test
    void refusesAVersionWhoseFilesAreGone() throws Exception {
        table.write("SELECT 1 AS id");
        Path first =
                table.path().resolve(table.newest().state().fileList().get(0).path());
        table.write("SELECT 2 AS id", OVERWRITE);
        Files.delete(first);

        assertThatThrownBy(() -> table.delta().restore(0)).isInstanceOfSatisfying(LakeException.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(Kind.VERSION_NOT_FOUND);
            assertThat(refusal)
                    .hasMessage("Version 0 of table '" + table.path() + "' cannot be restored, because its file" + " '"
                            + first + "' is no longer there, as after a vacuum.");
        });
        assertThat(table.rows()).containsExactly("2");
    }

    @Test
    void neverLowersTheProtocol() throws Exception {
        table.write("SELECT 1 AS id");
        table.write("SELECT 1 AS id, TIMESTAMP '2026-01-01' AS t", APPEND.withMergeSchema());
        Protocol high = table.newest().state().protocol();

        table.delta().restore(0);

        assertThat(table.newest().state().protocol()).isEqualTo(high);
        assertThat(table.columns()).containsExactly("id INTEGER");
        assertThat(table.rows()).containsExactly("1");
    }

    @Test
    void raisesTheProtocolToThatOfTheVersion() {
        Protocol plain = new Protocol(1, 2, Set.of(), Set.of());
        Protocol mapped = new Protocol(2, 5, Set.of(), Set.of());
        Protocol ntz = new Protocol(3, 7, Set.of("timestampNtz"), Set.of("timestampNtz", "appendOnly", "invariants"));

        assertThat(ntz.including(plain)).isEqualTo(ntz);
        assertThat(plain.including(mapped)).isEqualTo(mapped);
        assertThat(plain.including(ntz)).isEqualTo(ntz);
        assertThat(ntz.including(mapped))
                .isEqualTo(new Protocol(
                        3,
                        7,
                        Set.of("timestampNtz", "columnMapping"),
                        Set.of(
                                "timestampNtz",
                                "appendOnly",
                                "invariants",
                                "checkConstraints",
                                "changeDataFeed",
                                "generatedColumns",
                                "columnMapping")));
    }

    @Test
    void isShownInTheChangeFeed() throws Exception {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .property("delta.enableChangeDataFeed", "true")
                .create();
        table.write("FROM range(3) t(id)");
        table.delta().delete(duckdb(), "id = 1");

        table.delta().restore(1);

        assertThat(table.duck()
                        .rows("SELECT _change_type, id FROM ("
                                + table.delta().changes(3).toSql() + ") ORDER BY ALL"))
                .containsExactly("delete|0", "delete|2", "insert|0", "insert|1", "insert|2");
    }

    @Test
    void anAppendOnlyTableLosesNoRow() throws Exception {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .property("delta.appendOnly", "true")
                .create();
        table.write("SELECT 1 AS id");

        assertThatThrownBy(() -> table.delta().restore(0))
                .hasMessage("Table '" + table.path() + "' is append-only ('delta.appendOnly' is true), so its rows"
                        + " cannot be changed by this restore.");
    }

    @Test
    void whatOthersAddMeanwhileIsAConflict() throws Exception {
        table.write("SELECT 1 AS id");
        table.write("SELECT 2 AS id", OVERWRITE);
        DeltaTable late =
                DeltaTable.forPath(table.path(), new RowConflictTest.Meanwhile(() -> table.write("SELECT 3 AS id")));

        assertThatThrownBy(() -> late.restore(0))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.CONFLICT));
        assertThat(table.rows()).containsExactly("2", "3");
    }
}
