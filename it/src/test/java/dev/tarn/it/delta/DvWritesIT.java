package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What Tarn does to tables whose deleted rows are marked in deletion vectors, as the others see it. */
@ExtendWith(Peers.Resolver.class)
class DvWritesIT {
    private static final Map<String, String> PROPERTIES =
            Map.of("delta.enableDeletionVectors", "true", "delta.enableChangeDataFeed", "true");

    private final Peers peers;
    private final Source base;

    @TempDir
    Path folder;

    DvWritesIT(Peers peers) throws Exception {
        this.peers = peers;
        base = peers.source(Operation.BASE);
    }

    private Path tableOf(Peer founder) throws Exception {
        Path table = folder.resolve("of " + founder.name());
        founder.create(table, base, List.of("p"), PROPERTIES);
        founder.append(table, base);
        return table;
    }

    private static long vectorFiles(Path table) throws Exception {
        try (Stream<Path> files = Files.walk(table)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("deletion_vector_"))
                    .count();
        }
    }

    private void assertAllRead(Path table, Rows expected, String what) throws Exception {
        for (Reader reader : peers.readers()) {
            assertThat(expected.difference(reader.read(table)))
                    .as("%s reads after %s", reader.name(), what)
                    .isEmpty();
        }
    }

    @Test
    void everyOperationIsReadByAll() throws Exception {
        for (Peer founder : List.of(peers.tarn, peers.spark)) {
            Path original = tableOf(founder);
            peers.spark.delete(original, "id = 2");
            int number = 0;
            for (Operation operation : Operation.all()) {
                String what = operation.name() + " on the table of " + founder.name();
                Path plain = folder.resolve(founder.name() + " plain " + number);
                peers.tarn.create(plain, base, List.of("p"), Map.of());
                peers.tarn.append(plain, base);
                peers.tarn.delete(plain, "id = 2");
                Path table = Folders.copy(original, folder.resolve(founder.name() + number++));
                Source rows = peers.source(operation.rowsQuery());
                long before = vectorFiles(table);

                operation.work().run(peers.tarn, plain, rows);
                operation.work().run(peers.tarn, table, rows);

                Rows expected = peers.tarn.read(plain);
                assertAllRead(table, expected, what);
                if (List.of("delete", "update").contains(operation.name()) || what.startsWith("merge")) {
                    assertThat(vectorFiles(table)).as(what).isGreaterThan(before);
                }
            }
        }
    }

    @Test
    void sparkGoesOnWhereTarnLeftOff() throws Exception {
        Path table = tableOf(peers.spark);
        peers.tarn.delete(table, "id < 4");
        peers.spark.delete(table, "id < 6");
        peers.tarn.update(table, Map.of("v", "v + 100"), "id < 9");
        peers.spark.update(table, Map.of("v", "v + 1000"), "id < 8");
        peers.tarn.checkpoint(table);
        peers.tarn.delete(table, "id = 20");
        peers.session().sql("OPTIMIZE " + SparkPeer.table(table));
        peers.tarn.delete(table, "id = 21");

        Path model = folder.resolve("model");
        peers.tarn.overwrite(
                model,
                new Source(
                        "SELECT * REPLACE ((CASE WHEN id < 8 THEN v + 1100 WHEN id < 9 THEN v + 100 ELSE v END)::INTEGER"
                                + " AS v) FROM (" + Operation.BASE + ") WHERE id >= 6 AND id NOT IN (20, 21)",
                        base.parquet()));
        assertAllRead(table, peers.tarn.read(model), "turns");
    }

    @Test
    void sparkReadsTheChanges() throws Exception {
        Path table = tableOf(peers.tarn);
        long from = DeltaTable.forPath(table).newestVersion().orElseThrow() + 1;
        peers.tarn.delete(table, "id < 4");
        peers.tarn.delete(table, "id < 6");
        peers.tarn.update(table, Map.of("v", "v + 100"), "id < 9");

        peers.spark.delete(table, "id = 7");
        long to = DeltaTable.forPath(table).newestVersion().orElseThrow();

        Rows changes = peers.tarn.changes(table, from, to);
        assertThat(changes.size()).isEqualTo(4 + 2 + 2 * 3 + 1);
        assertThat(peers.spark.changes(table, from, to).difference(changes)).isEmpty();
    }
}
