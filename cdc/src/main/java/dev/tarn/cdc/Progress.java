package dev.tarn.cdc;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How far a stream has come, as its tables say. */
final class Progress {

    private final String stream;
    private long batch;
    private Optional<Map<String, Object>> offset;
    /** Those that have the batch which is made again after a crash between two tables. */
    private final Set<String> ahead;
    /** The batch that is made again, and its tables. */
    private Optional<Position> again;

    private Progress(
            String stream,
            long batch,
            Optional<Map<String, Object>> offset,
            Set<String> ahead,
            Optional<Position> again) {
        this.stream = stream;
        this.batch = batch;
        this.offset = offset;
        this.ahead = new HashSet<>(ahead);
        this.again = again;
    }

    /** From the beginning; what the tables have of earlier batches is replaced. */
    static Progress snapshot(String stream, long lastBatch) {
        return new Progress(stream, lastBatch, Optional.empty(), Set.of(), Optional.empty());
    }

    /** The last batch that any table has. */
    static long newest(Map<String, TargetTable> targets) {
        return targets.values().stream().mapToLong(TargetTable::batch).max().orElse(0);
    }

    /** Where the tables are. */
    static Progress of(StreamSettings settings, Map<String, TargetTable> targets) throws StreamException {
        String stream = settings.name();
        Collection<TargetTable> all = targets.values();
        long newest = newest(targets);
        if (newest == 0) {
            return snapshot(stream, 0);
        }
        Position last = all.stream()
                .filter(target -> target.batch() == newest)
                .findFirst()
                .flatMap(TargetTable::position)
                .filter(position -> position.batch() == newest)
                .orElseThrow(() -> new StreamException(
                        "the tables' history no longer says where stream '" + settings.name() + "' was",
                        settings.readAgain()));
        Set<String> ahead = new HashSet<>();
        for (String name : last.tables()) {
            TargetTable target = targets.get(name);
            if (target != null && target.batch() == newest) {
                ahead.add(name);
            }
        }
        // Tables that the stream does not follow any more are as they are.
        long followed = last.tables().stream().filter(targets::containsKey).count();
        if (ahead.size() == followed) {
            refuseNew(settings, targets, last);
            return new Progress(stream, newest, Optional.of(last.offset()), Set.of(), Optional.empty());
        }
        if (last.before().isEmpty()) {
            // Some tables have the snapshot: all are read again.
            return snapshot(stream, newest);
        }
        refuseNew(settings, targets, last);
        return new Progress(stream, newest - 1, last.before(), ahead, Optional.of(last));
    }

    /** Of a table that joins a stream, only what changes from now on would come. */
    private static void refuseNew(StreamSettings settings, Map<String, TargetTable> targets, Position last)
            throws StreamException {
        for (Map.Entry<String, TargetTable> target : targets.entrySet()) {
            // Also one that was left out for a while: what changed meanwhile is not there.
            if (!last.followed().contains(target.getKey())) {
                throw new StreamException(
                        "stream '" + settings.name() + "' did not follow table '" + target.getKey() + "' until now",
                        settings.readAgain() + ", this one too; or follow it by another stream");
            }
        }
    }

    boolean isSnapshot() {
        return offset.isEmpty();
    }

    Optional<Map<String, Object>> offset() {
        return offset;
    }

    /** The newest that any table has. */
    long newest() {
        return again.map(Position::batch).orElse(batch);
    }

    /** Whether a table has the changes that come now. */
    boolean has(String table) {
        return ahead.contains(table);
    }

    /** Whether a batch is made again, which has to end where it ended. */
    boolean isReplaying() {
        return again.isPresent();
    }

    /** Whether the batch that is made again ends with a transaction. */
    boolean ends(String transaction) {
        return again.flatMap(Position::transaction).equals(Optional.of(transaction));
    }

    /** The position of the next batch. */
    Position next(List<String> tables, List<String> followed, Optional<String> transaction, Map<String, Object> at) {
        return new Position(
                stream, batch + 1, again.map(Position::tables).orElse(tables), followed, transaction, at, offset);
    }

    void done(Position position) {
        batch = position.batch();
        offset = Optional.of(position.offset());
        ahead.clear();
        again = Optional.empty();
    }
}
