package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads the log of a table: checkpoints through DuckDB, commits as lines of JSON (Delta protocol, "Delta Log Entries" and
 * "Checkpoints").
 *
 * <p>Remembers the newest version that it has read. Safe for many threads.
 */
final class TableLog {
    private final Path table;
    private volatile Known newest = Known.NONE;

    TableLog(Path table) {
        this.table = table;
    }

    Path table() {
        return table;
    }

    Path directory() {
        return table.resolve("_delta_log");
    }

    Path commitFile(long version) {
        return directory().resolve(String.format("%020d.json", version));
    }

    Path checkpointFile(long version) {
        return directory().resolve(String.format("%020d.checkpoint.parquet", version));
    }

    boolean exists() {
        return !list().isEmpty();
    }

    OptionalLong newestVersion() {
        LogListing listing = list();
        return listing.isEmpty() ? OptionalLong.empty() : OptionalLong.of(listing.newest());
    }

    /** What identifies the files that a commit added. */
    Set<String> added(long version) {
        return commit(version).of("add").map(AddFile::key).collect(Collectors.toSet());
    }

    Optional<TableState> newest() {
        LogListing listing = list();
        if (listing.isEmpty()) {
            newest = Known.NONE;
            return Optional.empty();
        }
        return Optional.of(newest(listing));
    }

    private TableState newest(LogListing listing) {
        Known known = newest;
        TableState state = known.isStillIn(this, listing)
                ? advance(known.state().orElseThrow(), listing, seen -> {})
                : replay(listing, listing.newest());
        newest = Known.of(this, state);
        return state;
    }

    TableState at(long version) {
        LogListing listing = existing();
        OptionalLong oldest = listing.oldestReadable();
        if (version > listing.newest() || (oldest.isPresent() && version < oldest.getAsLong())) {
            throw new LakeException(
                    Kind.VERSION_NOT_FOUND,
                    "Table '" + table + "' has no version " + version + ".",
                    oldest.isPresent() && oldest.getAsLong() < listing.newest()
                            ? "It has the versions " + oldest.getAsLong() + " to " + listing.newest() + "."
                            : "It has only version " + listing.newest() + ".");
        }
        return version == listing.newest() ? newest(listing) : replay(listing, version);
    }

    /** The version that was the newest at a time. */
    TableState at(Instant time) {
        LogListing listing = existing();
        TableState last = newest(listing);
        return at(times(listing, last).versionAt(time));
    }

    /** The newest versions whose commits are there, the newest first. */
    List<Commit> history(int limit) {
        LogListing listing = existing();
        CommitTimes times = times(listing, newest(listing));
        return listing.commits().descendingSet().stream()
                .limit(limit)
                .map(version -> Commit.of(commit(version), times.of(version)))
                .toList();
    }

    /** The commits that were made at a time or after it, as far as they are there. */
    List<LogCommit> since(Instant time) {
        LogListing listing = existing();
        CommitTimes times = times(listing, newest(listing));
        List<LogCommit> commits = new ArrayList<>();
        // From the newest on: a time in a commit costs the reading of its file.
        for (long version : listing.commits().descendingSet()) {
            if (times.of(version).isBefore(time)) {
                break;
            }
            commits.add(commit(version));
        }
        return commits;
    }

    TableState newestExisting() {
        return newest(existing());
    }

    TableDetail detail() {
        LogListing listing = existing();
        TableState state = newest(listing);
        Instant lastModified = listing.commits().contains(state.version())
                ? times(listing, state).of(state.version())
                : modified(listing.checkpoints().lastEntry().getValue().get(0));
        return TableDetail.of(table, state, lastModified);
    }

    CommitTimes times() {
        LogListing listing = existing();
        return times(listing, newest(listing));
    }

    private CommitTimes times(LogListing listing, TableState last) {
        return new CommitTimes(this, listing, last.metadata());
    }

    /** When a file of the log was written, to the millisecond. */
    static Instant modified(Path file) {
        try {
            return Instant.ofEpochMilli(Files.getLastModifiedTime(file).toMillis());
        } catch (IOException failure) {
            throw LakeException.io("The time of '" + file + "' cannot be read", failure);
        }
    }

    private LogListing existing() {
        LogListing listing = list();
        if (listing.isEmpty()) {
            throw new LakeException(
                    Kind.TABLE_NOT_FOUND,
                    "There is no Delta table at '" + table + "'.",
                    "Check the path of the table.");
        }
        return listing;
    }

    /** Applies the commits that others made after a version, and gives the newest state. */
    TableState advance(TableState from, Consumer<LogCommit> seen) {
        return advance(from, list(), seen);
    }

