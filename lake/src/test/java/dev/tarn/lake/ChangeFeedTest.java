package dev.tarn.lake;

import static dev.tarn.lake.TestTable.APPEND;
import static dev.tarn.lake.TestTable.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeFeedTest {
    @AutoClose
    final TestTable table;

    ChangeFeedTest(@TempDir Path directory) throws SQLException {
        table = new TestTable(directory.resolve("orders"));
    }

    Connection duckdb() {
        return table.duck().connection();
    }

    void create(String... partitionColumns) {
        DeltaTable.create(table.path())
                .column("id", DeltaType.Primitive.LONG)
                .column("v", DeltaType.Primitive.STRING)
                .partitionBy(partitionColumns)
                .property("delta.enableChangeDataFeed", "true")
                .create();
    }

    void append(String query) throws SQLException {
        table.delta().append(duckdb(), query);
    }

    /** The changes without their times, sorted. */
    List<String> changes(long from, long to) throws SQLException {
        return table.duck()
                .rows("SELECT * EXCLUDE (_commit_timestamp) FROM ("
                        + table.delta().changes(from, to).toSql() + ") ORDER BY ALL");
    }

    List<Map<String, Object>> actions(long version, String kind) {
        return new TableLog(table.path()).commit(version).of(kind).toList();
    }

    List<Path> changeFiles() throws IOException {
        Path directory = table.path().resolve("_change_data");
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void deleteTellsTheRowsThatWent() throws Exception {
        create();
        append("SELECT i AS id, 'v' || i AS v FROM range(4) t(i)");
        append("SELECT 10 AS id, 'v10' AS v");

        ChangeResult result = table.delta().delete(duckdb(), "id IN (1, 10)");

        assertThat(result.changeFiles()).isEqualTo(1);
        assertThat(changes(3, 3)).containsExactly("1|v1|delete|3", "10|v10|delete|3");
    }

    @Test
    void updateTellsRowsBeforeAndAfter() throws Exception {
        create();
        append("SELECT i AS id, 'v' || i AS v FROM range(4) t(i)");

        table.delta().update(duckdb(), Map.of("v", "v || '!'", "id", "id + 5"), "id < 2");

        assertThat(changes(2, 2))
                .containsExactly(
                        "0|v0|update_preimage|2",
                        "1|v1|update_preimage|2",
                        "5|v0!|update_postimage|2",
                        "6|v1!|update_postimage|2");
    }

    @Test
    void mergeTellsAllItsChanges() throws Exception {
        create("v");
        append("SELECT i AS id, 'v' || i % 2 AS v FROM range(6) t(i)");

        table.delta()
                .merge(
                        duckdb(),
                        "SELECT * FROM (VALUES (0, 'a'), (1, 'v1'), (2, 'x'), (8, 'b'), (9, NULL)) q(id, v)",
                        "target.id = source.id")
                .whenMatched("source.v = 'x'")
                .delete()
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .whenNotMatchedBySource("id = 4")
                .delete()
                .whenNotMatchedBySource("id = 5")
                .update(Map.of("v", "'five'"))
                .execute();

        assertThat(changes(2, 2))
                .containsExactly(
                        "0|a|update_postimage|2",
                        "0|v0|update_preimage|2",
                        "1|v1|update_postimage|2",
                        "1|v1|update_preimage|2",
                        "2|v0|delete|2",
                        "4|v0|delete|2",
                        "5|five|update_postimage|2",
                        "5|v1|update_preimage|2",
                        "8|b|insert|2",
                        "9|null|insert|2");
        assertThat(table.rows()).containsExactly("0|a", "1|v1", "3|v1", "5|five", "8|b", "9|null");
    }

    @Test
    void wholeFilesTellTheirChangesThemselves() throws Exception {
        create();
        append("SELECT i AS id, 'v' || i AS v FROM range(2) t(i)");
        table.delta().overwrite(duckdb(), "SELECT 7 AS id, 'x' AS v");
        table.delta().delete(duckdb());
        table.delta()
                .merge(duckdb(), "SELECT 1 AS id, 'm' AS v", "target.id = source.id")
                .whenNotMatched()
                .insertAll()
                .execute();

        assertThat(changes(0, 9))
                .containsExactly(
                        "0|v0|delete|2",
                        "0|v0|insert|1",
                        "1|m|insert|4",
                        "1|v1|delete|2",
                        "1|v1|insert|1",
                        "7|x|delete|3",
                        "7|x|insert|2");
        assertThat(changeFiles()).isEmpty();
    }

    @Test
    void deleteOfPartitionsWritesNoChanges() throws Exception {
        create("v");
        append("SELECT i AS id, 'v' || i % 2 AS v FROM range(4) t(i)");

        table.delta().delete(duckdb(), "v = 'v1'");

        assertThat(changeFiles()).isEmpty();
        assertThat(changes(2, 2)).containsExactly("1|v1|delete|2", "3|v1|delete|2");
    }

    @Test
    void randomValuesAreTheSameInTableAndChanges() throws Exception {
        create();
        append("SELECT i AS id, '' AS v FROM range(50) t(i)");

        table.delta().update(duckdb(), Map.of("v", "uuid()::VARCHAR"), "id < 30");
        table.delta()
                .merge(duckdb(), "SELECT i AS id FROM range(20, 70) t(i)", "target.id = source.id")
                .whenMatched("target.id > 40")
                .update(Map.of("v", "random()::VARCHAR"))
                .whenNotMatched()
                .insert(Map.of("id", "id", "v", "uuid()::VARCHAR"))
                .whenNotMatchedBySource("id > 10")
                .update(Map.of("v", "uuid()::VARCHAR"))
                .execute();

        String last = "SELECT id, v FROM (" + table.delta().changes(2).toSql()
                + ") WHERE _change_type IN ('insert', 'update_postimage') QUALIFY row_number() OVER (PARTITION BY id ORDER"
                + " BY _commit_version DESC) = 1";
        assertThat(table.duck().difference(last, "SELECT * FROM (" + table.sql() + ") WHERE v <> ''"))
                .isEqualTo("0|0");
    }

    @Test
    void actionsAreAsTheProtocolWantsThem() throws Exception {
        create("v");
        append("SELECT i AS id, 'a b' AS v FROM range(4) t(i)");
        table.delta().delete(duckdb(), "id = 1");

        Map<String, Object> change = actions(2, "cdc").get(0);
        assertThat(change)
                .containsEntry("dataChange", false)
                .containsEntry("partitionValues", Map.of("v", "a b"))
                .containsEntry("size", (int) Files.size(table.path().resolve(String.valueOf(change.get("path")))));
        assertThat(table.duck()
                        .columns("FROM read_parquet('" + table.path() + "/_change_data/*', hive_partitioning = false)"))
                .containsExactly("id BIGINT", "_change_type VARCHAR");
        for (String kind : List.of("add", "remove")) {
            Map<String, Object> file = actions(2, kind).get(0);
            assertThat(file).containsEntry("dataChange", true).containsEntry("size", (int)
                    Files.size(table.path().resolve(String.valueOf(file.get("path")))));
        }
        assertThat(actions(2, "commitInfo").get(0))
                .containsEntry("operation", "DELETE")
                .containsEntry("operationParameters", Map.of("predicate", "[\"id = 1\"]"));
    }

    @Test
    void tableWithoutFeedWritesNoChanges() throws Exception {
        table.write("SELECT i AS id FROM range(4) t(i)");

        assertThat(table.delta().delete(duckdb(), "id = 1").changeFiles()).isZero();
        assertThat(changeFiles()).isEmpty();
        assertThatThrownBy(() -> table.delta().changes(0))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED_FEATURE))
                .hasMessage("Table '" + table.path()
                        + "' has recorded no changes in version 0: 'delta.enableChangeDataFeed' was not true.");
    }

    @Test
    void feedThatWasSwitchedOffInBetweenIsAnError() throws Exception {
        String on = "{\"delta.enableChangeDataFeed\":\"true\"}";
        LogFixture log = table.log();
        log.commit(0, LogFixture.PROTOCOL, LogFixture.metadata("{}", "id integer"));
        log.commit(1, LogFixture.metadata(on, "id integer"));
        append("SELECT 1 AS id");
        log.commit(3, LogFixture.metadata("{}", "id integer"));

        assertThat(changes(1, 2)).containsExactly("1|insert|2");
        assertThatThrownBy(() -> changes(0, 2)).hasMessageContaining("has recorded no changes in version 0");
        assertThatThrownBy(() -> changes(2, 3)).hasMessageContaining("has recorded no changes in version 3");
    }

    @Test
    void rangesOutsideTheTableAreErrors() throws Exception {
        create();
        append("SELECT 1 AS id, 'a' AS v");

        assertThatThrownBy(() -> changes(2, 3))
                .hasMessage("Changes of table '" + table.path()
                        + "' cannot be read from version 2 on: its newest version is 1.");
        assertThatThrownBy(() -> changes(1, 0))
                .hasMessage("Changes of table '" + table.path()
                        + "' cannot be read from version 1 to 0, which is before it.");
        assertThatThrownBy(() -> changes(-1, 0)).hasMessageContaining("has no version -1");
        assertThat(changes(1, 99)).containsExactly("1|a|insert|1");
        assertThat(table.delta().changes(1, 99).toVersion()).isEqualTo(1);
    }

    @Test
    void timesChooseVersions() throws Exception {
        create();
        append("SELECT 1 AS id, 'a' AS v");
        append("SELECT 2 AS id, 'b' AS v");
        Instant start = Instant.parse("2024-01-01T00:00:00Z");
        for (int version = 0; version < 3; version++) {
            Files.setLastModifiedTime(
                    table.delta().commitFile(version), FileTime.from(start.plusSeconds(version * 60L)));
        }
        DeltaTable again = DeltaTable.forPath(table.path());

        assertThat(table.duck().rows(again.changes(start.minusSeconds(9)).toSql()))
                .containsExactly("1|a|insert|1|2024-01-01 00:01:00+00", "2|b|insert|2|2024-01-01 00:02:00+00");
        TableChanges second = again.changes(start.plusSeconds(1), start.plusSeconds(119));
        assertThat(List.of(second.fromVersion(), second.toVersion())).containsExactly(1L, 1L);
        TableChanges none = again.changes(start.plusSeconds(61), start.plusSeconds(62));
        assertThat(table.duck().rows(none.toSql())).isEmpty();
        assertThat(table.duck().columns(none.toSql()))
                .containsExactly(
                        "id BIGINT",
                        "v VARCHAR",
                        "_change_type VARCHAR",
                        "_commit_version BIGINT",
                        "_commit_timestamp TIMESTAMP WITH TIME ZONE");
        assertThatThrownBy(() -> again.changes(start.plusSeconds(121)))
                .hasMessageContaining("after its newest version");
        assertThatThrownBy(() -> again.changes(start, start.plusSeconds(121)))
                .hasMessageContaining("after its newest version");
        assertThatThrownBy(() -> again.changes(start.plusSeconds(60), start))
                .hasMessageContaining("which is before it");
    }

    @Test
    void laterColumnsAreNullBefore() throws Exception {
        create();
        append("SELECT 1 AS id, 'a' AS v");
        table.delta().delete(duckdb(), "id = 1");
        append("SELECT 2 AS id, 'b' AS v UNION ALL SELECT 3, 'c'");
        table.delta()
                .merge(duckdb(), "SELECT 2 AS id, 'B' AS v, DATE '2024-02-29' AS d", "target.id = source.id")
                .withSchemaEvolution()
                .whenMatched()
                .updateAll()
                .execute();

        assertThat(changes(1, 4))
                .containsExactly(
                        "1|a|null|delete|2",
                        "1|a|null|insert|1",
                        "2|B|2024-02-29|update_postimage|4",
                        "2|b|null|insert|3",
                        "2|b|null|update_preimage|4",
                        "3|c|null|insert|3");
    }

    @Test
    void columnsThatWentAreAnError() throws Exception {
        create();
        append("SELECT 1 AS id, 'a' AS v");
        table.write("SELECT 1 AS id, 7 AS v", OVERWRITE.withOverwriteSchema());

        assertThatThrownBy(() -> changes(1, 2))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.SCHEMA_MISMATCH))
                .hasMessageContaining("in version 1 column 'id' was 'bigint', and now it is 'int'");
        assertThatThrownBy(() -> changes(2, 2)).hasMessageContaining("in version 1 column 'id' was 'bigint'");
        table.delta().delete(duckdb());
        assertThat(changes(3, 3)).containsExactly("1|7|delete|3");
    }

    @Test
    void namesOfTheFeedAreRefused() throws Exception {
        create();

        assertThatThrownBy(() -> table.delta()
                        .merge(duckdb(), "SELECT 1 AS id, 'a' AS v, 'x' AS _Change_Type", "target.id = source.id")
                        .withSchemaEvolution()
                        .whenNotMatched()
                        .insertAll()
                        .execute())
                .hasMessage(
                        "Column '_Change_Type' has a name that the change data feed of the table needs for itself.");
        table.assertRefused(
                "SELECT 1 AS id, 2 AS _commit_version",
                APPEND.withMergeSchema(),
                Kind.INVALID_WRITE,
                "Column '_commit_version' has a name that the change data feed of the table needs for itself.",
                "Rename the column, or switch the feed off ('delta.enableChangeDataFeed').");
    }

    @Test
    void deletedFilesAreNamed() throws Exception {
        create();
        append("SELECT 1 AS id, 'a' AS v");
        table.delta().delete(duckdb());
        Files.delete(table.dataFiles().get(0));

        assertThatThrownBy(() -> changes(1, 1))
                .hasMessageMatching(
                        "The changes of version 1 of table '.*' can no longer be read: the file 'tarn-.*' has"
                                + " been deleted, as vacuum does with files that the table no longer needs\\.");
    }

    @Test
    void rowsOfSparkWithoutPartitionInTheRemoveAreFound() throws Exception {
        create("v");
        append("SELECT 1 AS id, 'p' AS v");
        AddFile file = table.newest().state().fileList().get(0);
        table.log()
                .commit(
                        2,
                        "{\"remove\":{\"path\":\"" + file.path() + "\",\"deletionTimestamp\":0,\"dataChange\":true}}");

        assertThat(changes(2, 2)).containsExactly("1|p|delete|2");
    }

    @Test
    void movedRowsAreNoChange() throws Exception {
        create();
        append("SELECT 1 AS id, 'p' AS v");
        AddFile file = table.newest().state().fileList().get(0);
        Files.copy(file.locate(table.path()), table.path().resolve("moved.parquet"));
        table.log()
                .commit(
                        2,
                        "{\"remove\":{\"path\":\"" + file.path() + "\",\"deletionTimestamp\":0,\"dataChange\":false}}",
                        LogFixture.add("moved.parquet", 500).replace("\"dataChange\":true", "\"dataChange\":false"));

        assertThat(changes(2, 2)).isEmpty();
        assertThat(table.rows()).containsExactly("1|p");
    }
}
