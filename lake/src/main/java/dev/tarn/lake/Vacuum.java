package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Deletes the files that no version of a table needs which was the newest within a time, the retention.
 *
 * <p>A file that no version has may be one that a writer has not committed yet, so nothing that is younger than the retention
 * is deleted. Versions that were replaced before the retention can no longer be read afterwards.
 */
public final class Vacuum {
    /** What {@code delta.deletedFileRetentionDuration} is if the table does not say. */
    public static final Duration DEFAULT_RETENTION = Duration.ofDays(7);

    /** Only changes of schema and properties stop the note in the log, and nobody makes so many at once. */
    private static final int TRIES = 20;

    private final DeltaTable table;
    private final TableLog log;
    private final Clock clock;
    private Optional<Duration> retention = Optional.empty();
    private boolean force;
    private boolean dryRun;
    private CommitOptions options = CommitOptions.DEFAULT;

    Vacuum(DeltaTable table, TableLog log, Clock clock) {
        this.table = table;
        this.log = log;
        this.clock = clock;
    }

    /** Keeps what was needed within this time; without it, as long as the table's properties say. */
    public Vacuum retain(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("retention of " + time);
        }
        retention = Optional.of(time);
        return this;
    }

    /**
     * Allows a retention shorter than the table's own. Nobody may write to the table meanwhile: the files of a commit that is
     * under way would be deleted, and the table would be damaged.
     */
    public Vacuum force() {
        force = true;
        return this;
    }

    /** Only looks, and deletes nothing. */
    public Vacuum dryRun() {
        dryRun = true;
        return this;
    }

    /** Notes what was done in the log in another way. */
    public Vacuum withCommit(CommitOptions other) {
        options = other;
        return this;
    }

    /** Does it. */
    public VacuumResult execute() {
        TableState state = log.newestExisting();
        FeatureSupport.checkVacuumable(table.path().toString(), state.protocol());
        Duration configured = TableProperties.duration(
                        state.metadata().configuration(), TableProperties.DELETED_FILE_RETENTION)
                .orElse(DEFAULT_RETENTION);
        Duration kept = retention.orElse(configured);
        if (kept.compareTo(configured) < 0 && !force) {
            throw tooShort(kept, configured);
        }
        Instant before = clock.instant().minus(kept);
        // First the folder, then the log: what is committed in between is in the log.
        TableFolder folder = TableFolder.list(table.path(), state.metadata());
        Map<Path, TableFolder.Entry> unused = unused(folder, before);
        if (dryRun) {
            return result(kept, before, folder, unused, empty(folder, before), List.of());
        }
        note("VACUUM START", startParameters(configured), startMetrics(unused));
        // Much time may have passed since, in which an old file can have come back by a restore.
        UsedFiles used = UsedFiles.since(before, log, folder.root());
        unused.keySet().removeIf(used::contains);
        List<String> failed = deleteFiles(folder, unused);
        List<Path> deletedFolders = deleteFolders(folder, empty(folder, before));
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("numDeletedFiles", unused.size());
        metrics.put("numVacuumedDirectories", folder.folders());
        note("VACUUM END", Map.of("status", failed.isEmpty() ? "COMPLETED" : "FAILED"), metrics);
        return result(kept, before, folder, unused, deletedFolders, failed);
    }

    private LakeException tooShort(Duration kept, Duration configured) {
        return new LakeException(
                Kind.INVALID_WRITE,
                "Table '" + table.path() + "' keeps files for " + text(configured)
                        + ", so vacuum does not delete what is"
                        + " only " + text(kept) + " old: a writer that is still running may be about to commit it, and"
                        + " readers may need it.",
                "Retain at least " + text(configured) + ", or force it if you are certain that nobody uses the table.");
    }

    private static String text(Duration time) {
        long seconds = time.toSeconds();
        if (seconds > 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + (seconds == 86_400 ? " day" : " days");
        }
        if (seconds > 0 && seconds % 3600 == 0) {
            return seconds / 3600 + (seconds == 3600 ? " hour" : " hours");
        }
        return seconds + (seconds == 1 ? " second" : " seconds");
    }

    private Map<Path, TableFolder.Entry> unused(TableFolder folder, Instant before) {
        UsedFiles used = UsedFiles.since(before, log, folder.root());
        Map<Path, TableFolder.Entry> unused = new TreeMap<>();
        folder.files().forEach((path, file) -> {
            if (file.modified().isBefore(before) && !used.contains(path)) {
                unused.put(path, file);
            }
        });
        return unused;
    }

    /** A young one may be a writer's that is about to put a file into it. */
    private static List<Path> empty(TableFolder folder, Instant before) {
        return folder.empty().entrySet().stream()
                .filter(each ->
                        each.getValue().isBefore(before) && !each.getKey().equals(Path.of(ChangeFeed.DIRECTORY)))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> deleteFiles(TableFolder folder, Map<Path, TableFolder.Entry> unused) {
        List<Path> failed = new ArrayList<>();
        for (Path path : unused.keySet()) {
            try {
                Files.deleteIfExists(folder.root().resolve(path));
            } catch (IOException refused) {
                failed.add(path);
            }
        }
        unused.keySet().removeAll(failed);
        return texts(failed);
    }

    private static List<Path> deleteFolders(TableFolder folder, List<Path> empty) {
        List<Path> deleted = new ArrayList<>();
        for (Path path : empty) {
            try {
                if (Files.deleteIfExists(folder.root().resolve(path))) {
                    deleted.add(path);
                }
            } catch (DirectoryNotEmptyException inUse) {
                // A writer needs it now.
            } catch (IOException refused) {
                // An empty folder harms nobody.
            }
        }
        return deleted;
    }

    private static List<String> texts(List<Path> paths) {
        return paths.stream().map(path -> path.toString().replace('\\', '/')).toList();
    }

    private VacuumResult result(
            Duration kept,
            Instant before,
            TableFolder folder,
            Map<Path, TableFolder.Entry> files,
            List<Path> empty,
            List<String> failed) {
        return new VacuumResult(
                dryRun,
                kept,
                before,
                texts(List.copyOf(files.keySet())),
                files.values().stream().mapToLong(TableFolder.Entry::bytes).sum(),
                folder.folders(),
                texts(empty),
                failed);
    }

    private Map<String, Object> startParameters(Duration configured) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("retentionCheckEnabled", !force);
        retention.ifPresent(time -> parameters.put("specifiedRetentionMillis", time.toMillis()));
        parameters.put("defaultRetentionMillis", configured.toMillis());
        return parameters;
    }

    private static Map<String, Object> startMetrics(Map<Path, TableFolder.Entry> unused) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("numFilesToDelete", unused.size());
        metrics.put(
                "sizeOfDataToDelete",
                unused.values().stream().mapToLong(TableFolder.Entry::bytes).sum());
        return metrics;
    }

    /** A commit of nothing but its provenance, as Spark writes it around a vacuum. */
    private void note(String operation, Map<String, Object> parameters, Map<String, Object> metrics) {
        for (int left = TRIES; ; left--) {
            try {
                table.transaction(table.state(), options)
                        .commit(
                                Reads.nothing(),
                                new Changes().withoutDataChange(),
                                new Operation(operation, parameters, metrics));
                return;
            } catch (LakeException failure) {
                if (failure.kind() != Kind.CONFLICT || left == 1) {
                    throw failure;
                }
            }
        }
    }
}
