package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.it.delta.Debugger.Point;
import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Kills processes in the midst of an operation and looks at what they leave: each reader must find the table as it was
 * before or as it is after.
 */
final class Crashes {

    /** How many processes were killed, and how many tables were found as before and as after. */
    record Count(int kills, int before, int after) {
        Count plus(boolean isAfter) {
            return new Count(kills + 1, before + (isAfter ? 0 : 1), after + (isAfter ? 1 : 0));
        }
    }

    private static final Rows NOTHING = new Rows(List.of(), List.of());
    private static final List<String> KEEP_ROWS = List.of("optimize", "vacuum", "checkpoint");

    private final Peers peers;
    private final Path folder;
    private final Random random;
    private final Path original;
    private Rows before;
    private final List<String> log = new ArrayList<>();
    private Count count = new Count(0, 0, 0);
    private int tables;

    /** Begins without a table: killed, an operation leaves none or its own. */
    static Crashes ofNothing(Peers peers, Path folder, long seed) throws Exception {
        return new Crashes(peers, folder, seed, Files.createDirectory(folder.resolve("original")), NOTHING);
    }

    private Crashes(Peers peers, Path folder, long seed, Path original, Rows before) {
        this.peers = peers;
        this.folder = folder;
        this.random = new Random(seed);
        this.original = original;
        this.before = before;
    }

    Crashes(Peers peers, Path folder, long seed) throws Exception {
        this(peers, folder, seed, Map.of());
    }

    /** @param properties of the table on which all operations are done */
    Crashes(Peers peers, Path folder, long seed, Map<String, String> properties) throws Exception {
        this(peers, folder, seed, folder.resolve("original"), NOTHING);
        Source base = peers.source(Operation.BASE);
        peers.tarn.create(original, base, List.of("p"), properties);
        peers.tarn.append(original, base);
        before = peers.tarn.read(original);
    }

    /** Gives the table a second file in each partition, without which maintenance has nothing to do. */
    Crashes withTwoAppends() throws Exception {
        peers.tarn.append(original, peers.source(Operation.BASE));
        before = peers.tarn.read(original);
        return this;
    }

    Count count() {
        return count;
    }

    /** What was killed where, for the message of a failure and for the report. */
    List<String> log() {
        return log;
    }

    /** Kills an operation at some of the points where it changes the disk, and at some random moments. */
    void kill(Operation operation, int atPoints, int atMoments) throws Exception {
        Path undisturbed = copy();
        List<Point> points = record(operation, undisturbed);
        Rows after = peers.tarn.read(undisturbed);
        assertThat(after.equals(before)).as(operation.name()).isEqualTo(KEEP_ROWS.contains(operation.name()));
        for (int i = 0; i < atPoints; i++) {
            Point point = points.get(random.nextInt(points.size()));
            Path table = copy();
            String end = Debugger.run(OperationProcess.class, arguments(operation, table), point::equals, here -> true);
            check(operation, point.toString(), end.equals("killed"), table, after);
        }
        for (int i = 0; i < atMoments; i++) {
            killAtRandomMoment(operation, after);
        }
    }

    private void killAtRandomMoment(Operation operation, Rows after) throws Exception {
        Path timed = copy();
        List<String> command = Child.command(
                List.of(), OperationProcess.class, arguments(operation, timed).toArray(String[]::new));
        long nanos;
        try (Child child = Child.start(command)) {
            String end = child.await(60)
                    .lines()
                    .filter(line -> line.startsWith("end "))
                    .findFirst()
                    .orElseThrow();
            nanos = Long.parseLong(end.substring("end ".length()));
        }
        boolean killed = false;
        while (!killed) {
            Path table = copy();
            try (Child child = Child.start(Child.command(
                    List.of(),
                    OperationProcess.class,
                    arguments(operation, table).toArray(String[]::new)))) {
                child.awaitWord("begin", 60);
                long moment = (long) (nanos * random.nextDouble());
                killed = child.killAfter(moment);
                if (killed) {
                    check(operation, "after " + moment / 1_000_000 + " ms", true, table, after);
                }
            }
        }
    }

    /** Nobody may take a folder for a table that is none. */
    private static Rows read(Reader reader, Path table) throws Exception {
        if (DeltaTable.isDeltaTable(table)) {
            return reader.read(table);
        }
        assertThatThrownBy(() -> reader.read(table)).as(reader.name()).isInstanceOf(Exception.class);
        return NOTHING;
    }

    private static List<String> arguments(Operation operation, Path table) {
        return List.of(table.toString(), operation.name());
    }

    private Path copy() throws IOException {
        return Folders.copy(original, folder.resolve("crash" + tables++));
    }

    /**
     * Runs the operation undisturbed and notes before and after which lines the disk changed, and all that touch files.
     */
    private static List<Point> record(Operation operation, Path table) throws Exception {
        List<Point> notable = new ArrayList<>();
        List<Point> last = new ArrayList<>();
        List<Map<String, Long>> state = new ArrayList<>(List.of(state(table)));
        Debugger.run(OperationProcess.class, arguments(operation, table), point -> true, here -> {
            Map<String, Long> now = state(table);
            if (!now.equals(state.get(0))) {
                notable.addAll(last);
                notable.add(here);
                state.set(0, now);
            } else if (here.type().equals("LocalFiles") || here.type().equals("CommitFile")) {
                notable.add(here);
            }
            last.clear();
            last.add(here);
            return false;
        });
        assertThat(notable).as("points of " + operation.name()).hasSizeGreaterThan(4);
        return notable.stream().distinct().toList();
    }

    private static Map<String, Long> state(Path folder) {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.naturalOrder()).toList()) {
                sizes.put(path.toString(), Files.isRegularFile(path) ? Files.size(path) : 0L);
            }
        } catch (IOException changing) {
            // A file went while it was looked at; the next look sees it.
            sizes.put("changing", 0L);
        }
        return sizes;
    }

    private void check(Operation operation, String where, boolean killed, Path table, Rows after) throws Exception {
        String what = operation.name() + " killed at " + where;
        assertThat(killed).as(what).isTrue();
        Rows now = read(peers.tarn, table);
        assertThat(now).as(what).isIn(before, after);
        for (Reader reader : peers.readers()) {
            assertThat(now.difference(read(reader, table)))
                    .as("%s, read by %s", what, reader.name())
                    .isEmpty();
        }
        boolean isAfter = now.equals(after);
        count = count.plus(isAfter);
        log.add(what + ": " + (isAfter ? "after" : "before"));
        // What is left must not hinder the next writer.
        peers.tarn.append(table, peers.source("SELECT * FROM (" + Operation.BASE + ") LIMIT 1"));
        assertThat(peers.tarn.read(table).size()).as(what).isEqualTo(now.size() + 1);
        Folders.delete(table);
    }
}
