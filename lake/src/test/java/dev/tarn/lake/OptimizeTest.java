package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimizeTest {
    @AutoClose
    final TestTable table;

    OptimizeTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    private Connection duckdb() {
        return table.duck().connection();
    }

    private Optimize optimize() {
        return table.delta().optimize(duckdb());
    }

    private void append(int from, int to) throws SQLException {
        table.write("SELECT i AS id, 'p' || i % 2 AS p FROM range(" + from + ", " + to + ") t(i)");
    }

    private List<AddFile> files() {
        return table.newest().state().fileList();
    }

    @Test
    void makesOneFileOfManyInTheOrderOfTheRows() throws Exception {
        for (int i = 0; i < 5; i++) {
            append(10 * i, 10 * i + 10);
        }
        List<String> before = table.rows();

        OptimizeResult result = optimize().execute();

        assertThat(result.version()).isEqualTo(OptionalLong.of(5));
        assertThat(result.filesRemoved()).isEqualTo(5);
        assertThat(result.filesAdded()).isEqualTo(1);
        assertThat(table.rows()).isEqualTo(before);
        assertThat(table.newest().fileCount()).isEqualTo(1);
        assertThat(table.duck().rows("SELECT id FROM (" + table.sql() + ")"))
                .isEqualTo(table.duck().rows("FROM range(50)"));
        assertThat(files().get(0).statistics()).containsEntry("numRecords", 50);
        assertThat(table.rows(table.delta().snapshot(4))).isEqualTo(before);
    }

    @Test
    void saysInTheLogThatNoRowChanged() throws Exception {
        append(0, 10);
        append(10, 20);

        optimize().execute();

        LogCommit commit = new TableLog(table.path()).commit(2);
        assertThat(commit.of("add").toList())
                .extracting(add -> add.get("dataChange"))
                .containsExactly(false);
        assertThat(commit.of("remove").toList())
                .extracting(remove -> remove.get("dataChange"))
                .containsExactly(false, false);
        Commit history = table.delta().history(1).get(0);
        assertThat(history.operation()).isEqualTo("OPTIMIZE");
        assertThat(history.parameters()).containsEntry("predicate", "[]").containsEntry("zOrderBy", "[]");
        assertThat(history.metrics())
                .containsEntry("numRemovedFiles", "2")
                .containsEntry("numAddedFiles", "1")
                .containsEntry("minFileSize", String.valueOf(files().get(0).size()))
                .containsEntry("maxFileSize", String.valueOf(files().get(0).size()))
                .containsEntry("numDeletionVectorsRemoved", "0");
        assertThat(history.isolationLevel()).contains("SnapshotIsolation");
        assertThat(history.isBlindAppend()).contains(false);
    }

    @Test
    void doesNothingASecondTime() throws Exception {
        append(0, 10);
        append(10, 20);
        optimize().execute();

        OptimizeResult again = optimize().execute();

        assertThat(again.version()).isEmpty();
        assertThat(again.filesConsidered()).isEqualTo(1);
        assertThat(table.newest().version()).isEqualTo(2);
    }

    @Test
    void fillsFilesUpToTheTargetAndLeavesLargeOnesAlone() throws Exception {
        table.write("SELECT i AS id, hash(i)::VARCHAR AS p FROM range(20000) t(i)");
        long large = files().get(0).size();
        for (int i = 0; i < 6; i++) {
            append(100 * i, 100 * i + 100);
        }
        long small = files().get(6).size();

        OptimizeResult result = optimize().targetFileSize(2 * small + small / 2).execute();

        assertThat(large).isGreaterThan(2 * small + small / 2);
        assertThat(result.filesRemoved()).isEqualTo(6);
        assertThat(result.filesAdded()).isEqualTo(3);
        assertThat(files().get(0).size()).isEqualTo(large);
    }

    @Test
    void keepsPartitionsApartAndTakesOnlyThoseAskedFor() throws Exception {
        WriteOptions byP = APPEND.withPartitionBy(List.of("p"));
        for (int i = 0; i < 3; i++) {
            table.write(
                    "SELECT i AS id, CASE i % 3 WHEN 0 THEN NULL ELSE 'p''%' || i % 3 END AS p FROM range(" + 9 * i
                            + ", " + (9 * i + 9) + ") t(i)",
                    byP);
        }
        List<String> before = table.rows();

        OptimizeResult one = optimize().where("p = 'p''%1'").execute();
        OptimizeResult rest = optimize().execute();

        assertThat(one.filesConsidered()).isEqualTo(3);
        assertThat(one.filesRemoved()).isEqualTo(3);
        assertThat(rest.filesRemoved()).isEqualTo(6);
        assertThat(rest.filesAdded()).isEqualTo(2);
        assertThat(table.rows()).isEqualTo(before);
    }

    @Test
    void refusesAConditionAboutOtherColumns() throws Exception {
        append(0, 10);

        assertThatThrownBy(() -> optimize().where("id > 3").execute())
                .isInstanceOfSatisfying(LakeException.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Kind.INVALID_WRITE);
                    assertThat(refusal)
                            .hasMessage("The condition of the optimize may only ask for partition columns: id > 3");
                });
    }

    @Test
    void appendsMeanwhileStay() throws Exception {
        append(0, 10);
        append(10, 20);
        DeltaTable late = DeltaTable.forPath(table.path(), new RowConflictTest.Meanwhile(() -> append(20, 30)));

        OptimizeResult result = late.optimize(duckdb()).execute();

        assertThat(result.version()).isEqualTo(OptionalLong.of(3));
        assertThat(table.duck().value("SELECT count(*), count(DISTINCT id) FROM (" + table.sql() + ")"))
                .isEqualTo("30|30");
    }

    @Test
    void filesThatAnotherWriterChangedMeanwhileAreLeftToIt() throws Exception {
        table.write("SELECT i AS id, 'a' AS p FROM range(4) t(i)", APPEND.withPartitionBy(List.of("p")));
        table.write("SELECT i AS id, 'b' AS p FROM range(4) t(i)");
        table.write("SELECT i AS id, 'a' AS p FROM range(4, 8) t(i)");
        table.write("SELECT i AS id, 'b' AS p FROM range(4, 8) t(i)");
        DeltaTable late = DeltaTable.forPath(
                table.path(),
                new RowConflictTest.Meanwhile(() -> table.delta().delete(duckdb(), "p = 'a' AND id = 1")));

        OptimizeResult result = late.optimize(duckdb()).execute();

        assertThat(result.filesRemoved()).isEqualTo(2);
        assertThat(result.filesLeft()).isEqualTo(2);
        assertThat(table.rows()).hasSize(15).doesNotContain("1|a");
        assertThat(dataFiles()).hasSize(4 + 1 + 1);
    }

    private List<Path> dataFiles() throws IOException {
        return table.dataFiles();
    }

    @Test
    void aChangeOfTheTableMeanwhileIsAConflictThatLeavesNoFile() throws Exception {
        append(0, 10);
        append(10, 20);
        DeltaTable late = DeltaTable.forPath(
                table.path(),
                new RowConflictTest.Meanwhile(
                        () -> table.write("SELECT 1::BIGINT AS id, 'x' AS p, 2 AS q", APPEND.withMergeSchema())));

        assertThatThrownBy(() -> late.optimize(duckdb()).execute())
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.CONFLICT));
        assertThat(dataFiles()).hasSize(3);
    }

    @Test
    void aMergeMeanwhileIsNotStopped() throws Exception {
        append(0, 10);
        append(10, 20);
        DeltaTable late = DeltaTable.forPath(
                table.path(), new RowConflictTest.Meanwhile(() -> optimize().execute()));

        CommitResult appended = late.append(duckdb(), "SELECT 20::BIGINT AS id, 'z' AS p");

        assertThat(appended.version()).isEqualTo(3);
        assertThat(table.rows()).hasSize(21);
    }

    @Test
    void changesOfATableWithAFeedDoNotShowIt() throws Exception {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .property("delta.enableChangeDataFeed", "true")
                .create();
        table.write("SELECT 1 AS id");
        table.write("SELECT 2 AS id");
        optimize().execute();

        assertThat(table.duck()
                        .rows("SELECT id, _commit_version FROM ("
                                + table.delta().changes(1).toSql() + ") ORDER BY ALL"))
                .containsExactly("1|1", "2|2");
    }

    @Test
    void anAppendOnlyTableMayBeOptimized() throws Exception {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .property("delta.appendOnly", "true")
                .create();
        table.write("SELECT 1 AS id");
        table.write("SELECT 2 AS id");

        assertThat(optimize().execute().filesAdded()).isEqualTo(1);
        assertThat(table.rows()).containsExactly("1", "2");
    }

    /** Three files of ten rows, of which none, one and all are deleted by vectors. */
    private void writeVectors() throws Exception {
        Files.createDirectories(table.path());
        List<String> adds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = i + ".parquet";
            table.duck()
                    .run("COPY (SELECT range AS id FROM range(" + 10 * i + ", " + (10 * i + 10) + ")) TO '"
                            + table.path().resolve(name) + "' (FORMAT parquet)");
            String size = "\"size\":" + Files.size(table.path().resolve(name)) + ",";
            String add =
                    VectorFixture.add(name, 10, VectorFixture.inline(VectorFixture.range(0, i == 2 ? 10 : 1), false));
            String plain = LogFixture.add(name, Files.size(table.path().resolve(name)));
            adds.add(i == 0 ? plain : add.replace("\"size\":1,", size));
        }
        LogFixture log = table.log();
        log.commit(
                0,
                FeatureSupportTest.features("deletionVectors", "deletionVectors"),
                LogFixture.metadata("{}", "id long"));
        log.commit(1, adds);
    }

    @Test
    void deletedRowsAreInNoFileAfterwards() throws Exception {
        writeVectors();
        List<String> before = table.rows();

        OptimizeResult result = optimize().execute();

        assertThat(before).hasSize(19);
        assertThat(table.rows()).isEqualTo(before);
        assertThat(result.filesRemoved()).isEqualTo(3);
        assertThat(result.filesAdded()).isEqualTo(1);
        assertThat(result.deletionVectorsRemoved()).isEqualTo(2);
        assertThat(files()).noneMatch(AddFile::hasDeletionVector);
        assertThat(table.newest().numRecords()).hasValue(19);
        assertThat(table.delta().check().execute().findings()).isEmpty();
        table.delta().restore(1);
        assertThat(table.rows()).isEqualTo(before);
        assertThat(files()).filteredOn(AddFile::hasDeletionVector).hasSize(2);
    }

    @Test
    void filesWithManyDeletedRowsAreRewrittenHoweverLarge() throws Exception {
        writeVectors();

        OptimizeResult result = optimize().targetFileSize(1).execute();

        // One has a tenth of its rows deleted, one all: of that nothing is left.
        assertThat(result.filesRemoved()).isEqualTo(2);
        assertThat(result.filesAdded()).isEqualTo(1);
        assertThat(table.rows()).hasSize(19);
        assertThat(optimize().targetFileSize(1).purge().execute().version()).isEmpty();
    }

    @Test
    void filesOfOthersAndOlderSchemasBecomeFilesOfTheTable() throws Exception {
        append(0, 2);
        table.write(
                "SELECT 2::BIGINT AS id, 'p' AS p, [struct_pack(a := 1, b := NULL::DATE)] AS more",
                APPEND.withMergeSchema());
        List<String> before = table.rows();

        optimize().execute();

        assertThat(table.rows()).isEqualTo(before);
        assertThat(Files.exists(table.path().resolve(files().get(0).path()))).isTrue();
        assertThat(files().get(0).partitionValues()).isEqualTo(Map.of());
    }
}
