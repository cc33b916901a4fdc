package dev.tarn.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a stream beside its project, {@code .tarn/streams/NAME}: who runs it, how it is, its log. Where it is in
 * the source is not among it: that is in its tables.
 */
record StreamFolder(Path path) {

    static StreamFolder of(Path project, String stream) throws IOException {
        Path all = project.resolve(".tarn");
        Path path = Files.createDirectories(all.resolve("streams").resolve(stream));
        Path ignore = all.resolve(".gitignore");
        if (Files.notExists(ignore)) {
            Files.writeString(ignore, "*\n");
        }
        return new StreamFolder(path);
    }

    Path work() {
        return path.resolve("work");
    }

    Path status() {
        return path.resolve("status.json");
    }

    Path log() {
        return path.resolve("log");
    }

    private Path runner() {
        return path.resolve("runner");
    }

    /** Takes the stream for this process; empty if another has it. Closing gives it back. */
    Optional<FileChannel> take() throws IOException {
        FileChannel channel = FileChannel.open(runner(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!tryLock(channel)) {
            channel.close();
            return Optional.empty();
        }
        channel.truncate(0);
        channel.write(StandardCharsets.UTF_8.encode(
                String.valueOf(ProcessHandle.current().pid())));
        return Optional.of(channel);
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldInThisProcess) {
            return false;
        }
    }

    /** The process that runs the stream. */
    Optional<ProcessHandle> running() throws IOException {
        if (Files.notExists(runner())) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(runner(), StandardOpenOption.WRITE)) {
            if (tryLock(channel)) {
                return Optional.empty();
            }
        }
        String pid = Files.readString(runner()).strip();
        return pid.matches("[0-9]{1,18}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
    }

    /** What the stream's process wrote last; empty if it never did. */
    Map<String, @Nullable Object> read() throws IOException {
        try {
            return new LinkedHashMap<>(JSON.std.mapFrom(Files.readString(status())));
        } catch (NoSuchFileException e) {
            return new LinkedHashMap<>();
        }
    }

    /** The same in another state. */
    void note(String state, @Nullable String reason, @Nullable String help) throws IOException {
        Map<String, @Nullable Object> status = read();
        status.put("state", state);
        status.put("reason", reason);
        status.put("help", help);
        Path next = path.resolve("status.json.next");
        Files.writeString(
                next, JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(status));
        Files.move(next, status(), StandardCopyOption.ATOMIC_MOVE);
    }
}
