package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The files that a table needs for its newest version and for all versions that were the newest at some time since.
 *
 * <p>What such a version has is in the newest version, or was removed since: by the time of the {@code remove} action or by
 * the time of its commit, whichever keeps more. Tombstones alone are not enough, because a checkpoint drops those that are
 * older than the table's own retention (Delta protocol, "Add File and Remove File").
 */
final class UsedFiles {
    private final Path table;
    private final Path root;
    private final Set<Path> paths = new HashSet<>();

    private UsedFiles(Path table, Path root) {
        this.table = table;
        this.root = root;
    }

    /** @param root the folder of the table without links in its path, below which {@link #contains} is asked */
    static UsedFiles since(Instant time, TableLog log, Path root) {
        UsedFiles used = new UsedFiles(log.table(), root);
        TableState newest = log.newestExisting();
        newest.files().values().forEach(file -> used.add(file.json()));
        newest.tombstones().values().stream()
                // One without a time may have been removed just now.
                .filter(remove ->
                        Json.number(remove, "deletionTimestamp").orElse(Long.MAX_VALUE) >= time.toEpochMilli())
                .forEach(used::add);
        log.since(time).forEach(commit -> {
            commit.of("add").forEach(used::add);
            commit.of("remove").forEach(used::add);
            commit.of("cdc").forEach(used::add);
        });
        return used;
    }

    private void add(Map<String, Object> action) {
        AddFile file = new AddFile(action);
        if (!file.isRemote()) {
            add(file.locate(table));
            // A writer that does not percent-encode would mean this one.
            add(table.resolve(file.path().replaceFirst("^file:/*", "/")));
        }
        file.deletionVector().flatMap(vector -> vector.file(table)).ifPresent(this::add);
    }

    private void add(Path path) {
        Path normal = path.normalize();
        if (normal.startsWith(table)) {
            paths.add(table.relativize(normal));
            return;
        }
        try {
            Path real = normal.toRealPath();
            if (real.startsWith(root)) {
                paths.add(root.relativize(real));
            }
        } catch (IOException gone) {
            // What is not there is not deleted.
        }
    }

    /** Whether a file is needed, by its path below the root. */
    boolean contains(Path path) {
        return paths.contains(path);
    }
}
