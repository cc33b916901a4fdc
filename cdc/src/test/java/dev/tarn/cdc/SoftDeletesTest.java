package dev.tarn.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaTable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftDeletesTest {

    @TempDir
    private Path folder;

    private TargetTable table(String deletes) throws StreamException {
        Properties p = new Properties();
        for (String key : List.of("host", "database", "user", "password", "work")) {
            p.setProperty(key, "x");
        }
        p.putAll(Map.of("name", "s", "port", "1", "target", folder.toString(), "deletes", deletes));
        List<Column> columns = List.of(
                Column.of("t", "id", "integer", new Column.Origin("int4", 1, false)),
                Column.of("t", "v", "text", new Column.Origin("text", 2, false)));
        return new TargetTable(
                new SourceTable("public.t", columns, List.of("id"), 1, folder.resolve("t")), StreamSettings.of(p));
    }

    private static Position position(long batch) {
        return new Position(
                "s", batch, List.of("public.t"), List.of("public.t"), Optional.empty(), Map.of(), Optional.empty());
    }

    /** @param rows such as {@code (false, 1, 'a', true)}: deleted or not, key, value, whether it has the value */
    private void apply(long batch, String rows) throws Exception {
        String net = "SELECT * FROM (VALUES " + rows + ") AS t(_delete, id, v, _has_1)";
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            if (batch == 1) {
                table("soft").replace(duckdb, net, position(batch));
            } else {
                table("soft").apply(duckdb, net, position(batch));
            }
        }
    }

    private String rows() throws Exception {
        String select =
                DeltaTable.forPath(folder.resolve("t")).snapshot().orElseThrow().toSql();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet row = duckdb.createStatement()
                        .executeQuery("SELECT string_agg(concat_ws(' ', id, v, _deleted), ', ' ORDER BY id) FROM ("
                                + select + ")")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aDeletedRowStaysWithItsMarkUntilItComesBack() throws Exception {
        apply(1, "(false, 1, 'a', true), (false, 2, 'b', true)");
        assertThat(rows()).isEqualTo("1 a false, 2 b false");

        apply(2, "(true, 1, NULL, false), (true, 9, NULL, false), (false, 3, 'c', true)");
        assertThat(rows()).isEqualTo("1 a true, 2 b false, 3 c false");

        apply(2, "(false, 2, 'twice', true)");
        assertThat(rows()).isEqualTo("1 a true, 2 b false, 3 c false");

        apply(3, "(false, 1, 'again', true)");
        assertThat(rows()).isEqualTo("1 again false, 2 b false, 3 c false");
    }

    @Test
    void anotherPolicyNeedsTheTablesAnew() throws Exception {
        apply(1, "(false, 1, 'a', true)");

        table("soft").fit();
        assertThatThrownBy(() -> table("hard").fit())
                .isInstanceOf(StreamException.class)
                .hasMessage("table 'public.t' was followed with other 'deletes'");
    }
}
