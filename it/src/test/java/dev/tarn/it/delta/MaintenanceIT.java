package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.CheckCode;
import dev.tarn.lake.CheckFinding;
import dev.tarn.lake.CheckReport;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.OptimizeResult;
import dev.tarn.lake.VacuumResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Optimize, vacuum and restore by us on Spark's tables and by Spark on ours. */
@ExtendWith(Peers.Resolver.class)
class MaintenanceIT {
    private final Peers peers;
    private final SparkSession spark;

    @TempDir
    Path folder;

    MaintenanceIT(Peers peers) {
        this.peers = peers;
        this.spark = peers.session();
    }

    private Source rows(int batch) throws Exception {
        return peers.source(
                "SELECT * REPLACE ((id + " + 100 * batch + ")::BIGINT AS id) FROM (" + Operation.BASE + ")");
    }

    private Path table(Peer writer, Map<String, String> properties) throws Exception {
        Path table = folder.resolve("table of " + writer.name());
        writer.create(table, rows(0), List.of("p"), properties);
        for (int i = 0; i < 4; i++) {
            writer.append(table, rows(i));
        }
        writer.delete(table, "id % 5 = 2");
        writer.append(table, rows(5));
        writer.append(table, rows(6));
        return table;
    }

    private void assertAllRead(Path table, Rows expected, String when) throws Exception {
        for (Reader reader : peers.readers()) {
            assertThat(expected.difference(reader.read(table)))
                    .as("%s, read by %s", when, reader.name())
                    .isEmpty();
        }
    }

    private static DeltaTable nextWeek(Path table) {
        return DeltaTable.forPath(table, Clock.offset(Clock.systemUTC(), Duration.ofDays(8)));
    }

    private static long files(Path table) throws Exception {
        try (Stream<Path> walk = Files.walk(table)) {
            return walk.filter(file -> file.toString().endsWith(".parquet")
                            && !file.toString().contains("_delta_log"))
                    .count();
        }
    }

    @Test
    void oursOnATableOfSpark() throws Exception {
        Path table = table(peers.spark, Map.of("delta.enableChangeDataFeed", "true"));
        Rows before = peers.spark.read(table);

        OptimizeResult optimized =
                DeltaTable.forPath(table).optimize(peers.duckdb()).execute();

        assertThat(optimized.filesAdded()).isEqualTo(4);
        assertAllRead(table, before, "optimized");
        assertThat(peers.spark.newestHistory(table)).containsEntry("operation", "OPTIMIZE");
        assertThat(peers.spark.changes(table, 8, 8).size()).isZero();

        VacuumResult vacuumed = nextWeek(table).vacuum().execute();
        assertThat(vacuumed.files()).isNotEmpty();
        assertThat(files(table)).isEqualTo(4);
        assertAllRead(table, before, "vacuumed");
        assertThat(peers.spark.newestHistory(table))
                .containsEntry("operation", "VACUUM END")
                .containsEntry("operationParameters", Map.of("status", "COMPLETED"));

        peers.spark.append(table, rows(7));
        peers.spark.update(table, Map.of("v", "v + 1"), "id > 300");
        Rows changed = peers.spark.read(table);
        DeltaTable.forPath(table).restore(8);
        assertAllRead(table, before, "restored");
        assertThat(peers.spark.newestHistory(table)).containsEntry("operation", "RESTORE");
        DeltaTable.forPath(table).restore(12);
        assertAllRead(table, changed, "restored again");
        Rows feed = peers.spark.changes(table, 13, 14);
        assertThat(feed.difference(peers.tarn.changes(table, 13, 14))).isEmpty();
        peers.spark.append(table, rows(9));
        assertThat(peers.spark.read(table).size()).isEqualTo(changed.size() + 24);
    }

