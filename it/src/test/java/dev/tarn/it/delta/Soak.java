package dev.tarn.it.delta;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The random tests without end ({@code make soak}), or for {@code -Dtarn.soak.minutes}; keeps count in {@code
 * docs/soak.md}. Not part of {@code make it}.
 */
@ExtendWith(Peers.Resolver.class)
class Soak {
    private final Peers peers;
    private final SoakReport report;

    Soak(Peers peers) throws Exception {
        this.peers = peers;
        this.report = SoakReport.of(Path.of(System.getProperty("tarn.home"), "docs/soak.md"));
    }

    /** One round of a test; gives how much it has checked. */
    @FunctionalInterface
    private interface Round {
        long run(Path folder, long seed) throws Exception;
    }

    @Test
    void runs() throws Exception {
        long minutes = Long.getLong("tarn.soak.minutes", 0);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        while (minutes == 0 || System.nanoTime() < end) {
            round("kill -9 in an operation (kills)", (folder, seed) -> {
                Crashes crashes = new Crashes(peers, folder, seed);
                List<Operation> operations = new ArrayList<>(Operation.all());
                operations.addAll(Operation.maintenance());
                Operation operation = operations.get((int) Long.remainderUnsigned(seed, operations.size()));
                if (Operation.maintenance().stream()
                        .anyMatch(each -> each.name().equals(operation.name()))) {
                    crashes.withTwoAppends();
                }
                crashes.kill(operation, 8, 4);
                return crashes.count().kills();
            });
            round(
                    "four processes on one table for a minute (commits)",
                    (folder, seed) -> Rivalry.run(peers, folder.resolve("table"), 4, 0, 60, seed)
                            .commits());
            round("Tarn, Spark and delta-rs in turns (operations)", (folder, seed) -> {
                Turns turns = new Turns(peers, folder.resolve("table"), seed);
                for (int i = 0; i < 40; i++) {
                    turns.turn();
                }
                return turns.done().size();
            });
            round("Tarn and Spark in turns on tables with features (operations)", (folder, seed) -> {
                Turns turns = new Turns(peers, folder.resolve("table"), seed, true);
                for (int i = 0; i < 40; i++) {
                    turns.turn();
                }
                turns.checkFeed();
                return turns.done().size();
            });
            round("random schemas and rows (tables)", (folder, seed) -> {
                FuzzIT.roundTrip(peers, folder, seed);
                return 3;
            });
        }
    }

    private void round(String test, Round round) throws Exception {
        Path folder = Files.createTempDirectory("tarn-soak");
        long seed = System.nanoTime();
        long start = System.nanoTime();
        try {
            long checked = round.run(folder, seed);
            report.add(test, checked, System.nanoTime() - start);
        } catch (Exception | AssertionError failure) {
            report.fail(test, seed, System.nanoTime() - start, failure);
            throw failure;
        } finally {
            Folders.delete(folder);
        }
    }
}
