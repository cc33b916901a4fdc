package dev.tarn.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several ways to do one piece of work, in turns, so that a slow moment of the machine hits all; prints a table. Other work
 * on the machine makes seconds longer, processor time hardly.
 */
final class Contest {

    /** One round of one way; gives seconds. */
    @FunctionalInterface
    interface Round {
        double run(int round) throws Exception;
    }

    private record Way(String name, Worker worker, Round round, List<Double> seconds, List<Double> cpu) {}

    private final String name;
    private final int rounds;
    private final List<Way> ways = new ArrayList<>();

    Contest(String name, int rounds) {
        this.name = name;
        this.rounds = rounds;
    }

    Contest way(String way, Worker worker, Round round) {
        ways.add(new Way(way, worker, round, new ArrayList<>(), new ArrayList<>()));
        return this;
    }

    /** Compares each with the first; round 0 warms up and is not measured. */
    void run() throws Exception {
        for (int round = 0; round <= rounds; round++) {
            for (Way way : ways) {
                double before = way.worker.cpuSeconds();
                double taken = way.round.run(round);
                if (round > 0) {
                    way.seconds.add(taken);
                    way.cpu.add(way.worker.cpuSeconds() - before);
                }
            }
        }
        print();
    }

    private void print() throws IOException {
        Measurement.print("%n%s (medians of %d, in turns)%n", name, rounds);
        Measurement.print("| | median s | least | most | times the first | CPU s | times the first | peak MB |%n");
        Measurement.print("|---|---|---|---|---|---|---|---|%n");
        double first = Measurement.median(ways.get(0).seconds);
        double firstCpu = Measurement.median(ways.get(0).cpu);
        for (Way way : ways) {
            List<Double> sorted = way.seconds.stream().sorted().toList();
            double median = Measurement.median(sorted);
            double cpu = Measurement.median(way.cpu);
            Measurement.print(
                    "| %s | %.3f | %.3f | %.3f | %.2f | %.2f | %.2f | %d |%n",
                    way.name,
                    median,
                    sorted.get(0),
                    sorted.get(sorted.size() - 1),
                    median / first,
                    cpu,
                    cpu / firstCpu,
                    way.worker.peakMegabytes());
        }
    }
}
