package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.it.delta.Merge.Kind;
import dev.tarn.lake.DeltaTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Random operations on one table by random writers, each followed by a comparison with a plain map. */
final class Turns {

    /** A row of the model. */
    record Row(
            long id,
            @Nullable Integer v,
            @Nullable String name,
            @Nullable String p) {
        Row withV(@Nullable Integer other) {
            return new Row(id, other, name, p);
        }

        Row withP(@Nullable String other) {
            return new Row(id, v, name, other);
        }

        private String sql() {
            return "(" + id + "::BIGINT, " + v + "::INTEGER, " + text(name) + "::VARCHAR, " + text(p) + "::VARCHAR)";
        }

        private static String text(@Nullable String value) {
            return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
        }
    }

    /** A condition as everyone's SQL and as ours; NULL does not hold. */
    private record Condition(String sql, Predicate<Row> holds) {}

    private final Peers peers;
    private final Path table;
    private final Random random;
    private final TreeMap<Long, Row> model = new TreeMap<>();
    private final List<String> done = new ArrayList<>();
    private final boolean withDeltaRs;
    private final boolean partitioned;
    private final List<@Nullable String> partitions = new ArrayList<>();
    private long nextId;

    Turns(Peers peers, Path table, long seed) throws Exception {
        this(peers, table, seed, false);
    }

    /** @param featured whether the table has features on that delta-rs reads but does not write */
    Turns(Peers peers, Path table, long seed, boolean featured) throws Exception {
        this.peers = peers;
        this.table = table;
        this.random = new Random(seed);
        withDeltaRs = !featured && random.nextInt(3) > 0;
        partitions.add("a");
        partitions.add("b=c");
        // Spark logs a path's 'ü' as it is. delta-rs 1.6 removes the file under the name '%C3%BC', which neither it nor
        // Spark nor Kernel takes for the same file: they read its rows twice from then on.
        partitions.add(withDeltaRs ? "u %41/" : "ü %41/");
        partitions.add(null);
        partitioned = random.nextBoolean();
        List<String> partitionBy = partitioned ? List.of("p") : List.of();
        Peer founder = writer();
        Map<String, String> properties = featured ? features() : Map.of();
        founder.create(table, peers.source(values(rows(1)) + " LIMIT 0"), partitionBy, properties);
        done.add(founder.name() + " creates, partitioned by " + partitionBy + ", with " + properties);
        if (featured) {
            constrain(founder);
        }
    }

