package dev.tarn.lake;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Tells what a vacuum deleted, or would delete.
 *
 * @param retention how long files stay after the table has stopped needing them
 * @param before files that are older than this and that nothing needs are deleted
 * @param files by their path below the folder of the table
 * @param bytes of these files
 * @param folders how many folders of the table were looked into
 * @param emptyFolders deleted, too
 * @param failed files that could not be deleted
 */
public record VacuumResult(
        boolean dryRun,
        Duration retention,
        Instant before,
        List<String> files,
        long bytes,
        int folders,
        List<String> emptyFolders,
        List<String> failed) {
    public VacuumResult {
        files = List.copyOf(files);
        emptyFolders = List.copyOf(emptyFolders);
        failed = List.copyOf(failed);
    }
}
