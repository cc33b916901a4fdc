package dev.tarn.cli.prepare;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Deletes what was prepared for installations that nobody starts any more: the launcher touches 'used' at each start. */
final class UnusedFolders {
    private static final Duration KEPT = Duration.ofDays(30);

    private final Clock clock;

    UnusedFolders(Clock clock) {
        this.clock = clock;
    }

    void deleteBeside(Path folder) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder.getParent(), Files::isDirectory)) {
            for (Path other : folders) {
                if (!other.equals(folder) && isOld(other) && !isInUse(other)) {
                    FolderTree.delete(other);
                }
            }
        }
    }

    private boolean isOld(Path folder) throws IOException {
        Path used = folder.resolve("used");
        Instant lastUse =
                Files.getLastModifiedTime(Files.exists(used) ? used : folder).toInstant();
        return lastUse.isBefore(clock.instant().minus(KEPT));
    }

    /** A process may run for longer than a folder is kept; its archive and class path are in its command line. */
    private static boolean isInUse(Path folder) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .anyMatch(commandLine -> commandLine.contains(folder.toString()));
    }
}
