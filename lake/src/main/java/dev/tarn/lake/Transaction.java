package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Makes one operation on a table a version of it: on the version that it started from, or after other writers' commits as
 * long as it means the same there, or not at all.
 *
 * <p>The data files must be on the disk before. If {@link #commit} fails, they are in no version, unless the exception says
 * {@link LakeException#mayBeCommitted}; after a commit that was already done, they are in no version either.
 */
final class Transaction {
    /**
     * What became of a commit.
     *
     * @param version the version that was made; of a commit that was already done, the newest version seen
     * @param created whether the table is new
     * @param removed the files that it took out of the table
     * @param alreadyDone whether the table had recorded the same {@link AppTransaction}, so that nothing was written
     */
    record Outcome(long version, boolean created, List<AddFile> removed, boolean alreadyDone) {
        Outcome {
            removed = List.copyOf(removed);
        }
    }

    /** Delta's default for {@code delta.checkpointInterval}. */
    private static final int CHECKPOINT_INTERVAL = 10;

    private final Path table;
    private final TableLog log;
    private final Clock clock;
    private final Optional<TableState> base;
    private final CommitOptions options;
    private boolean rowsChecked;

    /** @param base the version from which the operation was computed; empty for a new table */
    Transaction(Path table, TableLog log, Clock clock, Optional<TableState> base, CommitOptions options) {
        this.table = table;
        this.log = log;
        this.clock = clock;
        this.base = base;
        this.options = options;
    }

    Outcome commit(Reads reads, Changes changes, Operation operation) {
        CommitFile commitFile = new CommitFile(log, clock);
        Optional<TableState> current = base;
        while (true) {
            if (isDone(current)) {
                return new Outcome(current.orElseThrow().version(), false, List.of(), true);
            }
            checkRows(current, changes);
            List<AddFile> leaving = changes.leaving(current);
            long version = current.map(TableState::version).orElse(-1L) + 1;
            try {
                commitFile.publish(version, actions(current, reads, changes, leaving, operation));
                checkpointIfDue(version, changes);
                return new Outcome(version, current.isEmpty(), leaving, false);
            } catch (FileAlreadyExistsException taken) {
                current = Optional.of(rebase(current, reads, changes));
            } catch (CommitFile.UncertainException uncertain) {
                throw LakeException.io(
                        "The commit of version " + version + " of table '" + table + "' may be lost in a crash",
                        uncertain);
            } catch (IOException failure) {
                throw LakeException.io("The log of table '" + table + "' cannot be written", failure);
            }
        }
    }

    /** Once, for whatever wins in the meantime cannot change the rules. */
    private void checkRows(Optional<TableState> current, Changes changes) {
        if (rowsChecked || !changes.bringsRows()) {
            return;
        }
        Metadata metadata =
                changes.metadata().or(() -> current.map(TableState::metadata)).orElseThrow();
        RowRules rules = new RowRules(table.toString(), metadata);
        if (!rules.isEmpty()) {
            Set<String> known = current.map(TableState::fileList).orElse(List.of()).stream()
                    .map(AddFile::decodedPath)
                    .collect(Collectors.toSet());
            rules.check(
                    table,
                    changes.added().stream()
                            .filter(file -> !known.contains(file.decodedPath()))
                            .toList());
        }
        rowsChecked = true;
    }

    /** The version is made, so a checkpoint that fails must not look like a failed commit; the next one makes up for it. */
    private void checkpointIfDue(long version, Changes changes) {
        try {
            Metadata metadata =
                    changes.metadata().or(() -> base.map(TableState::metadata)).orElseThrow();
            int interval = TableProperties.positive(
                    metadata.configuration(), TableProperties.CHECKPOINT_INTERVAL, CHECKPOINT_INTERVAL);
            if (version > 0 && version % interval == 0) {
                TableState newest = log.newestExisting();
                new CheckpointWriter(log, clock).write(newest);
                new LogCleanup(log, clock).run(newest);
            }
        } catch (RuntimeException | Error failure) {
            System.getLogger(Transaction.class.getName())
                    .log(System.Logger.Level.DEBUG, "no checkpoint of version " + version, failure);
        }
    }

    /** Whether an earlier try of the same application got through ("Transaction Identifiers"). */
    private boolean isDone(Optional<TableState> current) {
        return options.transaction()
                .flatMap(ours -> current.map(state -> {
                    OptionalLong last = state.lastTransaction(ours.appId());
                    return last.isPresent() && last.getAsLong() >= ours.version();
                }))
                .orElse(false);
    }

    /** Looks at the commits that won, and allows another try if this one means the same after them. */
    private TableState rebase(Optional<TableState> from, Reads reads, Changes changes) {
        if (from.isEmpty()) {
            return rebaseOnNewTable(reads, changes);
        }
        List<LogCommit> winners = new ArrayList<>();
        TableState newest = log.advance(from.get(), winners::add);
        if (newest.version() == from.get().version()) {
            throw conflict("its log does not change though version " + (newest.version() + 1) + " is taken");
        }
        if (!isDone(Optional.of(newest))) {
            ConflictCheck check = ConflictCheck.of(table.toString(), reads, changes, options, level());
            winners.forEach(check::check);
        }
        return newest;
    }

    /** Two writers that create the same table are one creator and one writer. */
    private TableState rebaseOnNewTable(Reads reads, Changes changes) {
        TableState created = log.newest().orElseThrow(() -> conflict("its log disappeared"));
        if (isDone(Optional.of(created))) {
            return created;
        }
        if (changes.isOnlyCreate()) {
            throw WritePlan.exists(table.toString());
        }
        if (!created.metadata().hasShapeOf(changes.metadata().orElseThrow())) {
            throw conflict("another writer created it with another schema or partitioning");
        }
        if (!reads.isNothing()) {
            throw conflict("another writer created it");
        }
        FeatureSupport.checkWritable(table.toString(), created, changes.replaces());
        return created;
    }

    private LakeException conflict(String why) {
        return ConflictCheck.conflict(table.toString(), why);
    }

    private IsolationLevel level() {
        return options.isolation()
                .orElseGet(() -> base.map(
                                state -> IsolationLevel.of(state.metadata().configuration()))
                        .orElse(IsolationLevel.SERIALIZABLE));
    }

    private List<Map<String, ?>> actions(
            Optional<TableState> current, Reads reads, Changes changes, List<AddFile> leaving, Operation operation) {
        // What another writer made in the meantime is the table, if this one wanted to make the same.
        boolean changesTable = current.isEmpty() || base.isPresent();
        Optional<Protocol> protocol = changesTable ? changes.protocol() : Optional.empty();
        Optional<Metadata> metadata = changesTable ? changes.metadata() : Optional.empty();
        long now = clock.millis();
        boolean timed = InCommitTime.isOn(
                metadata.or(() -> current.map(TableState::metadata)).orElseThrow());
        long time = timed ? InCommitTime.next(log, current, now) : now;
        List<Map<String, ?>> lines = new ArrayList<>();
        Map<String, Object> info = new LinkedHashMap<>();
        if (timed) {
            info.put(InCommitTime.KEY, time);
        }
        info.putAll(commitInfo(now, reads, changes, leaving, operation));
        lines.add(Map.of("commitInfo", info));
        protocol.ifPresent(next -> lines.add(Map.of("protocol", next.json())));
        metadata.map(next -> InCommitTime.recorded(next, current, time))
                .ifPresent(next -> lines.add(Map.of("metaData", next.json())));
        options.transaction().ifPresent(transaction -> lines.add(Map.of("txn", json(transaction, now))));
        changes.domains().forEach(domain -> lines.add(Map.of("domainMetadata", domain)));
        leaving.forEach(file -> lines.add(Map.of("remove", file.remove(now, changes.isDataChange()))));
        Optional<RowIds> ids = RowIds.of(
                protocol.or(() -> current.map(TableState::protocol)).orElseThrow(),
                current,
                current.map(TableState::version).orElse(-1L) + 1);
        List<AddFile> added = ids.map(each -> each.assign(changes.added())).orElse(changes.added());
        ids.flatMap(RowIds::domain).ifPresent(domain -> lines.add(Map.of("domainMetadata", domain)));
        added.forEach(file -> lines.add(Map.of("add", file.json())));
        changes.changeFiles().forEach(file -> lines.add(Map.of("cdc", file)));
        return lines;
    }

    private static Map<String, Object> json(AppTransaction transaction, long now) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("appId", transaction.appId());
        json.put("version", transaction.version());
        json.put("lastUpdated", now);
        return json;
    }

    /** The fields and their order are Spark's ("Commit Provenance Information"). */
    private Map<String, Object> commitInfo(
            long now, Reads reads, Changes changes, List<AddFile> leaving, Operation operation) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("timestamp", now);
        info.put("operation", operation.name());
        info.put("operationParameters", operation.parameters());
        base.ifPresent(state -> info.put("readVersion", state.version()));
        // What changes no row cannot be seen by a reader of rows, and is marked so by Spark.
        info.put("isolationLevel", changes.isDataChange() ? level().sparkName() : "SnapshotIsolation");
        info.put("isBlindAppend", reads.isNothing() && changes.onlyAdds());
        Map<String, Object> metrics = new LinkedHashMap<>(operation.metricTexts());
        if (changes.replaces()) {
            // Only now it is known which files these are.
            metrics.put("numRemovedFiles", String.valueOf(leaving.size()));
            metrics.put(
                    "numRemovedBytes",
                    String.valueOf(leaving.stream().mapToLong(AddFile::size).sum()));
        }
        info.put("operationMetrics", metrics);
        options.userMetadata().ifPresent(text -> info.put("userMetadata", text));
        info.put("engineInfo", options.engineInfo());
        info.put("txnId", UUID.randomUUID().toString());
        return info;
    }
}
