package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaType.Primitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes to tables with column mapping: whatever is done, the rows are those of a table without one. */
class MappedTableTest {
    private static final String ROWS = """
            SELECT i::INTEGER AS id, CASE WHEN i <> 2 THEN {'x': i, 'y': {'z': 'n' || i}} END AS s,
             [{'q': i}, NULL] AS l, MAP {'k': {'w': i}} AS m, ['a', 'b c', NULL][1 + (i %% 3)::INTEGER] AS p,
             DATE '2020-01-01' + i::INTEGER AS "day"
            FROM range(%d, %d) r(i)""";

    @AutoClose
    final TestTable mapped;

    @AutoClose
    final TestTable plain;

    MappedTableTest(@TempDir Path directory) throws Exception {
        mapped = new TestTable(directory.resolve("mapped"));
        plain = new TestTable(directory.resolve("plain"));
    }

    private void create(TestTable table, String mode) throws Exception {
        DeltaType.Struct schema;
        try (StagedWrite staged = table.stage(ROWS.formatted(0, 1), TestTable.APPEND)) {
            schema = staged.schema();
        }
        DeltaTable.create(table.path())
                .columns(schema)
                .partitionBy("p")
                .property("delta.columnMapping.mode", mode)
                .property("delta.enableChangeDataFeed", "true")
                .create();
    }

    private interface Work {
        void run(TestTable table, Connection duckdb) throws Exception;
    }

    private void both(Work work) throws Exception {
        for (TestTable table : List.of(mapped, plain)) {
            work.run(table, table.duck().connection());
        }
        assertThat(mapped.rows()).isEqualTo(plain.rows());
        assertThat(mapped.columns()).isEqualTo(plain.columns());
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "id"})
    void everyWriteIsAsWithoutMapping(String mode) throws Exception {
        create(mapped, mode);
        create(plain, "none");
        both((table, duckdb) -> table.write(ROWS.formatted(0, 20)));
        both((table, duckdb) -> table.delta().delete(duckdb, "id % 5 = 1"));
        both((table, duckdb) ->
                table.delta().update(duckdb, Map.of("s", "{'x': 7, 'y': {'z': 'u'}}", "p", "'new'"), "id < 4"));
        both((table, duckdb) -> table.delta()
                .merge(duckdb, ROWS.formatted(15, 25), "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute());
        both((table, duckdb) -> table.write(
                ROWS.formatted(30, 32).replace(" AS id", " AS id, 'new' AS \"added\""),
                TestTable.APPEND.withMergeSchema()));
        both((table, duckdb) -> table.write(
                ROWS.formatted(40, 43).replace("{'x': i", "{'v': i, 'x': i"), TestTable.APPEND.withMergeSchema()));
        both((table, duckdb) -> table.delta()
                .merge(duckdb, "SELECT 41 AS id, DATE '2022-02-02' AS later", "target.id = source.id")
                .whenMatched()
                .updateAll()
                .withSchemaEvolution()
                .execute());
        both((table, duckdb) ->
                table.write(ROWS.formatted(0, 3) + " WHERE i = 0", TestTable.OVERWRITE.withReplacePartitions()));
        both((table, duckdb) -> table.write(
                ROWS.formatted(30, 39) + " WHERE i >= 30", TestTable.OVERWRITE.withReplaceWhere("id >= 30")));
        both((table, duckdb) -> table.delta().checkpoint());
        String feed = mapped.delta().changes(1).toSql();
        assertThat(mapped.duck().rows("SELECT * EXCLUDE (_commit_timestamp) FROM (" + feed + ") ORDER BY ALL"))
                .isEqualTo(plain.duck()
                        .rows("SELECT * EXCLUDE (_commit_timestamp) FROM ("
                                + plain.delta().changes(1).toSql() + ") ORDER BY ALL"));
        both((table, duckdb) -> table.write(ROWS.formatted(0, 5), TestTable.OVERWRITE));
        both((table, duckdb) -> table.write("SELECT 1 AS id, 'x' AS t", TestTable.OVERWRITE.withOverwriteSchema()));
    }

    @Test
    void filesAndLogHavePhysicalNamesAndIds() throws Exception {
        create(mapped, "name");
        mapped.write(ROWS.formatted(0, 1));

        Metadata metadata = mapped.newest().state().metadata();
        assertThat(metadata.configuration()).containsEntry("delta.columnMapping.maxColumnId", "11");
        assertThat(mapped.duck()
                        .rows("SELECT name, field_id FROM parquet_schema("
                                + SqlText.files(mapped.dataFiles().stream()
                                        .map(Path::toString)
                                        .toList())
                                + ") WHERE field_id IS NOT NULL"))
                .hasSize(10)
                .allMatch(row -> row.matches("col-[-0-9a-f]{36}\\|\\d+"));
        AddFile file = mapped.newest().state().fileList().get(0);
        DeltaField p = metadata.schema().field("p").orElseThrow();
        assertThat(file.partitionValues()).containsOnlyKeys(metadata.mapping().physicalName(p));
        assertThat(file.statistics().toString())
                .contains("col-")
                .doesNotContain("day=")
                .doesNotContain("x=");
        assertThat(mapped.newest().state().protocol())
                .hasToString("Protocol[minReader=2, minWriter=5, readerFeatures=[], writerFeatures=[]]");
    }

    @Test
    void fileIsSkippedByItsStatistics() throws Exception {
        create(mapped, "id");
        mapped.write("SELECT 1 AS id, 'a' AS p");
        mapped.write("SELECT 2 AS id, 'a' AS p");
        String sql = mapped.newest().toSql(mapped.duck().connection(), "id = 2");

        assertThat(mapped.duck().rows("SELECT id FROM (" + sql + ")")).containsExactly("2");
        assertThat(sql.split("\\.parquet", -1)).hasSizeLessThan(mapped.sql().split("\\.parquet", -1).length);
    }

    @Test
    void columnsMayHaveAnyName() throws Exception {
        DeltaTable.create(mapped.path())
                .column("a b;{}=", Primitive.INTEGER)
                .property("delta.columnMapping.mode", "name")
                .create();
        mapped.write("SELECT 1 AS \"a b;{}=\", 2 AS \"c d\"", TestTable.APPEND.withMergeSchema());

        assertThat(mapped.rows()).containsExactly("1|2");
        assertThatThrownBy(() -> mapped.write("SELECT 1 AS \"\"", TestTable.APPEND.withMergeSchema()))
                .isInstanceOf(Exception.class);
    }

    @Test
    void aTableThatReplacesItGoesOnWithTheIds() throws Exception {
        create(mapped, "name");
        mapped.write(ROWS.formatted(0, 3));
        DeltaTable.create(mapped.path())
                .column("id", Primitive.STRING)
                .property("delta.columnMapping.mode", "name")
                .orReplace()
                .create();

        assertThat(mapped.rows()).isEmpty();
        assertThat(mapped.newest().properties()).containsEntry("delta.columnMapping.maxColumnId", "12");
        assertThat(mapped.rows(mapped.delta().snapshot(1))).hasSize(3);
        assertThat(Files.exists(mapped.path())).isTrue();
    }
}
