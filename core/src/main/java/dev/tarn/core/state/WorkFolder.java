package dev.tarn.core.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder for one run's temporary files, {@code .tarn/tmp/<run>}. Closing deletes it. A run that was killed cannot;
 * the next run does it for it: a folder whose lock nobody holds belongs to nobody.
 */
public final class WorkFolder implements AutoCloseable {

    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lock;

    private WorkFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes the folder, and deletes those of runs that were killed. */
    public static WorkFolder create(Path projectDirectory, String runId) throws IOException {
        Path all = projectDirectory.resolve(".tarn").resolve("tmp");
        Files.createDirectories(all);
        hideFromGit(all.resolveSibling(".gitignore"));
        // Held while folders are made and swept, so that no run sweeps one that is not locked yet.
        try (FileChannel entry = open(all.resolve(LOCK))) {
            FileLock held = lockBetweenThreads(entry);
            sweep(all);
            Path path = Files.createDirectory(all.resolve(runId));
            FileChannel lock = open(path.resolve(LOCK));
            lock.lock();
            held.release();
            return new WorkFolder(path, lock);
        }
    }

    /** Nobody means to commit state. Who does puts another file there. */
    private static void hideFromGit(Path ignore) throws IOException {
        if (Files.notExists(ignore)) {
            Files.writeString(ignore, "*\n");
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** File locks are between processes; two runs of one process have to wait for each other here. */
    private static FileLock lockBetweenThreads(FileChannel channel) throws IOException {
        while (true) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return lock;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    public Path path() {
        return path;
    }

    private static void sweep(Path all) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(all, Files::isDirectory)) {
            for (Path folder : folders) {
                if (isAbandoned(folder)) {
                    delete(folder);
                }
            }
        }
    }

    private static boolean isAbandoned(Path folder) throws IOException {
        try (FileChannel channel = open(folder.resolve(LOCK))) {
            return tryLock(channel) != null;
        } catch (NoSuchFileException e) {
            // Its run has just deleted it.
            return false;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another run of this very process holds it.
            return null;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
        delete(path);
    }
}
