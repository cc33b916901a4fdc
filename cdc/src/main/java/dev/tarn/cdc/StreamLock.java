package dev.tarn.cdc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** Held by the one process that runs a stream; the system gives it back when that ends, however it does. */
record StreamLock(FileChannel channel) implements AutoCloseable {

    static StreamLock take(StreamSettings settings) throws IOException, StreamException {
        Files.createDirectories(settings.work());
        FileChannel channel = FileChannel.open(
                settings.work().resolveSibling(settings.work().getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new StreamException("stream '" + settings.name() + "' runs already", "stop that one first");
        }
        return new StreamLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
