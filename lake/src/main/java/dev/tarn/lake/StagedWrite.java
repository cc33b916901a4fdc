package dev.tarn.lake;

import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    private final TableLog log;
    private final WritePlan plan;
    private final WriteOptions options;
    private final Clock clock;
    private final List<DataFiles.Written> written;
    private final List<AddFile> files;
    private final Replacement replacement;
    private final FirstFolder folder;
    private Progress progress = Progress.STAGED;

    StagedWrite(
            Path table,
            TableLog log,
            WritePlan plan,
            WriteOptions options,
            Clock clock,
            List<DataFiles.Written> written,
            List<AddFile> files,
            Replacement replacement,
            FirstFolder folder) {
        this.table = table;
        this.log = log;
        this.plan = plan;
        this.options = options;
        this.clock = clock;
        this.written = written;
        this.files = files;
        this.replacement = replacement;
        this.folder = folder;
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

    /** What is known of the columns of the staged rows, by name; those that partition the table are not among them. */
    public Map<String, ColumnRange> ranges() {
        return ColumnRange.of(plan.metadata(), written);
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
        Transaction transaction = new Transaction(table, log, clock, plan.base(), options.commit());
        // Whatever goes wrong now, the files stay unless it is certain that no version has them.
        progress = Progress.COMMITTED;
        try {
            Transaction.Outcome outcome = transaction.commit(reads(), changes(), operation());
            if (outcome.alreadyDone()) {
                progress = Progress.STAGED;
                discard();
            }
            return result(outcome);
        } catch (LakeException failure) {
            progress = failure.mayBeCommitted() ? Progress.COMMITTED : Progress.STAGED;
            throw failure;
        } finally {
            folder.release();
        }
    }

    /** Deletes the files, unless they were committed; more calls change nothing. */
    public void discard() {
        if (progress == Progress.STAGED) {
            progress = Progress.DISCARDED;
            DataFiles.delete(written);
            DataFiles.delete(replacement.written());
            folder.release();
        }
    }

    @Override
    public void close() {
        discard();
    }

    private Reads reads() {
        return options.readVersion().isPresent() ? Reads.all() : replacement.reads();
    }

    private Changes changes() {
        Changes changes = new Changes()
                .add(files)
                .add(replacement.kept())
                .remove(replacement.removed())
                .changeFiles(replacement.changeFiles());
        replacement.kind().ifPresent(changes::replace);
        if (options.mode() == WriteMode.ERROR_IF_EXISTS) {
            changes.onlyCreate();
        }
        if (plan.changesMetadata()) {
            changes.metadata(plan.metadata());
        }
        if (plan.changesProtocol()) {
            changes.protocol(plan.protocol());
        }
        return changes;
    }

    private Operation operation() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("mode", options.mode().sparkName());
        parameters.put("partitionBy", Json.text(plan.metadata().partitionColumns()));
        options.replaceWhere().ifPresent(where -> parameters.put("predicate", Json.text(List.of(where))));
        if (options.replacePartitions()) {
            parameters.put("isDynamicPartitionOverwrite", "true");
        }
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("numFiles", files.size());
        metrics.put("numOutputRows", rows());
        metrics.put("numOutputBytes", bytes());
        return new Operation("WRITE", parameters, metrics);
    }

    private CommitResult result(Transaction.Outcome outcome) {
        if (outcome.alreadyDone()) {
            return new CommitResult(outcome.version(), false, false, 0, 0, 0, 0, true);
        }
        boolean schemaChanged = plan.base().isPresent() && plan.changesMetadata();
        return new CommitResult(
                outcome.version(),
                outcome.created(),
                schemaChanged,
                files.size() + replacement.kept().size(),
                outcome.removed().size(),
                rows(),
                bytes(),
                false);
    }
}
