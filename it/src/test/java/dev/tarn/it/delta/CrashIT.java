package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in every operation, at the lines around each change of the disk and at random moments. */
@ExtendWith(Peers.Resolver.class)
class CrashIT {

    @Test
    void aKilledOperationLeavesTheTableBeforeOrAfter(Peers peers, @TempDir Path folder) throws Exception {
        long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
        System.out.println("tarn.crash.seed=" + seed);
        Crashes crashes = new Crashes(peers, folder, seed);
        List<Operation> operations = Operation.all();

        // 60 kills: one moment and three points of each, of the first ones four.
        for (int i = 0; i < operations.size(); i++) {
            crashes.kill(operations.get(i), i < 60 - 4 * operations.size() ? 4 : 3, 1);
        }

        assertThat(crashes.count().kills()).isGreaterThanOrEqualTo(60);
    }

    @Test
    void killedMaintenanceLeavesTheTableBeforeOrAfter(Peers peers, @TempDir Path folder) throws Exception {
        long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
        System.out.println("tarn.crash.seed=" + seed);
        Crashes crashes = new Crashes(peers, folder, seed).withTwoAppends();

        for (Operation operation : Operation.maintenance()) {
            crashes.kill(operation, 2, 1);
        }

        assertThat(crashes.count().kills()).isEqualTo(15);
    }

    @Test
    void aKilledCreateLeavesNoTableOrItsOwn(Peers peers, @TempDir Path folder) throws Exception {
        long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
        System.out.println("tarn.crash.seed=" + seed);
        Crashes crashes = Crashes.ofNothing(peers, folder, seed);

        crashes.kill(Operation.create(), 4, 1);

        assertThat(crashes.count().kills()).isEqualTo(5);
    }

    @Test
    void neitherDoesOneThatMarksRows(Peers peers, @TempDir Path folder) throws Exception {
        long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
        System.out.println("tarn.crash.seed=" + seed);
        Crashes crashes = new Crashes(
                peers,
                folder,
                seed,
                Map.of("delta.enableDeletionVectors", "true", "delta.enableChangeDataFeed", "true"));

        for (Operation operation : Operation.all()) {
            if (List.of("delete", "update", "merge: delete and conditions").contains(operation.name())) {
                crashes.kill(operation, 3, 1);
            }
        }

        assertThat(crashes.count().kills()).isGreaterThanOrEqualTo(9);
    }
}
