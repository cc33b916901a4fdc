package dev.tarn.lake;

import java.io.IOException;
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
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in a log at one moment (Delta protocol, "Delta Log Entries" and "Checkpoints").
 *
 * <p>All names are read, although {@code _last_checkpoint} could tell where to begin: only so a missing version is seen, and
 * not filled by the next commit. 10,000 names take 10 ms.
 *
 * @param checkpoints the files of each version's checkpoint, one or several parts
 */
record LogListing(NavigableSet<Long> commits, NavigableMap<Long, List<Path>> checkpoints) {
    private static final String COMMIT_SUFFIX = ".json";
    private static final int DIGITS = 20;

    private static final int SHORT = 30;

    private static final Pattern CHECKPOINT =
            Pattern.compile("(\\d{20})\\.checkpoint(?:\\.(\\d{10})\\.(\\d{10}))?\\.parquet");

    /** Of the second specification, which alone has such names ("UUID-named checkpoint"). */
    private static final Pattern UNIQUE_CHECKPOINT = Pattern.compile(
            "(\\d{20})\\.checkpoint\\.[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\.(?:json|parquet)");

    static LogListing of(Path table, Path directory) {
        NavigableSet<Long> commits = new TreeSet<>();
        Map<Long, Map<Integer, List<Path>>> parts = new TreeMap<>();
        Map<Long, Path> unique = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (isCommit(name)) {
                    commits.add(Long.parseLong(name.substring(0, DIGITS)));
                    continue;
                }
                Matcher checkpoint = CHECKPOINT.matcher(name);
                if (checkpoint.matches()) {
                    int count = checkpoint.group(3) == null ? 1 : Integer.parseInt(checkpoint.group(3));
                    parts.computeIfAbsent(Long.parseLong(checkpoint.group(1)), version -> new TreeMap<>())
                            .computeIfAbsent(count, all -> new ArrayList<>())
                            .add(file);
                    continue;
                }
                Matcher uniqueCheckpoint = UNIQUE_CHECKPOINT.matcher(name);
                if (uniqueCheckpoint.matches()) {
                    unique.merge(Long.parseLong(uniqueCheckpoint.group(1)), file, (a, b) -> a.compareTo(b) < 0 ? a : b);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException notATable) {
            return new LogListing(commits, new TreeMap<>());
        } catch (IOException failure) {
            throw LakeException.io("The log of table '" + table + "' cannot be listed", failure);
        }
        NavigableMap<Long, List<Path>> checkpoints = complete(parts);
        unique.forEach((version, file) -> checkpoints.putIfAbsent(version, List.of(file)));
        return new LogListing(commits, checkpoints);
    }

    private static boolean isCommit(String name) {
        return name.length() == DIGITS + COMMIT_SUFFIX.length()
                && name.endsWith(COMMIT_SUFFIX)
                && name.chars().limit(DIGITS).allMatch(digit -> digit >= '0' && digit <= '9');
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

    boolean isEmpty() {
        return commits.isEmpty() && checkpoints.isEmpty();
    }

    long newest() {
        return Math.max(commits.isEmpty() ? -1 : commits.last(), checkpoints.isEmpty() ? -1 : checkpoints.lastKey());
    }

    OptionalLong oldestReadable() {
        if (commits.contains(0L)) {
            return OptionalLong.of(0);
        }
        return checkpoints.isEmpty() ? OptionalLong.empty() : OptionalLong.of(checkpoints.firstKey());
    }

    /** Whether there are so few commits in all that reading them is faster than starting DuckDB for a checkpoint. */
    boolean isShortUntil(long version) {
        return version < SHORT && commits.headSet(version, true).size() == version + 1;
    }

    /** Whether every commit after a version is there. */
    boolean hasAllSince(long version) {
        return commits.tailSet(version, false).size() == newest() - version;
    }
}
