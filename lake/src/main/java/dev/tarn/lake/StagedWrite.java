package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Holds rows that are on the disk but in no version of the table yet, until they are committed or discarded.
 *
 * <p>For one thread. Closing discards what was not committed.
 */
public final class StagedWrite implements AutoCloseable {
    private enum Progress {
        STAGED,
        COMMITTED,
        DISCARDED
    }

    private final Path table;
    private final WritePlan plan;
    private final WriteOptions options;
    private final Clock clock;
    private final List<DataFiles.Written> written;
    private final List<AddFile> files;
    private Progress progress = Progress.STAGED;

    StagedWrite(
            Path table,
            WritePlan plan,
            WriteOptions options,
            Clock clock,
            List<DataFiles.Written> written,
            List<AddFile> files) {
        this.table = table;
        this.plan = plan;
        this.options = options;
        this.clock = clock;
        this.written = written;
        this.files = files;
    }

    /** How many rows the files have. */
    public long rows() {
        return written.stream().mapToLong(DataFiles.Written::rows).sum();
    }

    /** How many bytes the files have. */
    public long bytes() {
        return written.stream().mapToLong(DataFiles.Written::bytes).sum();
    }

    /** The schema of the table after the commit. */
    public DeltaType.Struct schema() {
        return plan.metadata().schema();
    }

    /** A SELECT for any DuckDB connection that gives exactly the staged rows, as the table will have them. */
    public String filesSql() {
        return new Scan(table, plan.metadata()).sql(files);
    }

    /** Makes the rows part of the table: after other writers' commits if there are any, or not at all. */
    public CommitResult commit() {
        if (progress != Progress.STAGED) {
            throw new IllegalStateException("commit of a write that is " + progress);
        }
        TableLog log = new TableLog(table);
        CommitFile commitFile = new CommitFile(log, clock);
        Optional<TableState> current = plan.base();
        while (true) {
            Actions actions = actions(current);
            try {
                commitFile.publish(actions.version, actions.lines);
                progress = Progress.COMMITTED;
                return actions.result(this);
            } catch (FileAlreadyExistsException taken) {
                current = Optional.of(rebase(log, current));
            } catch (CommitFile.UncertainException uncertain) {
                // The commit may be in the log, so its files must stay.
                progress = Progress.COMMITTED;
                throw LakeException.io(
                        "The commit of version " + actions.version + " of table '" + table + "' may be lost in a crash",
                        uncertain);
            } catch (IOException failure) {
                throw LakeException.io("The log of table '" + table + "' cannot be written", failure);
            }
        }
    }

    /** Deletes the files, unless they were committed; more calls change nothing. */
    public void discard() {
        if (progress == Progress.STAGED) {
            progress = Progress.DISCARDED;
            DataFiles.delete(written);
        }
    }

    @Override
    public void close() {
        discard();
    }

    /** Looks at the commits that won, and allows another try if this write means the same after them. */
    private TableState rebase(TableLog log, Optional<TableState> from) {
        if (from.isEmpty()) {
            return rebaseOnNewTable(log);
        }
        List<Map<String, Object>> winners = new ArrayList<>();
        TableState newest = log.advance(from.get(), winners);
        if (newest.version() == from.get().version()) {
            throw conflict("its log does not change though version " + (newest.version() + 1) + " is taken");
        }
        for (Map<String, Object> winner : winners) {
            if (winner.get("protocol") != null || winner.get("metaData") != null) {
                throw conflict("another writer changed its schema or properties");
            }
            if (options.readVersion().isPresent() && (isDataChange(winner, "add") || isDataChange(winner, "remove"))) {
                throw conflict("another writer changed its rows after they were read");
            }
        }
        FeatureSupport.checkReadable(table.toString(), newest);
        return newest;
    }

    private static boolean isDataChange(Map<String, Object> action, String kind) {
        return Json.child(action, kind)
                .filter(json -> !Boolean.FALSE.equals(json.get("dataChange")))
                .isPresent();
    }

    private TableState rebaseOnNewTable(TableLog log) {
        TableState created = log.newest().orElseThrow(() -> conflict("its log disappeared"));
        if (options.mode() == WriteMode.ERROR_IF_EXISTS) {
            throw WritePlan.exists(table.toString());
        }
        if (!created.metadata().hasShapeOf(plan.metadata())) {
            throw conflict("another writer created it with another schema or partitioning");
        }
        if (options.readVersion().isPresent()) {
            throw conflict("another writer created it");
        }
        FeatureSupport.checkWritable(table.toString(), created, options.mode() == WriteMode.OVERWRITE);
        return created;
    }

    private LakeException conflict(String why) {
        return new LakeException(
                Kind.CONFLICT,
                "Table '" + table + "' was not written, because " + why + ".",
                "Run the write again; it will start from the newest version.");
    }

    private Actions actions(Optional<TableState> current) {
        long now = clock.millis();
        List<Map<String, ?>> lines = new ArrayList<>();
        boolean created = current.isEmpty();
        boolean metadata = created || (plan.base().isPresent() && plan.changesMetadata());
        boolean protocol = created || (plan.base().isPresent() && plan.changesProtocol());
        if (protocol) {
            lines.add(Map.of("protocol", plan.protocol().json()));
        }
        if (metadata) {
            lines.add(Map.of("metaData", plan.metadata().json()));
        }
        int removed = 0;
        if (options.mode() == WriteMode.OVERWRITE && current.isPresent()) {
            for (AddFile file : current.get().files().values()) {
                lines.add(Map.of("remove", file.remove(now)));
                removed++;
            }
        }
        files.forEach(file -> lines.add(Map.of("add", file.json())));
        long readVersion = current.map(TableState::version).orElse(-1L);
        lines.add(0, Map.of("commitInfo", commitInfo(now, readVersion, removed)));
        return new Actions(readVersion + 1, lines, created, metadata && !created, removed);
    }

    /** What Spark's history shows of this version; the metrics are strings there. */
    private Map<String, Object> commitInfo(long now, long readVersion, int removed) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("mode", options.mode().sparkName());
        parameters.put("partitionBy", Json.text(plan.metadata().partitionColumns()));
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("numFiles", String.valueOf(files.size()));
        metrics.put("numOutputRows", String.valueOf(rows()));
        metrics.put("numOutputBytes", String.valueOf(bytes()));
        if (options.mode() == WriteMode.OVERWRITE) {
            metrics.put("numRemovedFiles", String.valueOf(removed));
        }
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("timestamp", now);
        info.put("operation", "WRITE");
        info.put("operationParameters", parameters);
        if (readVersion >= 0) {
            info.put("readVersion", readVersion);
        }
        info.put("isolationLevel", "Serializable");
        boolean readsNothing = options.readVersion().isEmpty();
        info.put("isBlindAppend", options.mode() != WriteMode.OVERWRITE && readsNothing);
        info.put("operationMetrics", metrics);
        options.userMetadata().ifPresent(text -> info.put("userMetadata", text));
        info.put("engineInfo", options.engineInfo());
        info.put("txnId", UUID.randomUUID().toString());
        return info;
    }

    private record Actions(
            long version, List<Map<String, ?>> lines, boolean created, boolean schemaChanged, int filesRemoved) {
        CommitResult result(StagedWrite write) {
            return new CommitResult(
                    version, created, schemaChanged, write.files.size(), filesRemoved, write.rows(), write.bytes());
        }
    }
}
