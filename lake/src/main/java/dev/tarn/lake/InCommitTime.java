package dev.tarn.lake;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Gives commits their time where a table keeps it in them (Delta protocol, "In-Commit Timestamps"). */
final class InCommitTime {
    static final String KEY = "inCommitTimestamp";
    private static final String VERSION = "delta.inCommitTimestampEnablementVersion";
    private static final String TIMESTAMP = "delta.inCommitTimestampEnablementTimestamp";

    private InCommitTime() {}

    static boolean isOn(Metadata metadata) {
        return TableProperties.isTrue(metadata.configuration(), TableProperties.IN_COMMIT_TIMESTAMPS);
    }

    /** The time of the commit after a version: later than that of the version, whatever the clock says. */
    static long next(TableLog log, Optional<TableState> current, long now) {
        return current.map(state -> Math.max(now, of(log, state) + 1)).orElse(now);
    }

    private static long of(TableLog log, TableState state) {
        return isOn(state.metadata())
                ? log.commitTime(state.version())
                : TableLog.modified(log.commitFile(state.version())).toEpochMilli();
    }

    /** The metadata of a commit, which says from which version on the times are in the commits. */
    static Metadata recorded(Metadata metadata, Optional<TableState> before, long time) {
        Map<String, String> properties = new LinkedHashMap<>(metadata.configuration());
        Map<String, String> known =
                before.map(state -> state.metadata().configuration()).orElse(Map.of());
        properties.remove(VERSION);
        properties.remove(TIMESTAMP);
        if (isOn(metadata) && before.isPresent()) {
            if (!isOn(before.get().metadata())) {
                properties.put(VERSION, String.valueOf(before.get().version() + 1));
                properties.put(TIMESTAMP, String.valueOf(time));
            } else if (known.containsKey(VERSION)) {
                properties.put(VERSION, String.valueOf(known.get(VERSION)));
                properties.put(TIMESTAMP, String.valueOf(known.get(TIMESTAMP)));
            }
        }
        return properties.equals(metadata.configuration()) ? metadata : metadata.withConfiguration(properties);
    }
}