    @Test
    void sparksOnATableOfOurs() throws Exception {
        Path table = table(peers.tarn, Map.of("delta.enableChangeDataFeed", "true"));
        Rows before = peers.tarn.read(table);

        spark.sql("OPTIMIZE " + SparkPeer.table(table));
        assertThat(DeltaTable.forPath(table).snapshot().orElseThrow().fileCount())
                .isEqualTo(4);
        assertAllRead(table, before, "optimized by Spark");
        assertThat(peers.tarn.changes(table, 8, 8).size()).isZero();

        spark.sql("VACUUM " + SparkPeer.table(table) + " RETAIN 0 HOURS");
        assertThat(files(table)).isEqualTo(4);
        assertAllRead(table, before, "vacuumed by Spark");

        long newest = DeltaTable.forPath(table).newestVersion().orElseThrow();
        peers.tarn.update(table, Map.of("v", "v + 1"), "id > 300");
        spark.sql("RESTORE TABLE " + SparkPeer.table(table) + " TO VERSION AS OF " + newest);
        assertAllRead(table, before, "restored by Spark");
        assertThat(DeltaTable.forPath(table).optimize(peers.duckdb()).execute().version())
                .isEmpty();
    }

    @Test
    void whatACheckRepairsIsRightForAll() throws Exception {
        Path table = table(peers.spark, Map.of("delta.checkpointInterval", "3"));
        Rows before = peers.spark.read(table);
        DeltaTable ours = DeltaTable.forPath(table);
        assertThat(ours.check().execute().findings()).isEmpty();
        Path commit = ours.commitFile(7);
        String text = Files.readString(commit);
        String lie = text.replaceAll("(minValues[^}]*\"id\\\\\":)\\d+", "$1999999")
                .replaceFirst("numRecords\\\\\":\\d+", "numRecords\\\\\":70");
        assertThat(lie).isNotEqualTo(text);
        Files.writeString(commit, lie);
        Path log = table.resolve("_delta_log");
        Files.write(log.resolve("00000000000000000006.checkpoint.parquet"), new byte[10]);
        Files.writeString(log.resolve("_last_checkpoint"), "{}");

        CheckReport report = ours.check().repair().execute();

        assertThat(report.repaired())
                .extracting(CheckFinding::code)
                .contains(CheckCode.WRONG_STATISTICS, CheckCode.BROKEN_CHECKPOINT, CheckCode.BROKEN_CHECKPOINT_HINT);
        assertThat(report.findings()).isEmpty();
        org.apache.spark.sql.delta.DeltaLog.clearCache();
        assertAllRead(table, before, "repaired");
        assertThat(spark.sql("SELECT count(*) FROM " + SparkPeer.table(table))
                        .first()
                        .getLong(0))
                .isEqualTo(before.size());
        assertThat(spark.sql("SELECT count(*) FROM " + SparkPeer.table(table) + " WHERE id >= 600 AND id < 700")
                        .first()
                        .getLong(0))
                .isEqualTo(24);
        peers.spark.append(table, rows(8));
        assertThat(peers.tarn.read(table).size()).isEqualTo(before.size() + 24);
    }

    @Test
    void ourHistoryIsThatOfSpark() throws Exception {
        Path ours = table(peers.tarn, Map.of());
        Path theirs = table(peers.spark, Map.of());
        DeltaTable.forPath(ours).optimize(peers.duckdb()).execute();
        spark.sql("OPTIMIZE " + SparkPeer.table(theirs));
        assertSameShape(ours, theirs);
        DeltaTable.forPath(ours).vacuum().execute();
        spark.sql("VACUUM " + SparkPeer.table(theirs));
        assertSameShape(ours, theirs);
        DeltaTable.forPath(ours).restore(3);
        spark.sql("RESTORE TABLE " + SparkPeer.table(theirs) + " TO VERSION AS OF 3");
        assertSameShape(ours, theirs);
    }

    private void assertSameShape(Path ours, Path theirs) throws Exception {
        Map<String, Object> one = peers.spark.newestHistory(ours);
        Map<String, Object> other = peers.spark.newestHistory(theirs);
        assertThat(one).containsEntry("operation", other.get("operation"));
        for (String part : List.of("operationParameters", "operationMetrics")) {
            Map<?, ?> told = new TreeMap<>((Map<?, ?>) other.get(part));
            told.values().removeIf(Objects::isNull);
            assertThat(((Map<?, ?>) Objects.requireNonNull(one.get(part))).keySet())
                    .as(other.get("operation") + " " + part)
                    .containsExactlyInAnyOrderElementsOf(cast(told.keySet()));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Iterable<T> cast(Iterable<?> keys) {
        return (Iterable<T>) keys;
    }
}