    private Map<String, String> features() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("delta.columnMapping.mode", random.nextBoolean() ? "name" : "id");
        properties.put("delta.enableChangeDataFeed", String.valueOf(random.nextBoolean()));
        properties.put("delta.enableDeletionVectors", String.valueOf(random.nextBoolean()));
        properties.put("delta.enableInCommitTimestamps", String.valueOf(random.nextBoolean()));
        properties.put("delta.checkpointPolicy", random.nextBoolean() ? "v2" : "classic");
        properties.put("delta.checkpointInterval", "7");
        return properties;
    }

    private void constrain(Peer peer) {
        String condition = "id >= 0 AND (v IS NULL OR v < 100000)";
        if (peer == peers.tarn) {
            DeltaTable.forPath(table).addConstraint("bounds", condition);
        } else {
            peers.session()
                    .sql("ALTER TABLE " + SparkPeer.table(table) + " ADD CONSTRAINT bounds CHECK (" + condition + ")");
        }
        note(peer, "adds a constraint");
    }

    /** What was done so far, in order. */
    List<String> done() {
        return done;
    }

    private Peer writer() {
        int die = random.nextInt(20);
        return die < 10 ? peers.tarn : die < 16 || !withDeltaRs ? peers.spark : peers.deltaRs;
    }

    /** One operation, and a look by Tarn and another reader; each tenth time by all. */
    void turn() throws Exception {
        Peer peer = writer();
        switch (random.nextInt(15)) {
            case 0, 1, 2 -> append(peer);
            case 3 -> overwrite(peer);
            case 4, 5 -> delete(peer);
            case 6, 7 -> update(peer);
            case 8, 9, 10 -> merge(peer);
            case 11 -> optimize();
            case 12 -> replaceWhere(peer);
            case 13 -> overwritePartitions(peer == peers.deltaRs ? peers.tarn : peer);
            default -> checkpoint(peer);
        }
        check();
    }

    /** What changed since the first version, as Spark tells it; no feed is no difference. */
    void checkFeed() throws Exception {
        DeltaTable delta = DeltaTable.forPath(table);
        Map<String, String> properties = delta.snapshot().orElseThrow().properties();
        if ("true".equals(properties.get("delta.enableChangeDataFeed"))) {
            long last = delta.newestVersion().orElseThrow();
            assertThat(peers.spark.changes(table, 0, last).difference(peers.tarn.changes(table, 0, last)))
                    .as("the changes after:%n%s", String.join("\n", done))
                    .isEmpty();
        }
    }

    private void optimize() throws Exception {
        boolean ours = random.nextBoolean();
        if (ours) {
            DeltaTable.forPath(table).optimize(peers.duckdb()).execute();
        } else {
            peers.session().sql("OPTIMIZE " + SparkPeer.table(table));
        }
        done.add((ours ? "Tarn" : "Spark") + " optimizes");
    }

    private void check() throws Exception {
        Rows expected = Rows.of(
                List.of("id bigint", "v int", "name string", "p string"),
                model.values().stream().map(Turns::values).toList());
        List<Reader> readers = peers.readers();
        List<Reader> some = done.size() % 10 == 0
                ? readers
                : List.of(peers.tarn, readers.get(1 + random.nextInt(readers.size() - 1)));
        for (Reader reader : some) {
            assertThat(expected.difference(reader.read(table)))
                    .as("%s reads after:%n%s", reader.name(), String.join("\n", done))
                    .isEmpty();
        }
        if (some.size() == readers.size()) {
            assertThat(DeltaTable.forPath(table).check().execute().findings())
                    .as("a check after:%n%s", String.join("\n", done))
                    .isEmpty();
        }
    }

    private static List<@Nullable Object> values(Row row) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(row.id);
        values.add(row.v);
        values.add(row.name);
        values.add(row.p);
        return values;
    }

    private List<Row> rows(int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(nextId++));
        }
        return rows;
    }

    private Row row(long id) {
        return new Row(
                id,
                random.nextInt(5) == 0 ? null : random.nextInt(50),
                random.nextInt(5) == 0 ? null : "it's " + random.nextInt(9) + "€",
                partitions.get(random.nextInt(partitions.size())));
    }

    private static String values(List<Row> rows) {
        return rows.stream()
                .map(Row::sql)
                .collect(Collectors.joining(", ", "SELECT * FROM (VALUES ", ") t(id, v, name, p)"));
    }

    private void append(Peer peer) throws Exception {
        List<Row> rows = rows(1 + random.nextInt(30));
        note(peer, "appends " + rows.size());
        peer.append(table, peers.source(values(rows)));
        rows.forEach(row -> model.put(row.id, row));
    }

    private void overwrite(Peer peer) throws Exception {
        List<Row> rows = rows(10 + random.nextInt(30));
        note(peer, "overwrites by " + rows.size());
        peer.overwrite(table, peers.source(values(rows)));
        model.clear();
        rows.forEach(row -> model.put(row.id, row));
    }

    /** Takes rows away for which a condition holds, for others for which it holds as well. */
    private void replaceWhere(Peer peer) throws Exception {
        long id = nextId == 0 ? 0 : random.nextLong(nextId);
        int number = random.nextInt(40);
        Condition condition = switch (random.nextInt(3)) {
            case 0 -> new Condition("p = 'b=c'", row -> "b=c".equals(row.p));
            case 1 -> new Condition("id >= " + id, row -> row.id >= id);
            default ->
                new Condition(
                        "v > " + number + " AND id >= " + id, row -> row.v != null && row.v > number && row.id >= id);
        };
        List<Row> rows = rows(1 + random.nextInt(10)).stream()
                .map(row -> condition.holds.test(row) ? row : new Row(row.id, number + 1, row.name, "b=c"))
                .toList();
        note(peer, "replaces where " + condition.sql + " by " + rows.size());
        peer.replaceWhere(table, peers.source(values(rows)), condition.sql);
        model.values().removeIf(condition.holds);
        rows.forEach(row -> model.put(row.id, row));
    }

    /** Those that the rows are of; a table without partitions is one. */
    private void overwritePartitions(Peer peer) throws Exception {
        if (!partitioned) {
            overwrite(peer);
            return;
        }
        List<@Nullable String> some = partitions.subList(0, 1 + random.nextInt(partitions.size()));
        List<Row> rows = rows(1 + random.nextInt(10)).stream()
                .map(row -> row.withP(some.get(random.nextInt(some.size()))))
                .toList();
        Set<@Nullable String> replaced = new HashSet<>();
        rows.forEach(row -> replaced.add(row.p));
        note(peer, "overwrites partitions " + replaced + " by " + rows.size());
        peer.overwritePartitions(table, peers.source(values(rows)));
        model.values().removeIf(row -> replaced.contains(row.p));
        rows.forEach(row -> model.put(row.id, row));
    }

    private Condition condition() {
        int number = random.nextInt(40);
        int modulus = 2 + random.nextInt(5);
        long id = nextId == 0 ? 0 : random.nextLong(nextId);
        return switch (random.nextInt(6)) {
            case 0 -> new Condition("v > " + number, row -> row.v != null && row.v > number);
            case 1 ->
                new Condition(
                        "v % " + modulus + " = 1 AND id < " + id,
                        row -> row.v != null && row.v % modulus == 1 && row.id < id);
            case 2 -> new Condition("v IS NULL", row -> row.v == null);
            case 3 -> new Condition("p = 'b=c'", row -> "b=c".equals(row.p));
            case 4 -> new Condition("p IS NULL AND id >= " + id, row -> row.p == null && row.id >= id);
            default -> new Condition("id >= " + id + " AND id < " + (id + 5), row -> row.id >= id && row.id < id + 5);
        };
    }

    private void delete(Peer peer) throws Exception {
        Condition condition = condition();
        note(peer, "deletes where " + condition.sql);
        peer.delete(table, condition.sql);
        model.values().removeIf(condition.holds);
    }

    private void update(Peer peer) throws Exception {
        Condition condition = condition();
        boolean moves = random.nextInt(3) == 0;
        note(peer, (moves ? "moves" : "updates") + " where " + condition.sql);
        peer.update(table, moves ? Map.of("p", "'a'") : Map.of("v", "v + 1"), condition.sql);
        UnaryOperator<Row> change = moves ? row -> row.withP("a") : row -> row.withV(row.v == null ? null : row.v + 1);
        model.replaceAll((id, row) -> condition.holds.test(row) ? change.apply(row) : row);
    }

    private void merge(Peer peer) throws Exception {
        List<Row> rows = new ArrayList<>(rows(random.nextInt(6)));
        for (Row old : model.values()) {
            if (random.nextInt(4) == 0) {
                rows.add(row(old.id));
            }
        }
        if (rows.isEmpty()) {
            rows.addAll(rows(1));
        }
        boolean deletes = random.nextBoolean();
        boolean missing = random.nextInt(3) == 0;
        Merge merge = Merge.on("target.id = source.id");
        merge = deletes ? merge.with(Kind.DELETE, "source.v > 25") : merge;
        merge = merge.with(Kind.UPDATE_ALL).with(Kind.INSERT_ALL);
        merge = missing ? merge.with(Kind.UPDATE_MISSING, "target.v < 10", Map.of("v", "target.v + 100")) : merge;
        note(peer, "merges " + rows.size() + (deletes ? ", deletes" : "") + (missing ? ", updates missing" : ""));
        peer.merge(table, peers.source(values(rows)), merge);
        Map<Long, Row> source = rows.stream().collect(Collectors.toMap(Row::id, row -> row));
        if (missing) {
            model.replaceAll(
                    (id, row) -> !source.containsKey(id) && row.v != null && row.v < 10 ? row.withV(row.v + 100) : row);
        }
        source.forEach((id, row) -> {
            boolean delete = deletes && model.containsKey(id) && row.v != null && row.v > 25;
            if (delete) {
                model.remove(id);
            } else {
                model.put(id, row);
            }
        });
    }

    private void checkpoint(Peer peer) throws Exception {
        note(peer, "writes a checkpoint");
        peer.checkpoint(table);
    }

    private void note(Peer peer, String what) {
        done.add(peer.name() + " " + what);
    }
}
