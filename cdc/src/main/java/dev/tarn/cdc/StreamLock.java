package dev.tarn.cdc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Held by the one process that runs a stream; the system gives it back when that ends, however it does. */
record StreamLock(FileChannel channel) implements AutoCloseable {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(100);

    static StreamLock take(StreamSettings settings) throws IOException, StreamException {
        Files.createDirectories(settings.work());
        FileChannel channel = FileChannel.open(
                settings.work().resolveSibling(settings.work().getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            channel.close();
            throw new StreamException("stream '" + settings.name() + "' runs already", "stop that one first");
        }
        return new StreamLock(channel);
    }

    /** One whose starter was killed takes a moment to end. */
    private static boolean isLocked(FileChannel channel) throws IOException {
        long deadline = System.nanoTime() + WAIT.toNanos();
        FileLock lock = channel.tryLock();
        while (lock == null
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE.toNanos());
            lock = channel.tryLock();
        }
        return lock != null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
