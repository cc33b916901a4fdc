package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.Commit;
import dev.tarn.lake.DeltaTable;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that change one table at the same time. */
@ExtendWith(Peers.Resolver.class)
class RivalryIT {

    @Test
    void theTableIsWhatTheCommitsInTheirOrderMakeAndNoneIsLost(Peers peers, @TempDir Path folder) throws Exception {
        long seed = Long.getLong("tarn.rivalry.seed", System.nanoTime());
        System.out.println("tarn.rivalry.seed=" + seed);

        Rivalry.Outcome outcome = Rivalry.run(peers, folder.resolve("table"), 4, 0, 20, seed);

        System.out.println(outcome);
        assertThat(outcome.commits()).isGreaterThan(10);
    }

    @Test
    void sparkThroughOurLogStoreAndWeLoseNothing(Peers peers, @TempDir Path folder) throws Exception {
        long seed = Long.getLong("tarn.rivalry.seed", System.nanoTime());
        System.out.println("tarn.rivalry.seed=" + seed);
        Path table = folder.resolve("table");

        Rivalry.Outcome outcome = Rivalry.runWithSpark(peers, table, 20, seed);

        System.out.println(outcome);
        assertThat(DeltaTable.forPath(table).history(10_000))
                .extracting(commit -> commit.engineInfo().orElse("").replaceFirst("(/\\d+\\.\\d+)?\\..*", "$1"))
                .contains("Apache-Spark/4.1", "Apache-Spark/3.5");
        assertThat(outcome.commits()).isGreaterThan(10);
    }

    @Test
    void maintenanceBesideWritersLosesNoRowAndStopsNoAppend(Peers peers, @TempDir Path folder) throws Exception {
        long seed = Long.getLong("tarn.rivalry.seed", System.nanoTime());
        System.out.println("tarn.rivalry.seed=" + seed);
        Path table = folder.resolve("table");

        Rivalry.Outcome outcome = Rivalry.run(peers, table, 2, 2, 15, seed);

        System.out.println(outcome);
        assertThat(outcome.commits()).isGreaterThan(10);
        // All of it happened within the retention, so every version still has all of its files.
        DeltaTable read = DeltaTable.forPath(table);
        for (Commit commit : read.history(10_000)) {
            assertThat(DuckRows.of(
                            peers.duckdb(),
                            read.snapshot(commit.version()).toSql(),
                            read.snapshot(commit.version()).schema().fields()))
                    .hasSize((int) read.snapshot(commit.version()).numRecords().orElseThrow());
        }
        assertThat(read.history(10_000)).extracting(Commit::operation).contains("OPTIMIZE", "VACUUM END", "RESTORE");
    }
}
