package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new version that has the rows, the schema and the properties of an earlier one, by putting its files back into the
 * table and taking the others out.
 */
final class Restore {
    private static final String MAX_COLUMN_ID = "delta.columnMapping.maxColumnId";

    /** Since when commits tell their time is a fact about the log that stays. */
    private static final List<String> TIMES = List.of(
            "delta.enableInCommitTimestamps",
            "delta.inCommitTimestampEnablementVersion",
            "delta.inCommitTimestampEnablementTimestamp");

    private static final String CLUSTERING = "delta.clustering";

    private final DeltaTable table;
    private final CommitOptions options;
    private final TableState newest;
    private final TableState wanted;

    private Restore(DeltaTable table, CommitOptions options, TableState newest, TableState wanted) {
        this.table = table;
        this.options = options;
        this.newest = newest;
        this.wanted = wanted;
    }

    /** @param time by which the version was asked for, if it was */
    static RestoreResult run(
            DeltaTable table, TableLog log, TableState wanted, Optional<Instant> time, CommitOptions options) {
        return new Restore(table, options, log.newestExisting(), wanted).run(time);
    }

    private RestoreResult run(Optional<Instant> time) {
        String name = table.path().toString();
        FeatureSupport.checkMayCopyRows(name, newest);
        FeatureSupport.checkMayCopyRows(name, wanted);
        List<AddFile> restored = missing(wanted, newest).stream()
                .map(file -> file.withDataChange(true))
                .toList();
        List<AddFile> removed = missing(newest, wanted);
        if (!removed.isEmpty()) {
            FeatureSupport.checkNotAppendOnly(name, newest, "restore");
        }
        checkThere(restored);
        Changes changes = new Changes().withoutNewRows().add(restored).remove(removed);
        Metadata metadata = metadata();
        boolean metadataChanged = !metadata.equals(newest.metadata());
        if (metadataChanged) {
            changes.metadata(metadata);
        }
        Protocol protocol = newest.protocol().including(wanted.protocol());
        if (!protocol.equals(newest.protocol())) {
            changes.protocol(protocol);
        }
        clustering().ifPresent(changes::domain);
        boolean nothing = restored.isEmpty()
                && removed.isEmpty()
                && !metadataChanged
                && changes.protocol().isEmpty()
                && changes.domains().isEmpty();
        OptionalLong version = nothing ? OptionalLong.empty() : commit(changes, time);
        return new RestoreResult(
                version,
                wanted.version(),
                restored.size(),
                RowOperation.bytes(restored),
                removed.size(),
                RowOperation.bytes(removed),
                wanted.files().size(),
                RowOperation.bytes(wanted.fileList()),
                metadataChanged);
    }

    private static List<AddFile> missing(TableState from, TableState in) {
        List<AddFile> missing = new ArrayList<>();
        from.files().forEach((key, file) -> {
            if (!in.files().containsKey(key)) {
                missing.add(file);
            }
        });
        return missing;
    }

    /** Vacuum may have deleted them. */
    private void checkThere(List<AddFile> restored) {
        List<Path> gone = new ArrayList<>();
        for (AddFile file : restored) {
            List<Path> needed = new ArrayList<>(List.of(file.locate(table.path())));
            file.deletionVector().flatMap(vector -> vector.file(table.path())).ifPresent(needed::add);
            needed.stream().filter(path -> !Files.isRegularFile(path)).forEach(gone::add);
        }
        if (!gone.isEmpty()) {
            throw new LakeException(
                    Kind.VERSION_NOT_FOUND,
                    "Version " + wanted.version() + " of table '" + table.path() + "' cannot be restored, because "
                            + (gone.size() == 1
                                    ? "its file '" + gone.get(0) + "' is"
                                    : gone.size() + " of its files, such as '" + gone.get(0) + "', are")
                            + " no longer there, as after a vacuum.",
                    "Restore a later version.");
        }
    }

    private Metadata metadata() {
        Map<String, String> now = newest.metadata().configuration();
        Map<String, String> configuration =
                new LinkedHashMap<>(wanted.metadata().configuration());
        TIMES.forEach(key -> {
            configuration.remove(key);
            if (now.containsKey(key)) {
                configuration.put(key, Objects.requireNonNull(now.get(key)));
            }
        });
        if (now.containsKey(MAX_COLUMN_ID) && configuration.containsKey(MAX_COLUMN_ID)) {
            // An id is never given twice (Delta protocol, "Column Mapping"): files since then may have it.
            configuration.put(
                    MAX_COLUMN_ID,
                    String.valueOf(Math.max(number(now.get(MAX_COLUMN_ID)), number(configuration.get(MAX_COLUMN_ID)))));
        }
        return configuration.equals(wanted.metadata().configuration())
                ? wanted.metadata()
                : wanted.metadata().withConfiguration(configuration);
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** As Spark, which restores no other domain. */
    private Optional<Map<String, Object>> clustering() {
        Map<String, Object> now = newest.domains().get(CLUSTERING);
        Map<String, Object> then = wanted.domains().get(CLUSTERING);
        if (Objects.equals(now, then)) {
            return Optional.empty();
        }
        if (then != null) {
            return Optional.of(then);
        }
        Map<String, Object> gone = new LinkedHashMap<>(Objects.requireNonNull(now));
        gone.put("removed", true);
        return Optional.of(gone);
    }

    private OptionalLong commit(Changes changes, Optional<Instant> time) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        time.ifPresentOrElse(
                at -> parameters.put("timestamp", at.toString()), () -> parameters.put("version", wanted.version()));
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("tableSizeAfterRestore", RowOperation.bytes(wanted.fileList()));
        metrics.put("numOfFilesAfterRestore", wanted.files().size());
        metrics.put("numRemovedFiles", changes.removed().size());
        metrics.put("numRestoredFiles", changes.added().size());
        metrics.put("removedFilesSize", RowOperation.bytes(changes.removed()));
        metrics.put("restoredFilesSize", RowOperation.bytes(changes.added()));
        // What others add meanwhile would be in the table, though the restored version does not have it.
        Transaction.Outcome outcome = table.transaction(Optional.of(newest), options)
                .commit(Reads.all(), changes, new Operation("RESTORE", parameters, metrics));
        return OptionalLong.of(outcome.version());
    }
}
