package dev.tarn.it.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.Commit;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.TableChanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PostgreSQL database, writers that do not rest, and a stream of it that is killed and started again. */
final class StreamTrial implements AutoCloseable {

    private static final String SOURCE_ITEMS = "SELECT id, n, name, md5(big) AS big, amount,"
            + " (extract(epoch FROM at) * 1000000)::bigint AS at, (extract(epoch FROM ts) * 1000000)::bigint AS ts, d, ok, f,"
            + " encode(raw, 'hex') AS raw, doc::text AS doc, u::text AS u FROM items ORDER BY id";
    private static final String LAKE_ITEMS =
            "SELECT id, n, name, md5(big) AS big, amount, epoch_us(\"at\"), epoch_us(ts), d, ok, f, lower(hex(raw)), doc, u FROM (%s) ORDER BY id";
    private static final String EVENTS = "SELECT k, s, n FROM %s ORDER BY k, s";
    private static final Pattern BATCH = Pattern.compile("\"batch\":(\\d+)");

    private final Path scratch;
    private final Path lake;
    private final String url;
    private final String user;
    private final String password;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final List<Future<Void>> writers = new ArrayList<>();

    /** @param url of JDBC */
    StreamTrial(Path scratch, String url, String user, String password) throws Exception {
        this.scratch = scratch;
        this.lake = scratch.resolve("lake");
        this.url = url;
        this.user = user;
        this.password = password;
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(Workload.TABLES);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    void write(long seed) throws Exception {
        try (Connection connection = connect()) {
            Workload before = new Workload(connection, seed);
            for (int i = 0; i < 30; i++) {
                before.step();
            }
        }
        for (int i = 1; i <= 2; i++) {
            long own = seed + i;
            writers.add(threads.submit(() -> {
                try (Connection connection = connect()) {
                    Workload workload = new Workload(connection, own);
                    while (!stop.get()) {
                        try {
                            workload.step();
                        } catch (SQLException e) {
                            // Two that changed the same rows: one of them is taken back.
                            if (!"40P01".equals(e.getSQLState()) && !"23505".equals(e.getSQLState())) {
                                throw e;
                            }
                            connection.rollback();
                        }
                        TimeUnit.MILLISECONDS.sleep(150);
                    }
                    return null;
                }
            }));
        }
    }

    void rest() throws Exception {
        stop.set(true);
        for (Future<Void> writer : writers) {
            writer.get();
        }
        writers.clear();
    }

    StreamRun start(String halt) throws Exception {
        Matcher address = Pattern.compile(".*//([^:]+):(\\d+)/(.*)").matcher(url);
        assertThat(address.matches()).isTrue();
        String settings = "name=trial\nhost=%s\nport=%s\ndatabase=%s\nuser=%s\npassword=%s\n"
                .formatted(address.group(1), address.group(2), address.group(3), user, password);
        return StreamRun.start(
                Files.createDirectories(scratch.resolve("logs")),
                settings + "tables=public.items,public.events\ntarget=" + lake + "\nwork=" + scratch.resolve("work")
                        + "\nbatch.millis=500\n",
                halt);
    }

    /** Runs until the place is reached. */
    void killAt(String halt) throws Exception {
        try (StreamRun run = start(halt)) {
            assertThat(run.await(120)).as(() -> halt + ": " + read(run)).isEqualTo(137);
        }
    }

    private static String read(StreamRun run) {
        try {
            return run.log();
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    /** Some time after it began to follow. */
    void killAfter(long millis) throws Exception {
        try (StreamRun run = start("")) {
            while (run.isAlive() && !run.log().contains("following")) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            TimeUnit.MILLISECONDS.sleep(millis);
            assertThat(run.isAlive()).as(() -> read(run)).isTrue();
            run.kill();
        }
    }

    /** Lets the stream catch up with the source, which must rest, and ends it in order. */
    void catchUp() throws Exception {
        try (StreamRun run = start("")) {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(6);
            while (!differences().isEmpty()) {
                assertThat(run.isAlive()).as(() -> read(run)).isTrue();
                assertThat(System.nanoTime())
                        .as(() -> differences() + read(run))
                        .isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(200);
            }
            run.terminate();
            run.await(30);
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    Object value = result.getObject(i);
                    row.append(value instanceof Double d ? Double.toString(d) : String.valueOf(value))
                            .append('|');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    /** Where the lake is not the source; empty if it is. */
    private String differences() {
        try (Connection source = connect();
                Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            for (String table : List.of("items", "events")) {
                if (!DeltaTable.isDeltaTable(lake.resolve(table))) {
                    return table + " is not there";
                }
                String select = "("
                        + DeltaTable.forPath(lake.resolve(table))
                                .snapshot()
                                .orElseThrow()
                                .toSql() + ")";
                List<String> theirs = rows(source, table.equals("items") ? SOURCE_ITEMS : EVENTS.formatted("events"));
                List<String> ours =
                        rows(duck, table.equals("items") ? LAKE_ITEMS.formatted(select) : EVENTS.formatted(select));
                if (theirs.size() != ours.size()) {
                    return table + " has " + ours.size() + " rows and not " + theirs.size();
                }
                for (int i = 0; i < theirs.size(); i++) {
                    if (!theirs.get(i).equals(ours.get(i))) {
                        return table + ": " + ours.get(i) + " and not " + theirs.get(i);
                    }
                }
            }
            return "";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Batches have no gap, the change feed leads to the table, and no change was applied twice. */
    void assertOnce() throws SQLException {
        TreeSet<Long> batches = new TreeSet<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            for (String name : List.of("items", "events")) {
                DeltaTable table = DeltaTable.forPath(lake.resolve(name));
                long last = Long.MAX_VALUE;
                for (Commit commit : table.history(100_000)) {
                    Matcher batch = BATCH.matcher(commit.userMetadata().orElse(""));
                    if (batch.find()) {
                        assertThat(Long.parseLong(batch.group(1))).isLessThan(last);
                        last = Long.parseLong(batch.group(1));
                        batches.add(last);
                    }
                }
                TableChanges changes = table.changes(0);
                String feed = "(" + changes.toSql() + ")";
                assertThat(rows(
                                duck,
                                "SELECT count(*) FROM (SELECT _commit_version, _change_type, n, lead(n) OVER w AS next,"
                                        + " lead(_change_type) OVER w AS then FROM " + feed
                                        + " WINDOW w AS (PARTITION BY "
                                        + (name.equals("items") ? "id" : "k, s")
                                        + " ORDER BY _commit_version, _change_type DESC))"
                                        + " WHERE _change_type = 'update_preimage' AND next <= n"))
                        .as(name)
                        .containsExactly("0|");
                String key = name.equals("items") ? "id" : "k || s";
                String sums = " sum(CASE WHEN _change_type IN ('insert', 'update_postimage') THEN 1 ELSE -1 END) ";
                assertThat(rows(
                                duck,
                                "SELECT count(*), sum(n) FROM (SELECT " + key + ", sum(n * CASE WHEN _change_type IN"
                                        + " ('insert', 'update_postimage') THEN 1 ELSE -1 END) AS n FROM " + feed
                                        + " GROUP BY ALL HAVING"
                                        + sums + " = 1)"))
                        .as(name)
                        .isEqualTo(rows(
                                duck,
                                "SELECT count(*), sum(n) FROM ("
                                        + table.snapshot().orElseThrow().toSql() + ")"));
                assertThat(rows(
                                duck,
                                "SELECT count(*) FROM (SELECT " + key + "," + sums + "AS c FROM " + feed
                                        + " GROUP BY ALL HAVING c NOT IN (0, 1))"))
                        .as(name)
                        .containsExactly("0|");
            }
        }
        assertThat(batches.last() - batches.first() + 1).isEqualTo(batches.size());
        assertThat(batches).hasSizeGreaterThan(5);
    }

    @Override
    public void close() throws IOException {
        stop.set(true);
        threads.shutdownNow();
        try {
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
