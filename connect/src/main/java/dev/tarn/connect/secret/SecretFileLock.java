package dev.tarn.connect.secret;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one process at a time change a file of secrets; the system frees the lock of a process that dies. The lock is on
 * an empty file in {@code .tarn}, which stays: one that is removed could be locked by two, each its own.
 */
final class SecretFileLock {

    /** The system's locks are those of a process; in this one, threads wait here. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final FileChannel channel;

    private SecretFileLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits until nobody else changes the file. */
    static SecretFileLock of(Path secrets) throws ConnectionException {
        Path path = secrets.resolveSibling(".tarn").resolve(secrets.getFileName() + ".lock");
        THREADS.lock();
        boolean locked = false;
        try {
            Path folder = Files.createDirectories(secrets.resolveSibling(".tarn"));
            if (Files.notExists(folder.resolve(".gitignore"))) {
                Files.writeString(folder.resolve(".gitignore"), "*\n");
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                locked = channel.lock().isValid();
                return new SecretFileLock(channel);
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw new ConnectionException(
                    Kind.SECRET,
                    "'" + secrets + "' cannot be changed, because '" + path + "' cannot be locked: " + e.getMessage(),
                    "check folder and disk",
                    e);
        } finally {
            if (!locked) {
                THREADS.unlock();
            }
        }
    }

    void free() {
        try {
            channel.close();
        } catch (IOException e) {
            // What the lock was for is done, and the system frees it with the process at the latest.
            return;
        } finally {
            THREADS.unlock();
        }
    }
}
