package dev.tarn.cdc;

import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes Debezium's records, puts whole transactions into batches, and commits these. A batch goes into all its tables
 * before the source hears that it is done; a crash in between leaves some tables ahead, which skip what they have when it
 * comes again.
 */
final class Batches implements ChangeConsumer<RecordChangeEvent<SourceRecord>> {

    private final StreamSettings settings;
    private final PostgresSource catalog;
    private final Map<String, Schema> schemas = new HashMap<>();
    private final Connection duckdb;
    private final Map<String, SourceTable> sources = new LinkedHashMap<>();
    private final Map<String, TargetTable> targets = new LinkedHashMap<>();
    private final Map<String, Staging> staged = new LinkedHashMap<>();
    private final String transactions;
    private final Progress progress;
    private final StreamStatus status;

    /** Numbers of changes: taken, committed, and the last of a completed transaction. */
    private long taken;

    private long committed;
    private long complete;
    private long firstAt;

    /** The last row of the last completed transaction: the only place where a stream is resumed without loss. */
    private @Nullable RecordChangeEvent<SourceRecord> completeRecord;

    private Optional<String> completeTransaction = Optional.empty();
    private @Nullable RecordChangeEvent<SourceRecord> newest;
    private long inTransaction;

    Batches(
            StreamSettings settings,
            PostgresSource catalog,
            List<SourceTable> tables,
            Map<String, TargetTable> targets,
            Progress progress,
            StreamStatus status,
            Connection duckdb) {
        this.settings = settings;
        this.catalog = catalog;
        this.duckdb = duckdb;
        this.progress = progress;
        this.status = status;
        this.transactions = settings.slot() + ".transaction";
        this.targets.putAll(targets);
        for (SourceTable table : tables) {
            sources.put(table.name(), table);
            staged.put(table.name(), new Staging(table, settings.work()));
        }
    }

    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> records, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        try {
            for (RecordChangeEvent<SourceRecord> record : records) {
                take(record, committer);
            }
            status.staged(taken - committed);
            if (isDue()) {
                commit(committer);
            } else if (taken == committed) {
                // What came was heartbeats: the source has nothing that is not here.
                status.caughtUp();
            }
        } catch (StreamException e) {
            throw new StoppedException(e);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(
                    "stream '" + settings.name() + "' cannot store a batch: " + e.getMessage(), e);
        }
    }

    private boolean isDue() {
        return complete > committed
                && !progress.isReplaying()
                && !progress.isSnapshot()
                && (complete - committed >= settings.batchRows()
                        || System.nanoTime() - firstAt >= settings.batchTime().toNanos());
    }

    private void take(RecordChangeEvent<SourceRecord> event, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws StreamException, IOException, SQLException, InterruptedException {
        SourceRecord record = event.record();
        if (record.topic().equals(transactions)) {
            transaction((Struct) record.value(), committer);
            return;
        }
        if (record.topic().startsWith("__debezium-heartbeat") || record.value() == null) {
            return;
        }
        Struct change = (Struct) record.value();
        Struct origin = change.getStruct("source");
        String name = origin.getString("schema") + "." + origin.getString("table");
        SourceTable table = sources.get(name);
        if (table == null) {
            throw new IllegalStateException("a change of '" + name + "', which is not followed");
        }
        String snapshot = Objects.requireNonNullElse(origin.getString("snapshot"), "false");
        (snapshot.equals("false") ? KillPoint.ROW : KillPoint.SNAPSHOT_ROW).reached();
        if (taken == committed) {
            firstAt = System.nanoTime();
        }
        taken++;
        inTransaction++;
        status.captured(name, change.getString("op"));
        newest = event;
        if (!progress.has(table.name())) {
            stage(table, Objects.requireNonNull(staged.get(name)), change, (Struct) record.key());
        }
        if (snapshot.equals("last")) {
            finish(Optional.empty());
            commit(committer);
        }
    }

    private void stage(SourceTable table, Staging to, Struct change, Struct key)
            throws StreamException, IOException, SQLException {
        String operation = change.getString("op");
        switch (operation) {
            case "d" -> to.add(taken, true, Values.of(table, key));
            case "c", "u", "r" -> {
                Struct after = change.getStruct("after");
                check(table, after.schema());
                Map<String, @Nullable String> values = Values.of(table, after);
                if (!operation.equals("u")
                        && values.size() < after.schema().fields().size()) {
                    throw new StreamException(
                            "the key of a row of '" + table.name()
                                    + "' was changed, and the source did not send all of its columns",
                            "ALTER TABLE " + table.name() + " REPLICA IDENTITY FULL; then " + settings.readAgain());
                }
                if (!operation.equals("u")) {
                    // A row of before a column was added.
                    table.columns().forEach(column -> values.putIfAbsent(column.name(), null));
                }
                to.add(taken, false, values);
            }
            case "t" -> throw new StreamException("table '" + table.name() + "' was truncated", settings.readAgain());
            default -> throw new IllegalStateException("Debezium's operation '" + operation + "'");
        }
    }

    /** Columns that came, went or changed would be lost silently: for each new form of the rows the catalog is asked. */
    private void check(SourceTable table, Schema rows) throws StreamException, SQLException, IOException {
        if (rows.equals(schemas.get(table.name()))) {
            return;
        }
        boolean same = catalog.table(table.name()).equals(table);
        if (!same && settings.evolve()) {
            throw new IOException(
                    "the columns of table '" + table.name() + "' have changed, so the stream begins again with them");
        }
        List<String> now = rows.fields().stream().map(f -> f.name()).toList();
        List<String> known = table.columns().stream().map(Column::name).toList();
        if (!same || (!now.equals(known) && !settings.evolve())) {
            throw new StreamException(
                    "the columns of table '" + table.name() + "' have changed: they were " + String.join(", ", known)
                            + ", and a row has " + String.join(", ", now),
                    settings.readAgain());
        }
        // Else the row is of before a change that the table has: what it lacks is NULL, what it has more is gone.
        schemas.put(table.name(), rows);
    }

    private void transaction(Struct marker, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws StreamException, IOException, SQLException, InterruptedException {
        if (marker.getString("status").equals("BEGIN")) {
            inTransaction = 0;
            return;
        }
        long said = marker.getInt64("event_count");
        if (said != inTransaction) {
            throw new StreamException(
                    "transaction " + marker.getString("id") + " has " + said + " changes, and " + inTransaction
                            + " arrived",
                    "this is a fault of capture; nothing of the transaction was stored: " + settings.readAgain());
        }
        inTransaction = 0;
        if (said == 0) {
            return;
        }
        String id = marker.getString("id").replaceFirst(":.*", "");
        finish(Optional.of(id));
        if (progress.ends(id) || progress.isSnapshot()) {
            commit(committer);
        } else if (isDue()) {
            commit(committer);
        }
    }

    /** All that was taken so far belongs to completed transactions. */
    private void finish(Optional<String> transaction) {
        complete = taken;
        completeRecord = newest;
        completeTransaction = transaction;
    }

    private void commit(RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws IOException, SQLException, InterruptedException {
        long start = System.nanoTime();
        RecordChangeEvent<SourceRecord> last = Objects.requireNonNull(completeRecord);
        boolean snapshot = progress.isSnapshot();
        Map<String, Staging> touched = new LinkedHashMap<>();
        for (Map.Entry<String, Staging> each : staged.entrySet()) {
            if (snapshot || each.getValue().hasUpTo(complete)) {
                each.getValue().flush();
                touched.put(each.getKey(), each.getValue());
            }
        }
        KillPoint.STAGED.reached();
        List<String> names = List.copyOf(touched.keySet());
        Position position =
                progress.next(names, List.copyOf(sources.keySet()), completeTransaction, offset(last.record()));
        for (Map.Entry<String, Staging> each : touched.entrySet()) {
            TargetTable target = Objects.requireNonNull(targets.get(each.getKey()));
            String net = each.getValue().net(committed, complete);
            if (snapshot) {
                target.replace(duckdb, net, position);
            } else {
                target.apply(duckdb, net, position);
            }
            KillPoint.TABLE_COMMITTED.reached();
        }
        KillPoint.BATCH_COMMITTED.reached();
        committer.markProcessed(last);
        committer.markBatchFinished();
        KillPoint.CONFIRMED.reached();
        for (Staging each : touched.values()) {
            each.forget(complete);
        }
        status.committed(position, complete - committed, System.nanoTime() - start, time(last.record()));
        committed = complete;
        status.staged(taken - committed);
        firstAt = System.nanoTime();
        progress.done(position);
        for (String name : names) {
            Objects.requireNonNull(targets.get(name)).maintain(duckdb, position);
        }
    }

    /** When the source made the change. */
    private static Instant time(SourceRecord record) {
        Struct change = Objects.requireNonNull((Struct) record.value());
        return Instant.ofEpochMilli(change.getStruct("source").getInt64("ts_ms"));
    }

    private static Map<String, Object> offset(SourceRecord record) {
        return new HashMap<>(record.sourceOffset());
    }

    /** Carries a stream's end through Debezium. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient StreamException reason;

        StoppedException(StreamException reason) {
            super(reason.getMessage(), reason);
            this.reason = reason;
        }

        StreamException reason() {
            return reason;
        }
    }
}
