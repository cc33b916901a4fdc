package dev.tarn.it.delta;

import dev.tarn.lake.CommitOptions;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.WriteMode;
import dev.tarn.lake.WriteOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * One of several processes that change one table at once. Each commit says in its metadata what it did, so that a plain
 * map can repeat all commits in their order.
 *
 * <p>Arguments: the table's path, the number of the process, seconds to run, a seed, "apart" to do only what suits others that
 * are slow. It prints a line for each version that
 * it made: the version, a space, what it did.
 */
final class Rival {
    private static final int PARTITIONS = 4;
    private static final int POOL = 400;

    /** What a commit did: the rows whose {@code id} is in a range, in one partition ({@code id % 4}). */
    record Deed(int process, int number, String kind, int partition, long from, long count, long value) {

        static Deed random(int process, int number, Random random) {
            String kind = switch (random.nextInt(10)) {
                case 0, 1, 2 -> "append";
                case 3, 4, 5, 6 -> "merge";
                case 7, 8 -> "update";
                default -> "delete";
            };
            boolean append = kind.equals("append");
            long from = append ? 1000L + 1_000_000L * process + 100L * number : random.nextInt(POOL);
            return new Deed(
                    process, number, kind, random.nextInt(PARTITIONS), from, append ? 20 : 40, 1 + random.nextInt(99));
        }

        /** An append or a merge, mostly into a partition that the other processes seldom change. */
        static Deed apart(int process, int number, Random random) {
            boolean append = random.nextBoolean();
            long from = append ? 1000L + 1_000_000L * process + 100L * number : random.nextInt(POOL);
            int partition = random.nextInt(6) == 0 ? random.nextInt(PARTITIONS) : process % PARTITIONS;
            return new Deed(
                    process,
                    number,
                    append ? "append" : "merge",
                    partition,
                    from,
                    append ? 20 : 40,
                    1 + random.nextInt(99));
        }

        static Deed parse(String text) {
            String[] parts = text.split(",", -1);
            return new Deed(
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    parts[2],
                    Integer.parseInt(parts[3]),
                    Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]),
                    Long.parseLong(parts[6]));
        }

        String text() {
            return process + "," + number + "," + kind + "," + partition + "," + from + "," + count + "," + value;
        }

        /** The same rows for Spark. */
        String sparkRows() {
            return "SELECT id, CAST(" + value + " AS BIGINT) AS v, CAST(id % 4 AS INT) AS p FROM range(" + from + ", "
                    + (from + count) + ") WHERE id % 4 = " + partition;
        }

        private String rows() {
            return "SELECT i::BIGINT AS id, " + value + "::BIGINT AS v, (i % 4)::INTEGER AS p FROM range(" + from + ", "
                    + (from + count) + ") t(i) WHERE i % 4 = " + partition;
        }

        private String where() {
            return "p = " + partition + " AND id >= " + from + " AND id < " + (from + count);
        }

        /** Does it to the table; empty if no row changed. */
        OptionalLong run(DeltaTable table, Connection duckdb) throws SQLException {
            CommitOptions options = CommitOptions.DEFAULT.withUserMetadata(text());
            return switch (kind) {
                case "append" ->
                    OptionalLong.of(table.write(
                                    duckdb,
                                    rows(),
                                    WriteOptions.of(WriteMode.APPEND).withCommit(options))
                            .version());
                case "merge" ->
                    table.merge(duckdb, rows(), "target.p = source.p AND target.id = source.id")
                            .whenMatched()
                            .update(Map.of("v", "target.v + source.v"))
                            .whenNotMatched()
                            .insertAll()
                            .withCommit(options)
                            .execute()
                            .version();
                case "update" ->
                    table.update(duckdb, Map.of("v", "(v * 3 + " + value + ") % 1000003"), where(), options)
                            .version();
                default -> table.delete(duckdb, where(), options).version();
            };
        }

        /** Does it to a map from id to v. */
        void run(TreeMap<Long, Long> model) {
            for (long id = from; id < from + count; id++) {
                if (id % 4 == partition) {
                    switch (kind) {
                        case "append" -> model.put(id, value);
                        case "merge" -> model.merge(id, value, Long::sum);
                        case "update" -> model.computeIfPresent(id, (key, v) -> (v * 3 + value) % 1000003);
                        default -> model.remove(id);
                    }
                }
            }
        }
    }

    private Rival() {}

    public static void main(String[] arguments) throws Exception {
        int process = Integer.parseInt(arguments[1]);
        long end = System.nanoTime() + Long.parseLong(arguments[2]) * 1_000_000_000L;
        Random random = new Random(Long.parseLong(arguments[3]) + process);
        DeltaTable table = DeltaTable.forPath(Path.of(arguments[0]));
        int conflicts = 0;
        try (Connection duckdb = Peers.openDuckDb()) {
            for (int number = 0; System.nanoTime() < end; number++) {
                boolean apart = arguments.length > 4;
                Deed deed = apart ? Deed.apart(process, number, random) : Deed.random(process, number, random);
                if (apart) {
                    // Without a pause we commit ten times while Spark tries once, and it never gets its turn.
                    LockSupport.parkNanos(random.nextInt(500_000_000));
                }
                try {
                    OptionalLong version = deed.run(table, duckdb);
                    if (version.isPresent()) {
                        System.out.println(version.getAsLong() + " " + deed.text());
                    }
                } catch (LakeException conflict) {
                    // An append reads nothing, so whatever the others do it has no conflict.
                    if (conflict.kind() != LakeException.Kind.CONFLICT
                            || deed.kind().equals("append")) {
                        throw conflict;
                    }
                    conflicts++;
                }
            }
        }
        System.out.println("conflicts " + conflicts);
    }
}
