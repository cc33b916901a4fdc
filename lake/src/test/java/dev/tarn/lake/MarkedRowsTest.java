package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deletes, updates and merges in a table whose deleted rows are marked in deletion vectors. */
class MarkedRowsTest {
    @AutoClose
    final TestTable table;

    MarkedRowsTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    @BeforeEach
    void create() {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .column("v", DeltaType.Primitive.STRING)
                .property("delta.enableDeletionVectors", "true")
                .create();
    }

    private void tenRows() throws SQLException {
        table.write("SELECT i AS id, 'v' || i AS v FROM range(10) t(i)");
    }

    private ChangeResult delete(String where) throws SQLException {
        return table.delta().delete(table.duck().connection(), where);
    }

    private List<AddFile> files() {
        return table.newest().state().fileList();
    }

    private List<Path> vectorFiles() throws Exception {
        try (Stream<Path> all = Files.list(table.path())) {
            return all.filter(file -> String.valueOf(file.getFileName()).startsWith("deletion_vector_"))
                    .toList();
        }
    }

    @Test
    void deleteMarksRowsAndKeepsTheFile() throws Exception {
        tenRows();
        AddFile before = files().get(0);

        ChangeResult result = delete("id % 3 = 0");

        assertThat(result.deleted()).isEqualTo(4);
        assertThat(result.copied()).isZero();
        assertThat(result.filesAdded() + result.filesRemoved()).isZero();
        assertThat(table.rows()).containsExactly("1|v1", "2|v2", "4|v4", "5|v5", "7|v7", "8|v8");
        AddFile after = files().get(0);
        assertThat(files()).hasSize(1);
        assertThat(after.path()).isEqualTo(before.path());
        assertThat(after.deletionVector().orElseThrow().cardinality()).isEqualTo(4);
        assertThat(after.statistics()).containsEntry("tightBounds", false).containsEntry("numRecords", 10);
        assertThat(after.statistics())
                .containsEntry("minValues", before.statistics().get("minValues"));
        assertThat(after.rows()).contains(6L);
        assertThat(vectorFiles()).hasSize(1);
        assertThat(table.delta().history(1).get(0).metrics())
                .containsEntry("numDeletionVectorsAdded", "1")
                .containsEntry("numDeletionVectorsRemoved", "0")
                .containsEntry("numDeletionVectorsUpdated", "0")
                .containsEntry("numRemovedFiles", "0")
                .containsEntry("numAddedFiles", "0")
                .containsEntry("numDeletedRows", "4");
    }

    @Test
    void secondDeleteAddsToTheVector() throws Exception {
        tenRows();
        delete("id < 3");

        ChangeResult result = delete("id < 5");

        assertThat(result.deleted()).isEqualTo(2);
        assertThat(table.rows()).containsExactly("5|v5", "6|v6", "7|v7", "8|v8", "9|v9");
        assertThat(table.rows(table.delta().snapshot(2))).hasSize(7);
        assertThat(files().get(0).deletionVector().orElseThrow().cardinality()).isEqualTo(5);
        assertThat(table.delta().history(1).get(0).metrics())
                .containsEntry("numDeletionVectorsAdded", "1")
                .containsEntry("numDeletionVectorsRemoved", "1")
                .containsEntry("numDeletionVectorsUpdated", "1");
    }

    @Test
    void fileWithoutRowsLeavesTheTable() throws Exception {
        tenRows();
        delete("id < 3");

        ChangeResult result = delete("id >= 3 AND v LIKE 'v%'");

        assertThat(result.deleted()).isEqualTo(7);
        assertThat(result.filesRemoved()).isEqualTo(1);
        assertThat(files()).isEmpty();
        assertThat(table.rows()).isEmpty();
        assertThat(table.delta().history(1).get(0).metrics())
                .containsEntry("numDeletionVectorsAdded", "0")
                .containsEntry("numDeletionVectorsRemoved", "1");
    }

    @Test
    void allRowsGoWithTheirVectors() throws Exception {
        tenRows();
        delete("id < 3");

        assertThat(table.delta().delete(table.duck().connection()).deleted()).isEqualTo(7);
        assertThat(table.rows()).isEmpty();
    }

    @Test
    void updatedRowsGoToANewFile() throws Exception {
        tenRows();

        ChangeResult result = table.delta().update(table.duck().connection(), Map.of("v", "v || '!'"), "id >= 8");

        assertThat(result.updated()).isEqualTo(2);
        assertThat(result.filesAdded()).isEqualTo(1);
        assertThat(table.rows()).contains("7|v7", "8|v8!", "9|v9!").hasSize(10);
        assertThat(files()).hasSize(2);
    }

