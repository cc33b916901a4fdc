package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.WriteMode;
import dev.tarn.lake.WriteOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Our checkpoints, read by those who have nothing else, because the commits before are gone. */
@ExtendWith(Peers.Resolver.class)
class CheckpointIT {
    private static final WriteOptions APPEND = WriteOptions.of(WriteMode.APPEND);

    @TempDir
    Path folder;

    @Test
    void everyPeerStartsFromOurCheckpoint(Peers peers) throws Exception {
        DeltaTable table = DeltaTable.forPath(folder.resolve("t"));
        table.write(
                peers.duckdb(),
                rows(0),
                APPEND.withPartitionBy(List.of("p", "day"))
                        .withCommit(CommitOptions.DEFAULT.withTransaction("loader", 41)));
        for (int i = 1; i < 11; i++) {
            table.write(peers.duckdb(), rows(i), APPEND);
        }
        table.delete(peers.duckdb(), "id % 7 = 3");
        Rows expected = peers.tarn.read(table.path());
        for (int version = 0; version < 10; version++) {
            Files.delete(table.commitFile(version));
        }

        for (Reader reader : peers.readers()) {
            assertThat(expected.difference(reader.read(table.path())))
                    .as(reader.name())
                    .isEmpty();
            assertThat(reader.lastTransaction(table.path(), "loader"))
                    .as(reader.name())
                    .isEqualTo(41);
        }
        for (Peer writer : List.of(peers.spark, peers.deltaRs)) {
            writer.append(table.path(), peers.source(rows(100)));
            writer.delete(table.path(), "id = 1001");
        }
        Rows after = peers.tarn.read(table.path());
        for (Reader reader : peers.readers()) {
            assertThat(after.difference(reader.read(table.path())))
                    .as(reader.name())
                    .isEmpty();
        }
    }

    private static String rows(int batch) {
        return "SELECT " + batch + " * 10 + i AS id, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'a/b=c %' WHEN 2 THEN 'ü'"
                + " ELSE 'x' END AS p, DATE '2026-01-01' + (i % 2)::INTEGER AS day, i / 3 AS number,"
                + " TIMESTAMP '2026-01-01 00:00:00' AS wall FROM range(10) t(i)";
    }
}
