package dev.tarn.lake;

import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;

/**
 * Tells when each version was made, as all readers of Delta tell it: by the time in the commit if the table has such times
 * (Delta protocol, "In-Commit Timestamps"), otherwise by the modification time of the commit's file.
 *
 * <p>A clock that went back, or a copy of the table, may leave a file older than the one before it; it then counts as one
 * millisecond later than that, so that versions and times have one order.
 */
final class CommitTimes {
    private final TableLog log;
    private final NavigableSet<Long> readable;
    private final NavigableMap<Long, Long> millis = new TreeMap<>();
    private final long firstInCommit;

    /** @param newest what the newest version says of times in commits */
    CommitTimes(TableLog log, LogListing listing, Metadata newest) {
        this.log = log;
        this.readable = listing.commits().tailSet(listing.oldestReadable().orElse(0), true);
        firstInCommit = firstInCommit(newest.configuration());
        long last = Long.MIN_VALUE;
        for (long version : listing.commits().headSet(firstInCommit, false)) {
            last = Math.max(TableLog.modified(log.commitFile(version)).toEpochMilli(), last + 1);
            millis.put(version, last);
        }
    }

    private static long firstInCommit(Map<String, String> properties) {
        if (!"true".equalsIgnoreCase(properties.get("delta.enableInCommitTimestamps"))) {
            return Long.MAX_VALUE;
        }
        String version = properties.getOrDefault("delta.inCommitTimestampEnablementVersion", "0");
        return version.matches("\\d{1,18}") ? Long.parseLong(version) : 0;
    }

    /** The versions that have a time. */
    NavigableSet<Long> readable() {
        return readable;
    }

    Instant of(long version) {
        return Instant.ofEpochMilli(millis(version));
    }

    private long millis(long version) {
        return millis.computeIfAbsent(version, this::inCommit);
    }

    private long inCommit(long version) {
        return Json.number(log.commit(version).info(), "inCommitTimestamp")
                .orElseThrow(() -> LakeException.corrupt("The commit '" + log.commitFile(version)
                        + "' is damaged: it has no 'inCommitTimestamp', though the table needs one."));
    }

    /** The newest version that was there at a time, by halving: a time in a commit costs the reading of its file. */
    long versionAt(Instant time) {
        long wanted = time.toEpochMilli();
        if (readable.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.VERSION_NOT_FOUND,
                    "Nobody knows when the version of table '" + log.table() + "' was made: its log has no commit.",
                    "Read the newest version.");
        }
        if (wanted > millis(readable.last())) {
            throw outside(time, "after its newest version, " + readable.last() + " of " + of(readable.last()));
        }
        NavigableSet<Long> part = part(wanted);
        long first = part.first();
        long last = part.last();
        if (wanted < millis(first)) {
            throw outside(time, "before its first version that can be read, " + first + " of " + of(first));
        }
        while (first < last) {
            long middle = first + (last - first + 1) / 2;
            if (millis(middle) <= wanted) {
                first = middle;
            } else {
                last = middle - 1;
            }
        }
        return first;
    }

    /**
     * The versions among which a time is looked for: those with times in their commits, or those before. The files of a copy
     * are all younger than the times in its commits, so there is one order in each part only.
     */
    private NavigableSet<Long> part(long wanted) {
        Long inCommit = readable.ceiling(firstInCommit);
        if (inCommit == null || inCommit.equals(readable.first())) {
            return readable;
        }
        return wanted >= millis(inCommit) ? readable.tailSet(inCommit, true) : readable.headSet(inCommit, false);
    }

    /** The first version that was made at a time or after it. */
    long versionFrom(Instant time) {
        if (readable.isEmpty() || time.toEpochMilli() > millis(readable.last())) {
            // Says what is wrong with it.
            return versionAt(time);
        }
        long first = part(time.toEpochMilli()).first();
        if (!time.isAfter(of(first))) {
            return first;
        }
        long version = versionAt(time);
        return of(version).isBefore(time) ? version + 1 : version;
    }

    private LakeException outside(Instant time, String where) {
        return new LakeException(
                LakeException.Kind.VERSION_NOT_FOUND,
                "Table '" + log.table() + "' has no version of " + time + ", which is " + where + ".",
                "Use a time from " + of(readable.first()) + " to " + of(readable.last())
                        + ", or read the newest version.");
    }
}
