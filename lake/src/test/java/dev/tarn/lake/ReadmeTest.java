package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaType.Primitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README, run, and compared with the README. */
class ReadmeTest {
    @TempDir
    Path tables;

    @Test
    void exampleDoesWhatItSays() throws Exception {
        // README
        Path folder = tables.resolve("orders");
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");

        // A table, empty: columns, partitions, properties.
        DeltaTable orders = DeltaTable.create(folder)
                .column(new DeltaField("id", Primitive.LONG).notNull().withComment("the order"))
                .column("amount", new DeltaType.Decimal(10, 2))
                .column("day", Primitive.DATE)
                .partitionBy("day")
                .property("delta.enableChangeDataFeed", "true")
                .ifNotExists()
                .create();

        // Rows are what a query gives: of files, of other tables, of anything that DuckDB reads.
        orders.append(duckdb, "SELECT 1 AS id, 9.99 AS amount, DATE '2026-01-31' AS day");

        // Written in two steps, the rows can be looked at before anyone else sees them.
        try (StagedWrite staged = orders.stage(
                duckdb,
                "SELECT 2 AS id, -5.00 AS amount, DATE '2026-02-01' AS day",
                WriteOptions.of(WriteMode.APPEND))) {
            if (staged.rows() > 0) {
                staged.commit();
            }
        }

        // Done once, however often it is tried: the table remembers the last version of each application.
        WriteOptions once = WriteOptions.of(WriteMode.APPEND)
                .withCommit(CommitOptions.DEFAULT.withTransaction("nightly load", 20260201));
        orders.write(duckdb, "SELECT 3 AS id, 7.00 AS amount, DATE '2026-02-01' AS day", once);
        CommitResult again = orders.write(duckdb, "SELECT 3 AS id, 7.00 AS amount, DATE '2026-02-01' AS day", once);

        // Rows are changed by DuckDB's expressions.
        orders.update(duckdb, Map.of("amount", "0"), "amount < 0");
        orders.delete(duckdb, "id = 3");
        orders.merge(duckdb, "SELECT 1 AS id, 8.50 AS amount, DATE '2026-01-31' AS day", "target.id = source.id")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        // What changed, row by row.
        TableChanges changes = orders.changes(1);
        ResultSet deleted = duckdb.createStatement()
                .executeQuery("SELECT id FROM (" + changes.toSql() + ") WHERE _change_type = 'delete'");

        // A version is a SELECT, for any connection and as part of any query.
        Snapshot newest = orders.snapshot().orElseThrow();
        Snapshot first = orders.snapshot(1);
        Snapshot then = orders.snapshotAt(orders.history(1).get(0).timestamp());
        ResultSet rows = duckdb.createStatement()
                .executeQuery("SELECT day, sum(amount) FROM (" + newest.toSql() + ") GROUP BY day ORDER BY day");

        // What happened, what there is, and a shorter way to read it.
        List<Commit> history = orders.history(10);
        TableDetail detail = orders.detail();
        orders.checkpoint();

        // Few large files of many small ones, an earlier version again, and files away that nothing needs any more.
        OptimizeResult optimized =
                orders.optimize(duckdb).where("day >= DATE '2026-01-01'").execute();
        RestoreResult restored = orders.restore(newest.version());
        VacuumResult vacuumed =
                orders.vacuum().retain(Duration.ofDays(30)).dryRun().execute();

        // Columns, properties and constraints change without a data file being touched.
        orders.addColumn("note", Primitive.STRING, ColumnPlace.after("id"));
        orders.setProperties(Map.of("delta.columnMapping.mode", "name"));
        orders.renameColumn("note", "remark");
        orders.addConstraint("not_negative", "amount >= 0");
        // END

        assertThat(again.alreadyDone()).isTrue();
        assertThat(deleted.next()).isTrue();
        assertThat(deleted.getLong("id")).isEqualTo(3);
        assertThat(deleted.next()).isFalse();
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1) + " " + rows.getString(2)).isEqualTo("2026-01-31 8.50");
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1) + " " + rows.getString(2)).isEqualTo("2026-02-01 0.00");
        assertThat(rows.next()).isFalse();
        assertThat(first.numRecords()).hasValue(1);
        assertThat(then.version()).isEqualTo(newest.version()).isEqualTo(6);
        assertThat(detail.numFiles()).isEqualTo(2);
        assertThat(history).hasSize(7);
        assertThat(optimized.version()).isEmpty();
        assertThat(restored.version()).isEmpty();
        assertThat(vacuumed.files()).isEmpty();
        assertThat(orders.snapshot().orElseThrow().schema().fields().get(1).name())
                .isEqualTo("remark");
        duckdb.close();
    }

    @Test
    void readmeHasTheExample() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String source = Files.readString(Path.of("src/test/java/dev/tarn/lake/ReadmeTest.java"));

        String example = source.substring(source.indexOf("// README\n") + 10, source.indexOf("        // END"));
        assertThat(readme).contains("```java\n" + example.stripTrailing().stripIndent() + "\n```");
    }
}
