package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the log of a table: checkpoints through DuckDB, commits as lines of JSON (Delta protocol, "Delta Log Entries" and
 * "Checkpoints").
 */
final class TableLog {
    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
    private static final Pattern CHECKPOINT =
            Pattern.compile("(\\d{20})\\.checkpoint(?:\\.(\\d{10})\\.(\\d{10}))?\\.parquet");

    private final Path table;

    TableLog(Path table) {
        this.table = table;
    }

    Path directory() {
        return table.resolve("_delta_log");
    }

    Path commitFile(long version) {
        return directory().resolve(String.format("%020d.json", version));
    }

    boolean exists() {
        return !list().isEmpty();
    }

    OptionalLong newestVersion() {
        Listing listing = list();
        return listing.isEmpty() ? OptionalLong.empty() : OptionalLong.of(listing.newest());
    }

    /** What identifies the files that a commit added. */
    Set<String> added(long version) {
        return commit(version).of("add").map(AddFile::key).collect(Collectors.toSet());
    }

    Optional<TableState> newest() {
        Listing listing = list();
        return listing.isEmpty() ? Optional.empty() : Optional.of(replay(listing, listing.newest()));
    }

    TableState at(long version) {
        Listing listing = list();
        if (listing.isEmpty()) {
            throw new LakeException(
                    Kind.TABLE_NOT_FOUND,
                    "There is no Delta table at '" + table + "'.",
                    "Check the path of the table.");
        }
        OptionalLong oldest = listing.oldestReadable();
        if (version > listing.newest() || (oldest.isPresent() && version < oldest.getAsLong())) {
            throw new LakeException(
                    Kind.VERSION_NOT_FOUND,
                    "Table '" + table + "' has no version " + version + ".",
                    oldest.isPresent() && oldest.getAsLong() < listing.newest()
                            ? "It has the versions " + oldest.getAsLong() + " to " + listing.newest() + "."
                            : "It has only version " + listing.newest() + ".");
        }
        return replay(listing, version);
    }

    /** Applies the commits that others made after a version, and gives the newest state. */
    TableState advance(TableState from, Consumer<LogCommit> seen) {
        Listing listing = list();
        TableState.Replay replay = new TableState.Replay(table.toString(), from);
        long newest = Math.max(listing.newest(), from.version());
        for (long version = from.version() + 1; version <= newest; version++) {
            LogCommit commit = commit(version);
            seen.accept(commit);
            replay.apply(commit);
        }
        return replay.at(newest);
    }

    private TableState replay(Listing listing, long version) {
        TableState.Replay replay = new TableState.Replay(table.toString());
        Map.Entry<Long, List<Path>> checkpoint = listing.checkpoints.floorEntry(version);
        long from = 0;
        if (checkpoint != null) {
            Checkpoint.read(table, checkpoint.getValue()).forEach(replay::applyCheckpointRow);
            from = checkpoint.getKey() + 1;
        } else if (!listing.commits.contains(0L)) {
            throw LakeException.corrupt("The log of table '" + table + "' starts at version " + listing.commits.first()
                    + " and has no checkpoint for it.");
        }
        for (long next = from; next <= version; next++) {
            replay.apply(commit(next));
        }
        TableState state = replay.at(version);
        FeatureSupport.checkReadable(table.toString(), state);
        return state;
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

    private Listing list() {
        NavigableSet<Long> commits = new TreeSet<>();
        Map<Long, Map<Integer, List<Path>>> parts = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory())) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Matcher commit = COMMIT.matcher(name);
                Matcher checkpoint = CHECKPOINT.matcher(name);
                if (commit.matches()) {
                    commits.add(Long.parseLong(commit.group(1)));
                } else if (checkpoint.matches()) {
                    int count = checkpoint.group(3) == null ? 1 : Integer.parseInt(checkpoint.group(3));
                    parts.computeIfAbsent(Long.parseLong(checkpoint.group(1)), version -> new TreeMap<>())
                            .computeIfAbsent(count, all -> new ArrayList<>())
                            .add(file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException notATable) {
            return new Listing(commits, new TreeMap<>());
        } catch (IOException failure) {
            throw LakeException.io("The log of table '" + table + "' cannot be listed", failure);
        }
        return new Listing(commits, complete(parts));
    }

    /** A checkpoint of several parts counts when all are there; its writer may have died. */
    private static NavigableMap<Long, List<Path>> complete(Map<Long, Map<Integer, List<Path>>> parts) {
        NavigableMap<Long, List<Path>> complete = new TreeMap<>();
        parts.forEach((version, byCount) -> byCount.forEach((count, files) -> {
            if (files.size() == count) {
                complete.putIfAbsent(version, List.copyOf(files));
            }
        }));
        return complete;
    }

    private record Listing(NavigableSet<Long> commits, NavigableMap<Long, List<Path>> checkpoints) {
        boolean isEmpty() {
            return commits.isEmpty() && checkpoints.isEmpty();
        }

        long newest() {
            return Math.max(
                    commits.isEmpty() ? -1 : commits.last(), checkpoints.isEmpty() ? -1 : checkpoints.lastKey());
        }

        OptionalLong oldestReadable() {
            if (commits.contains(0L)) {
                return OptionalLong.of(0);
            }
            return checkpoints.isEmpty() ? OptionalLong.empty() : OptionalLong.of(checkpoints.firstKey());
        }
    }
}