    private TableState advance(TableState from, LogListing listing, Consumer<LogCommit> seen) {
        if (listing.newest() <= from.version()) {
            return from;
        }
        TableState.Replay replay = new TableState.Replay(table.toString(), from);
        for (long version = from.version() + 1; version <= listing.newest(); version++) {
            LogCommit commit = commit(version);
            seen.accept(commit);
            replay.apply(commit);
        }
        return readable(replay.at(listing.newest()));
    }

    /** From the newest checkpoint that can be read; a damaged one is no loss while the log goes back far enough. */
    private TableState replay(LogListing listing, long version) {
        Optional<LakeException> damaged = Optional.empty();
        boolean isShort = listing.isShortUntil(version);
        if (isShort) {
            try {
                return replay(List.of(), -1, version);
            } catch (LakeException problem) {
                damaged = Optional.of(onlyDamage(problem));
            }
        }
        for (Map.Entry<Long, List<Path>> checkpoint :
                listing.checkpoints().headMap(version, true).descendingMap().entrySet()) {
            try {
                return replay(Checkpoint.read(table, checkpoint.getValue()), checkpoint.getKey(), version);
            } catch (LakeException problem) {
                damaged = damaged.or(() -> Optional.of(onlyDamage(problem)));
            }
        }
        if (!isShort && listing.commits().contains(0L)) {
            return replay(List.of(), -1, version);
        }
        throw damaged.orElseGet(() -> LakeException.corrupt("The log of table '" + table + "' starts at version "
                + listing.commits().first() + " and has no checkpoint for it."));
    }

    private static LakeException onlyDamage(LakeException problem) {
        if (problem.kind() != Kind.CORRUPT_TABLE) {
            throw problem;
        }
        return problem;
    }

    private TableState replay(List<Map<String, Object>> checkpoint, long from, long version) {
        TableState.Replay replay = new TableState.Replay(table.toString());
        checkpoint.forEach(replay::applyCheckpointRow);
        for (long next = from + 1; next <= version; next++) {
            replay.apply(commit(next));
        }
        return readable(replay.at(version));
    }

    private TableState readable(TableState state) {
        FeatureSupport.checkReadable(table.toString(), state);
        return state;
    }

    /** The time in a commit, which is in its first line ("In-Commit Timestamps"). */
    long commitTime(long version) {
        Path file = commitFile(version);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String first = lines.readLine();
            return Json.child(Json.object(first == null ? "" : first), "commitInfo")
                    .flatMap(info -> Json.number(info, InCommitTime.KEY))
                    .orElseThrow(() -> withoutTime(file));
        } catch (IOException | IllegalStateException garbled) {
            throw withoutTime(file);
        }
    }

    private static LakeException withoutTime(Path commit) {
        return LakeException.corrupt("The commit '" + commit + "' is damaged or missing: it has no '" + InCommitTime.KEY
                + "', though the table needs one.");
    }

    LogCommit commit(long version) {
        Path file = commitFile(version);
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException missing) {
            throw LakeException.corrupt(
                    "The log of table '" + table + "' has a gap: '" + file.getFileName() + "' is missing.");
        } catch (CharacterCodingException garbled) {
            throw LakeException.corrupt("The commit '" + file + "' is damaged: it is not UTF-8 text.");
        } catch (IOException failure) {
            throw LakeException.io("The commit '" + file + "' cannot be read", failure);
        }
        List<Map<String, Object>> actions = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                actions.add(action(file, i + 1, lines.get(i)));
            }
        }
        if (actions.isEmpty()) {
            throw LakeException.corrupt("The commit '" + file + "' is damaged: it is empty.");
        }
        return new LogCommit(version, actions);
    }

    private static Map<String, Object> action(Path file, int line, String text) {
        try {
            return Json.object(text);
        } catch (IOException garbled) {
            throw LakeException.corrupt(
                    "The commit '" + file + "' is damaged: line " + line + " is not a JSON object.");
        }
    }

    /**
     * The newest version that was read, to which only later commits need be applied.
     *
     * @param commit what tells its commit's file from that of another table, made anew in the place of this one
     */
    private record Known(Optional<TableState> state, String commit) {
        static final Known NONE = new Known(Optional.empty(), "");

        static Known of(TableLog log, TableState state) {
            String commit = identity(log.commitFile(state.version()));
            return commit.isEmpty() ? NONE : new Known(Optional.of(state), commit);
        }

        boolean isStillIn(TableLog log, LogListing listing) {
            return state.isPresent()
                    && state.get().version() <= listing.newest()
                    && listing.hasAllSince(state.get().version())
                    && commit.equals(identity(log.commitFile(state.get().version())));
        }

        private static String identity(Path commit) {
            try {
                BasicFileAttributes file = Files.readAttributes(commit, BasicFileAttributes.class);
                return file.fileKey() + " " + file.size() + " " + file.lastModifiedTime();
            } catch (IOException gone) {
                return "";
            }
        }
    }

    private LogListing list() {
        return LogListing.of(table, directory());
    }
}
