package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No operation writes anything to a table of which a feature is only read. */
class ReadOnlyFeaturesTest {
    private interface Write {
        void run(DeltaTable table, Connection duckdb) throws SQLException;
    }

    @AutoClose
    final TestTable table;

    final LogFixture log;

    ReadOnlyFeaturesTest(@TempDir Path directory) throws Exception {
        table = new TestTable(directory.resolve("t"));
        log = table.log();
    }

    private static Map<String, Write> operations() {
        String rows = "SELECT 1 AS id";
        Map<String, Write> operations = new LinkedHashMap<>();
        operations.put("append", (table, duckdb) -> table.append(duckdb, rows));
        operations.put("overwrite", (table, duckdb) -> table.overwrite(duckdb, rows));
        operations.put(
                "new schema",
                (table, duckdb) -> table.write(duckdb, "SELECT 'x' AS y", TestTable.OVERWRITE.withOverwriteSchema()));
        operations.put(
                "more columns",
                (table, duckdb) -> table.write(duckdb, "SELECT 1 AS id, 2 AS z", TestTable.APPEND.withMergeSchema()));
        operations.put("delete of all", (table, duckdb) -> table.delete(duckdb));
        operations.put("delete", (table, duckdb) -> table.delete(duckdb, "id = 1"));
        operations.put("update of all", (table, duckdb) -> table.update(duckdb, Map.of("id", "2")));
        operations.put("update", (table, duckdb) -> table.update(duckdb, Map.of("id", "2"), "id = 1"));
        operations.put(
                "merge",
                (table, duckdb) -> table.merge(duckdb, rows, "target.id = source.id")
                        .whenMatched()
                        .delete()
                        .execute());
        operations.put(
                "replacement",
                (table, duckdb) -> DeltaTable.create(table.path())
                        .column(new DeltaField("y", DeltaType.Primitive.STRING))
                        .orReplace()
                        .create());
        return operations;
    }

    @Test
    void featureIsNamedAndNothingWritten() throws Exception {
        table.duck()
                .run("COPY (SELECT range::INTEGER AS id FROM range(3)) TO '" + table.path()
                        + "/a.parquet' (FORMAT parquet)");
        log.commit(
                0,
                FeatureSupportTest.features("", "icebergCompatV1"),
                LogFixture.metadata("{\"delta.enableIcebergCompatV1\":\"true\"}", "id integer"),
                LogFixture.add("a.parquet", 1));
        List<String> before = files();
        List<String> rows = table.rows();
        assertThat(rows).hasSize(3);

        for (Map.Entry<String, Write> operation : operations().entrySet()) {
            assertThatThrownBy(() ->
                            operation.getValue().run(table.delta(), table.duck().connection()))
                    .as(operation.getKey())
                    .isInstanceOfSatisfying(
                            LakeException.class,
                            refusal -> assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED_FEATURE))
                    .hasMessageContaining("cannot be written, because it uses feature 'icebergCompatV1'");
        }

        assertThat(files()).isEqualTo(before);
        assertThat(table.rows()).isEqualTo(rows);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(table.path())) {
            return files.map(Path::toString).sorted().toList();
        }
    }
}
