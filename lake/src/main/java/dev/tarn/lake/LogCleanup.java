package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Deletes what of the log is older than the table keeps it (Delta protocol, "Metadata Cleanup"): everything before the newest
 * checkpoint from before that time, so that each version since can still be read.
 *
 * <p>Goes from the oldest version on. Whenever it stops, and whoever else does the same, what is left is a log that begins
 * later. Files beside v2 checkpoints are left to Spark.
 */
final class LogCleanup {
    static final String RETENTION = "delta.logRetentionDuration";
    static final String ENABLED = "delta.enableExpiredLogCleanup";
    private static final Duration DEFAULT = Duration.ofDays(30);

    /**
     * Commits, checkpoints of all names, checksums and compacted commits, which have two versions; and the sums that Spark's
     * file system keeps beside them.
     */
    private static final Pattern OF_VERSION =
            Pattern.compile("\\.?(\\d{20})\\.(?:json|crc|checkpoint\\..*|\\d{20}\\.compacted\\.json)(?:\\.crc)?");

    private final TableLog log;
    private final Clock clock;

    LogCleanup(TableLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    void run(TableState newest) {
        Map<String, String> properties = newest.metadata().configuration();
        if ("false".equalsIgnoreCase(properties.getOrDefault(ENABLED, "true").strip())) {
            return;
        }
        Duration kept = TableProperties.duration(properties, RETENTION).orElse(DEFAULT);
        // Whole days, as everywhere in Delta.
        Instant cutoff = clock.instant().minus(kept).truncatedTo(ChronoUnit.DAYS);
        LogListing listing = LogListing.of(log.table(), log.directory());
        OptionalLong checkpoint = lastNeeded(listing, newest, cutoff);
        if (checkpoint.isPresent()) {
            delete(checkpoint.getAsLong(), listing);
        }
    }

    /** The version of the checkpoint from which on all is kept; empty if there is nothing before it. */
    private OptionalLong lastNeeded(LogListing listing, TableState newest, Instant cutoff) {
        if (listing.commits().isEmpty()
                || !TableLog.modified(log.commitFile(listing.commits().first())).isBefore(cutoff)) {
            return OptionalLong.empty();
        }
        CommitTimes times = new CommitTimes(log, listing, newest.metadata());
        Long lastCommit = null;
        for (long version : times.readable()) {
            if (times.of(version).isAfter(cutoff)) {
                break;
            }
            lastCommit = version;
        }
        Long checkpoint = lastCommit == null ? null : listing.checkpoints().floorKey(lastCommit);
        if (checkpoint == null) {
            return OptionalLong.empty();
        }
        boolean anythingBefore =
                listing.commits().first() < checkpoint || listing.checkpoints().firstKey() < checkpoint;
        return anythingBefore && hasAll(listing, checkpoint) ? OptionalLong.of(checkpoint) : OptionalLong.empty();
    }

    private static boolean hasAll(LogListing listing, long checkpoint) {
        return listing.commits().contains(checkpoint) && listing.hasAllSince(checkpoint);
    }

    private void delete(long checkpoint, LogListing listing) {
        if (isDamaged(Objects.requireNonNull(listing.checkpoints().get(checkpoint)))) {
            // Older ones are the way out.
            return;
        }
        NavigableMap<Long, List<Path>> old = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log.directory())) {
            for (Path file : files) {
                Matcher name = OF_VERSION.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && isOld(file, Long.parseLong(name.group(1)), checkpoint)) {
                    old.computeIfAbsent(Long.parseLong(name.group(1)), version -> new ArrayList<>())
                            .add(file);
                }
            }
            for (List<Path> ofVersion : old.values()) {
                for (Path file : ofVersion) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            throw LakeException.io("The old part of the log of table '" + log.table() + "' cannot be deleted", failure);
        }
    }

    private boolean isDamaged(List<Path> checkpoint) {
        try {
            return Checkpoint.read(log.table(), checkpoint).isEmpty();
        } catch (LakeException damaged) {
            return true;
        }
    }

    private static boolean isOld(Path file, long version, long checkpoint) {
        boolean compacted = String.valueOf(file.getFileName()).contains(".compacted.json");
        return compacted ? version <= checkpoint : version < checkpoint;
    }
}
