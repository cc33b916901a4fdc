package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

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

        Rivalry.Outcome outcome = Rivalry.run(peers, folder.resolve("table"), 20, seed);

        System.out.println(outcome);
        assertThat(outcome.commits()).isGreaterThan(10);
    }
}
