package dev.tarn.it.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each operation by each writer on each one's table, read by all; writes {@code docs/delta-interop.md}. */
@ExtendWith(Peers.Resolver.class)
class InteropIT {

    /** Within the week for which Spark still travels back. */
    private final Instant noon = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(60));

    @TempDir
    Path folder;

    private final Peers peers;
    private final Source base;
    private final InteropPage page = new InteropPage();
    private final Map<String, Path> founded = new LinkedHashMap<>();
    private final StringBuilder history = new StringBuilder("""
        ## What Spark's `DESCRIBE HISTORY` shows of Tarn's commits

        | done | operation | parameters | metrics |
        |---|---|---|---|
        """);
    private int tables;

    InteropIT(Peers peers) throws SQLException {
        this.peers = peers;
        base = peers.source(Operation.BASE);
    }

    @Test
    void everyoneDoesEverythingOnEveryonesTables() throws Exception {
        everyoneDoes(Operation.all());
        for (Peer writer : List.of(peers.tarn, peers.spark, peers.spark35, peers.deltaRs)) {
            features(writer);
        }
        page.section(history.toString());
        page.check(docs());
    }

    @Test
    void everyoneKeepsUpEveryonesTables() throws Exception {
        everyoneDoes(Upkeep.all());
        page.check(InteropPage.Part.UPKEEP, docs());
    }

    private static Path docs() {
        return Path.of(System.getProperty("tarn.home"), "docs/delta-interop.md");
    }

    private void everyoneDoes(List<Operation> operations) throws Exception {
        Rows before = expected("before", Operation.BASE);
        for (Operation operation : operations) {
            Rows after = expected(operation.name(), operation.expectedQuery());
            Source rows = peers.source(operation.rowsQuery());
            assertThat(after).as(operation.name()).isNotEqualTo(before);
            weWriteTheyRead(operation, rows, after);
            for (Peer peer : List.of(peers.spark, peers.spark35, peers.deltaRs)) {
                String name = peer.name();
                tryIt(operation, rows, name + " writes, Tarn reads", peer, peer, List.of(peers.tarn), after);
                tryIt(operation, rows, name + " after Tarn", peers.tarn, peer, List.of(peers.tarn, peer), after);
                tryIt(operation, rows, "Tarn after " + name, peer, peers.tarn, List.of(peers.tarn, peer), after);
            }
        }
    }

    /** What DuckDB makes of it, through a table of its own. */
    private Rows expected(String name, String query) throws Exception {
        Path table = folder.resolve("expected " + name.replace(':', ' '));
        peers.tarn.overwrite(table, new Source(query, base.parquet()));
        return peers.tarn.read(table);
    }

    private void weWriteTheyRead(Operation operation, Source rows, Rows after) throws Exception {
        Path table = copyOfTableOf(peers.tarn);
        operation.work().run(peers.tarn, table, rows);
        for (Reader reader : List.of(peers.spark, peers.spark35, peers.deltaRs, peers.kernel)) {
            read(operation, "Tarn writes, " + reader.name() + " reads", table, List.of(reader), after);
        }
        history.append(historyRow(operation, peers.spark.newestHistory(table), peers.tarn.newestHistory(table)));
    }

    private void tryIt(
            Operation operation,
            Source rows,
            String column,
            Peer founder,
            Peer writer,
            List<Reader> readers,
            Rows after)
            throws Exception {
        Path table = copyOfTableOf(founder);
        try {
            operation.work().run(writer, table, rows);
        } catch (UnsupportedOperationException notOffered) {
            page.absent(operation.name(), column);
            return;
        } catch (Exception refusal) {
            refused(operation, column, writer, table, refusal);
            return;
        }
        read(operation, column, table, readers, after);
    }

    private void read(Operation operation, String column, Path table, List<Reader> readers, Rows after)
            throws Exception {
        for (Reader reader : readers) {
            Rows read;
            try {
                read = reader.read(table);
            } catch (Exception refusal) {
                refused(operation, column, reader, table, refusal);
                return;
            }
            assertThat(after.difference(read))
                    .as("%s: %s (%s reads)", operation.name(), column, reader.name())
                    .isEmpty();
        }
        page.proved(operation.name(), column);
    }

    /** Neither the reference nor we may refuse. */
    private void refused(Operation operation, String column, Reader who, Path table, Exception refusal)
            throws Exception {
        if (who == peers.spark || who == peers.tarn) {
            throw new AssertionError(operation.name() + ": " + column, refusal);
        }
        page.refused(operation.name(), column, who.name(), InteropPage.message(refusal, table));
    }

    /** What Spark's DESCRIBE HISTORY shows of our commit; we show the same. */
    private static String historyRow(Operation operation, Map<String, Object> spark, Map<String, Object> ours) {
        assertThat(spark.get("operation")).isEqualTo(ours.get("operation"));
        assertThat(new TreeMap<>((Map<?, ?>) spark.get("operationParameters")))
                .isEqualTo(new TreeMap<>((Map<?, ?>) ours.get("operationParameters")));
        assertThat(new TreeMap<>((Map<?, ?>) spark.get("operationMetrics")))
                .isEqualTo(new TreeMap<>((Map<?, ?>) ours.get("operationMetrics")))
                .isNotEmpty();
        return "| " + operation.name() + " | " + spark.get("operation") + " | "
                + names(spark.get("operationParameters")) + " | " + names(spark.get("operationMetrics")) + " |\n";
    }

    private static String names(@Nullable Object map) {
        return ((Map<?, ?>) Objects.requireNonNull(map))
                .keySet().stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    /** The table is made once by each founder; copies are as good as the original, for paths in logs are relative. */
    private Path copyOfTableOf(Peer founder) throws Exception {
        Path original = founded.get(founder.name());
        if (original == null) {
            original = folder.resolve("of " + founder.name());
            founder.create(original, base, List.of("p"), Map.of());
            founder.append(original, base);
            founded.put(founder.name(), original);
        }
        return Folders.copy(original, folder.resolve("t" + tables++));
    }

    /** A cell of the page: what it does must succeed, or be refused. */
    private void feature(String row, String column, String who, Path table, Feature feature) throws Exception {
        try {
            feature.prove();
        } catch (Exception refusal) {
            page.refused(row, column, who, InteropPage.message(refusal, table));
            return;
        }
        page.proved(row, column);
    }

    @FunctionalInterface
    private interface Feature {
        void prove() throws Exception;
    }

    private void features(Peer writer) throws Exception {
        Path table = timeline(writer);
        Path checkpointed = Folders.copy(table, table.resolveSibling("checkpointed of " + writer.name()));
        Optional<String> noCheckpoint = refusal(checkpointed, () -> writer.checkpoint(checkpointed));
        Files.deleteIfExists(commit(checkpointed, 0));
        Files.deleteIfExists(commit(checkpointed, 1));
        Path once = Folders.copy(table, table.resolveSibling("once of " + writer.name()));
        writer.appendOnce(once, base, "application", 7);
        writer.appendOnce(once, base, "application", 8);
        Path fed = fed(writer);
        List<Reader> readers = writer == peers.tarn
                ? List.of(peers.spark, peers.spark35, peers.deltaRs, peers.kernel)
                : List.of(peers.tarn);
        for (Reader reader : readers) {
            String column = writer.name() + " writes, " + reader.name() + " reads";
            String who = reader.name();
            Rows first = writer.read(table, 1);
            assertThat(first.size()).isEqualTo(24);
            feature("time travel to a version", column, who, table, () -> same(reader.read(table, 1), first));
            feature("time travel to a time", column, who, table, () -> {
                same(reader.readAsOf(table, noon.plus(Duration.ofDays(1))), first);
                same(reader.readAsOf(table, noon), writer.read(table, 0));
            });
            if (noCheckpoint.isPresent()) {
                page.refused("checkpoint", column, writer.name(), noCheckpoint.get());
            } else {
                feature("checkpoint", column, who, checkpointed, () -> {
                    same(reader.read(checkpointed), writer.read(table));
                });
            }
            if (reader != peers.kernel) {
                feature("change feed", column, who, fed, () -> {
                    Rows feed = reader.changes(fed, 0, 5);
                    same(feed, peers.spark.changes(fed, 0, 5));
                    assertThat(folded(feed)).isEqualTo(writer.read(fed).rows());
                });
            }
            feature("transaction identifiers", column, who, once, () -> {
                assertThat(reader.lastTransaction(once, "application")).isEqualTo(8);
                assertThat(reader.lastTransaction(once, "another")).isEqualTo(-1);
            });
        }
        if (writer == peers.tarn) {
            repeatedTransactions(once);
        }
    }

    /** Versions 1 to 5: append, delete, update, merge and overwrite, with a change feed; columns in the order of names. */
    private Path fed(Peer writer) throws Exception {
        Path table = folder.resolve("fed of " + writer.name());
        String columns = "SELECT d, id, name, p, price, s, t, v FROM (";
        Source rows = peers.source(columns + Operation.BASE + ")");
        writer.create(table, rows, List.of("p"), Map.of("delta.enableChangeDataFeed", "true"));
        writer.append(table, rows);
        writer.delete(table, "v = 3 OR p = 'b'");
        writer.update(table, Map.of("v", "v + 100"), "id < 9");
        Merge merge = Merge.on("target.id = source.id")
                .with(Merge.Kind.DELETE, "source.id = 20")
                .with(Merge.Kind.UPDATE_ALL)
                .with(Merge.Kind.INSERT_ALL)
                .with(Merge.Kind.UPDATE_MISSING, "target.id = 0", Map.of("name", "'missing'"));
        writer.merge(table, peers.source(columns + Operation.MORE + ")"), merge);
        writer.overwrite(table, peers.source(columns + Operation.BASE + ") LIMIT 5"));
        return table;
    }

    /** The rows that are left when a feed's changes are done in their order. */
    private static List<String> folded(Rows feed) {
        Pattern change = Pattern.compile("\\(_change_type='(\\w+)', _commit_version=(\\d+), (.*)", Pattern.DOTALL);
        List<Matcher> changes = feed.rows().stream().map(change::matcher).toList();
        changes.forEach(each -> assertThat(each.matches()).isTrue());
        List<String> rows = new ArrayList<>();
        for (int version = 1; version <= 5; version++) {
            String made = String.valueOf(version);
            List<Matcher> these =
                    changes.stream().filter(each -> each.group(2).equals(made)).toList();
            assertThat(these).as("changes of version %s", version).isNotEmpty();
            these.stream()
                    .filter(each -> each.group(1).matches("delete|update_preimage"))
                    .forEach(each -> assertThat(rows.remove("(" + each.group(3)))
                            .as(each.group(3))
                            .isTrue());
            these.stream()
                    .filter(each -> each.group(1).matches("insert|update_postimage"))
                    .forEach(each -> rows.add("(" + each.group(3)));
        }
        return rows.stream().sorted().toList();
    }

    /** What one of us has recorded the other does not do again. */
    private void repeatedTransactions(Path table) throws Exception {
        Rows before = peers.tarn.read(table);
        peers.spark.appendOnce(table, base, "application", 8);
        same(peers.tarn.read(table), before);
        peers.spark.appendOnce(table, base, "application", 9);
        peers.tarn.appendOnce(table, base, "application", 9);
        assertThat(peers.tarn.read(table).size()).isEqualTo(before.size() + 24);
        same(peers.spark.read(table), peers.tarn.read(table));
    }

    /** Versions 0 to 2, made at noon of three days in a row: no rows, 24 and 34. */
    private Path timeline(Peer writer) throws Exception {
        Path table = folder.resolve("timeline of " + writer.name());
        writer.create(table, base, List.of("p"), Map.of());
        writer.append(table, base);
        writer.append(table, peers.source(Operation.MORE));
        for (int version = 0; version < 3; version++) {
            Files.setLastModifiedTime(
                    commit(table, version), FileTime.from(noon.minusSeconds(60).plus(Duration.ofDays(version))));
        }
        return table;
    }

    private static Path commit(Path table, long version) {
        return table.resolve("_delta_log").resolve(String.format("%020d.json", version));
    }

    private static Optional<String> refusal(Path table, Feature work) {
        try {
            work.prove();
            return Optional.empty();
        } catch (Exception refusal) {
            return Optional.of(InteropPage.message(refusal, table));
        }
    }

    private static void same(Rows one, Rows other) {
        assertThat(one.difference(other)).isEmpty();
    }
}
