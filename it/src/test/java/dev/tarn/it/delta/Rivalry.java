package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.it.delta.Rival.Deed;
import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Processes that append to, merge into, update and delete from one table at once, with or without maintenance beside them. */
final class Rivalry {

    /** What the processes did in a run. */
    record Outcome(int commits, int conflicts, int rows) {}

    private Rivalry() {}

    /** Runs them, and checks that the table is what a map becomes by the commits in the order of the log. */
    static Outcome run(Peers peers, Path table, int writers, int maintainers, int seconds, long seed) throws Exception {
        peers.tarn.create(
                table, peers.source("SELECT 0::BIGINT AS id, 0::BIGINT AS v, 0::INTEGER AS p"), List.of("p"), Map.of());
        List<Child> rivals = new ArrayList<>();
        try {
            for (int i = 0; i < writers + maintainers; i++) {
                Class<?> main = i < writers ? Rival.class : Maintainer.class;
                rivals.add(
                        Child.start(Child.command(List.of(), main, table.toString(), "" + i, "" + seconds, "" + seed)));
            }
            return await(peers, table, rivals, seconds);
        } finally {
            for (Child rival : rivals) {
                rival.close();
            }
        }
    }

    /** Runs processes of Spark 4.1 and 3.5 beside our own, all appending and merging, and checks as {@link #run} does. */
    static Outcome runWithSpark(Peers peers, Path table, int seconds, long seed) throws Exception {
        peers.tarn.create(
                table, peers.source("SELECT 0::BIGINT AS id, 0::BIGINT AS v, 0::INTEGER AS p"), List.of("p"), Map.of());
        List<String> options = new ArrayList<>(List.of("-Xmx700m"));
        options.addAll(List.of(System.getProperty("tarn.spark.jvm.args").strip().split("\\s+")));
        Path scratch = Files.createDirectory(table.resolveSibling("scratch"));
        String[] rest = {"" + seconds, "" + seed, scratch.toString()};
        List<Child> rivals = new ArrayList<>();
        try {
            rivals.add(Child.start(
                    Child.command(options, SparkRival.class, table.toString(), "0", rest[0], rest[1], rest[2])));
            rivals.add(Child.start(
                    Spark35Peer.command(scratch, SparkRival.class, table.toString(), "1", rest[0], rest[1], rest[2])));
            for (Child spark : rivals) {
                spark.awaitWord("ready", 120);
            }
            for (Child spark : rivals) {
                spark.process().getOutputStream().close();
            }
            for (int i = 2; i < 4; i++) {
                rivals.add(Child.start(Child.command(
                        List.of(), Rival.class, table.toString(), "" + i, "" + seconds, "" + seed, "apart")));
            }
            return await(peers, table, rivals, seconds);
        } finally {
            for (Child rival : rivals) {
                rival.close();
            }
        }
    }

    private static Outcome await(Peers peers, Path table, List<Child> rivals, int seconds) throws Exception {
        List<String> told = new ArrayList<>();
        int conflicts = 0;
        for (Child rival : rivals) {
            for (String line : rival.await(seconds + 120L).lines().toList()) {
                if (line.startsWith("conflicts ")) {
                    conflicts += Integer.parseInt(line.substring("conflicts ".length()));
                } else if (line.matches("(\\d+|" + SparkRival.SOME_VERSION + ") (\\d|" + Maintainer.DEED + ").*")) {
                    told.add(line);
                }
            }
        }
        return new Outcome(told.size(), conflicts, check(peers, table, told));
    }

    private static int check(Peers peers, Path table, List<String> told) throws Exception {
        List<Map<Long, Long>> models = new ArrayList<>(List.of(new TreeMap<>()));
        List<String> logged = new ArrayList<>();
        for (long version = 1; Files.exists(commit(table, version)); version++) {
            String deed = userMetadata(commit(table, version)).orElseThrow();
            logged.add(version + " " + deed);
            models.add(after(deed, models));
        }
        Map<Long, Long> model = models.get(models.size() - 1);
        List<String> unversioned = told.stream()
                .filter(line -> line.startsWith(SparkRival.SOME_VERSION))
                .map(line -> line.substring(line.indexOf(' ')))
                .toList();
        logged.replaceAll(line -> unversioned.contains(line.substring(line.indexOf(' ')))
                ? SparkRival.SOME_VERSION + line.substring(line.indexOf(' '))
                : line);
        assertThat(logged)
                .as("what the log has and what the writers were told")
                .containsExactlyInAnyOrderElementsOf(told);
        Rows expected = Rows.of(
                List.of("id bigint", "v bigint", "p int"),
                model.entrySet().stream()
                        .map(row -> List.of(row.getKey(), row.getValue(), (int) (row.getKey() % 4)))
                        .toList());
        for (Reader reader : peers.readers()) {
            assertThat(expected.difference(reader.read(table)))
                    .as("the commits in their order, and the table read by %s", reader.name())
                    .isEmpty();
        }
        assertThat(DeltaTable.forPath(table).check().execute().findings())
                .as("what a check of the table finds")
                .isEmpty();
        return expected.size();
    }

    /** @param models what each version was, from 0 */
    private static Map<Long, Long> after(String deed, List<Map<Long, Long>> models) {
        if (deed.contains(Maintainer.RESTORE)) {
            return models.get(Integer.parseInt(deed.substring(deed.lastIndexOf(' ') + 1)));
        }
        Map<Long, Long> newest = models.get(models.size() - 1);
        if (deed.startsWith(Maintainer.DEED)) {
            return newest;
        }
        TreeMap<Long, Long> model = new TreeMap<>(newest);
        Deed.parse(deed).run(model);
        return model;
    }

    private static Path commit(Path table, long version) {
        return table.resolve("_delta_log").resolve(String.format("%020d.json", version));
    }

    private static Optional<String> userMetadata(Path commit) throws IOException {
        for (String line : Files.readAllLines(commit)) {
            if (JSON.std.mapFrom(line).get("commitInfo") instanceof Map<?, ?> info) {
                return Optional.ofNullable(info.get("userMetadata")).map(String::valueOf);
            }
        }
        return Optional.empty();
    }
}
