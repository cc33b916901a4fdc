package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
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

        // Three points and one moment of each: 60 kills.
        for (Operation operation : operations) {
            crashes.kill(operation, 3, 1);
        }

        assertThat(crashes.count().kills()).isEqualTo(4 * operations.size());
    }
}
