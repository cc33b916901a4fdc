package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.TableChanges;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Ranges of the change feed, by version and by time, also those that are not there: both give the same rows or both refuse. */
@ExtendWith(Peers.Resolver.class)
class SameChangesIT {
    private final Instant noon = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(60));

    private final Peers peers;
    private final Path table;

    SameChangesIT(Peers peers, @TempDir Path folder) {
        this.peers = peers;
        this.table = folder.resolve("table");
    }

    /** Version 0 has no feed; 1 switches it on; 2 to 5 change rows by Spark, 6 the schema, 7 and 8 rows by us, 9 only files. */
    private void write() throws Exception {
        String name = SparkPeer.table(table);
        for (String statement : List.of(
                "CREATE TABLE $T USING delta AS SELECT CAST(id AS INT) AS id, 'n' || id AS v FROM range(0, 10, 1, 2)",
                "ALTER TABLE $T SET TBLPROPERTIES (delta.enableChangeDataFeed = true)",
                "INSERT INTO $T VALUES (20, 'ä'), (21, NULL)",
                "UPDATE $T SET v = 'updated' WHERE id IN (1, 20)",
                "DELETE FROM $T WHERE id >= 20",
                "MERGE INTO $T AS t USING (SELECT 30 AS id, 'm' AS v UNION ALL SELECT 2, 'm') AS s ON t.id = s.id"
                        + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
                "ALTER TABLE $T ADD COLUMNS (w DOUBLE)")) {
            peers.session().sql(statement.replace("$T", name));
        }
        Connection duckdb = peers.duckdb();
        DeltaTable ours = DeltaTable.forPath(table);
        ours.update(duckdb, Map.of("w", "id / 2"), "id < 3");
        ours.delete(duckdb, "id = 30");
        ours.optimize(duckdb).execute();
        for (int version = 0; version < 10; version++) {
            Path commit = table.resolve(String.format("_delta_log/%020d.json", version));
            Files.setLastModifiedTime(commit, FileTime.from(time(version)));
        }
        org.apache.spark.sql.delta.DeltaLog.clearCache();
    }

    private Instant time(int version) {
        return noon.plus(Duration.ofMinutes(version));
    }

    @Test
    void rangesGiveTheSameChanges() throws Exception {
        write();
        List<String> differences = new ArrayList<>();
        for (String range : List.of("1", "3 5", "6 9", "9", "8 100", "10", "4 3", "0 0")) {
            Long[] ends = Arrays.stream(range.split(" ", -1)).map(Long::valueOf).toArray(Long[]::new);
            DataFrameReader reader = feed().option("startingVersion", ends[0]);
            DataFrameReader theirs = ends.length > 1 ? reader.option("endingVersion", ends[1]) : reader;
            compare(
                    "versions " + range,
                    theirs,
                    () -> ends.length > 1
                            ? DeltaTable.forPath(table).changes(ends[0], ends[1])
                            : DeltaTable.forPath(table).changes(ends[0]),
                    differences);
        }
        for (String range : List.of(
                "60", "61 119", "61 120", "120 120", "121 125", "540", "541", "535 541", "300 200", "-60 300")) {
            Instant[] ends = Arrays.stream(range.split(" ", -1))
                    .map(each -> noon.plusSeconds(Long.parseLong(each)))
                    .toArray(Instant[]::new);
            DataFrameReader reader = feed().option("startingTimestamp", ends[0].toString());
            DataFrameReader theirs = ends.length > 1 ? reader.option("endingTimestamp", ends[1].toString()) : reader;
            compare(
                    "seconds " + range,
                    theirs,
                    () -> ends.length > 1
                            ? DeltaTable.forPath(table).changes(ends[0], ends[1])
                            : DeltaTable.forPath(table).changes(ends[0]),
                    differences);
        }
        assertThat(differences).isEmpty();
    }

    private DataFrameReader feed() {
        return peers.session().read().format("delta").option("readChangeFeed", "true");
    }

    private interface Range {
        TableChanges changes() throws Exception;
    }

    private interface Answer {
        Map<String, List<String>> rows() throws Exception;
    }

    private void compare(String what, DataFrameReader reader, Range ours, List<String> differences) {
        String theirs = answer(() -> ofSpark(reader));
        String tarn = answer(() -> ofTarn(ours.changes()));
        boolean same = theirs.startsWith("refused") ? tarn.startsWith("refused") : theirs.equals(tarn);
        if (!same) {
            differences.add(what + ":\n  Spark " + theirs + "\n  Tarn " + tarn);
        }
    }

    private static String answer(Answer answer) {
        try {
            return answer.rows().toString();
        } catch (Exception refusal) {
            return "refused: "
                    + String.valueOf(refusal.getMessage()).lines().findFirst().orElse("");
        }
    }

    private Map<String, List<String>> ofSpark(DataFrameReader reader) {
        Rows rows = SparkPeer.rows(reader.load(table.toString()));
        return Map.of(rows.columns().toString(), rows.rows());
    }

    private Map<String, List<String>> ofTarn(TableChanges changes) throws Exception {
        List<String> columns = changes.schema().fields().stream()
                .map(field -> field.name() + " " + field.type().text())
                .toList();
        Rows rows = Rows.of(
                columns,
                DuckRows.of(peers.duckdb(), changes.toSql(), changes.schema().fields()));
        return Map.of(rows.columns().toString(), rows.rows());
    }
}