    @Test
    void mergeMarksWritesAndInserts() throws Exception {
        tenRows();
        table.write("SELECT i AS id, 'v' || i AS v FROM range(10, 20) t(i)");
        delete("id IN (0, 19)");

        ChangeResult result = table.delta()
                .merge(
                        table.duck().connection(),
                        "SELECT unnest([0, 1, 2, 18, 19, 30]) AS id, 'new' AS v",
                        "target.id = source.id")
                .whenMatched("target.id = 2")
                .delete()
                .whenMatched()
                .updateAll()
                .whenNotMatchedBySource("target.id = 15")
                .update(Map.of("v", "'alone'"))
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(List.of(result.inserted(), result.updated(), result.deleted(), result.copied()))
                .containsExactly(3L, 3L, 1L, 0L);
        assertThat(table.rows())
                .hasSize(20)
                .contains("0|new", "1|new", "15|alone", "18|new", "19|new", "30|new")
                .doesNotContain("2|v2");
        assertThat(table.delta().history(1).get(0).metrics())
                .containsEntry("numTargetDeletionVectorsAdded", "2")
                .containsEntry("numTargetDeletionVectorsUpdated", "2")
                .containsEntry("numTargetRowsCopied", "0");
    }

    @Test
    void changeFeedHasAllChanges() throws Exception {
        table.delta().setProperties(Map.of("delta.enableChangeDataFeed", "true"));
        tenRows();
        long from = table.newest().version() + 1;
        delete("id = 1");
        table.delta().update(table.duck().connection(), Map.of("v", "'u'"), "id = 2");
        table.delta()
                .merge(table.duck().connection(), "SELECT unnest([3, 77]) AS id, 'm' AS v", "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(table.duck()
                        .rows("SELECT id, v, _change_type, _commit_version - " + from + " FROM ("
                                + table.delta().changes(from).toSql() + ") ORDER BY ALL"))
                .containsExactly(
                        "1|v1|delete|0",
                        "2|u|update_postimage|1",
                        "2|v2|update_preimage|1",
                        "3|m|update_postimage|2",
                        "3|v3|update_preimage|2",
                        "77|m|insert|2");
    }

    @Test
    void replaceWhereMarksWhatItReplaces() throws Exception {
        tenRows();

        table.write(
                "SELECT 2 AS id, 'other' AS v",
                WriteOptions.of(WriteMode.OVERWRITE).withReplaceWhere("id < 5"));

        assertThat(table.rows()).containsExactly("2|other", "5|v5", "6|v6", "7|v7", "8|v8", "9|v9");
        assertThat(files().stream().filter(AddFile::hasDeletionVector)).hasSize(1);
        table.write("SELECT 1 AS id, 'all' AS v", WriteOptions.of(WriteMode.OVERWRITE));
        assertThat(table.rows()).containsExactly("1|all");
    }

    @Test
    void withoutThePropertyFilesAreWrittenAnewWithoutTheirDeletedRows() throws Exception {
        tenRows();
        delete("id < 3");
        table.delta().setProperties(Map.of("delta.enableDeletionVectors", "false"));

        ChangeResult result = delete("id = 5");

        assertThat(List.of(result.deleted(), result.copied())).containsExactly(1L, 6L);
        assertThat(files()).hasSize(1).noneMatch(AddFile::hasDeletionVector);
        assertThat(table.rows()).containsExactly("3|v3", "4|v4", "6|v6", "7|v7", "8|v8", "9|v9");
        assertThat(delete("id > 0 AND v <> ''").filesAdded()).isZero();
        assertThat(table.rows()).isEmpty();
    }

    @Test
    void writersThatMarkRowsOfOneFileCollide() throws Exception {
        tenRows();
        DeltaTable first = table.delta();
        first.snapshot();
        TableEdit slow = first.edit("delete", CommitOptions.DEFAULT);
        delete("id = 1");
        List<Path> before = vectorFiles();

        assertThatThrownBy(() -> Delete.run(slow, table.duck().connection(), Optional.of("id = 2")))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.CONFLICT));

        assertThat(vectorFiles()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(table.rows()).hasSize(9);
    }

    @Test
    void vectorsSurviveACheckpoint() throws Exception {
        tenRows();
        delete("id < 3");
        table.delta().checkpoint();
        delete("id = 9");

        assertThat(table.rows()).containsExactly("3|v3", "4|v4", "5|v5", "6|v6", "7|v7", "8|v8");
    }
}
