package dev.tarn.it.delta;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Random operations by Tarn, Spark and delta-rs in turns on one table. */
@ExtendWith(Peers.Resolver.class)
class TurnsIT {
    private static final int TABLES = 4;
    private static final int TURNS = 25;

    @Test
    void whateverTheyDoInTurnsTheTableIsWhatAMapIs(Peers peers, @TempDir Path folder) throws Exception {
        long seed = Long.getLong("tarn.turns.seed", System.nanoTime());
        System.out.println("tarn.turns.seed=" + seed);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        for (int i = 0; i < TABLES; i++) {
            // The last one has features on.
            Turns turns = new Turns(peers, folder.resolve("table" + i), seed + i, i == TABLES - 1);
            // At least some turns on a slow machine, and no more than fit into the time.
            for (int turn = 0; turn < TURNS && (turn < 5 || System.nanoTime() < end); turn++) {
                turns.turn();
            }
            turns.checkFeed();
        }
    }
}
