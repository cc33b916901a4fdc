package dev.tarn.cli;

import dev.tarn.cli.render.StreamText;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.run.Cancellation;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a stream going: what may go away by itself, such as a server that restarts, is tried again after a pause that
 * grows; what somebody must do something about ends it.
 */
final class StreamRunner {

    /** The exit code of a stream's process that somebody must do something about. */
    private static final int STOPPED = 1;

    private static final int MOST_TRIES = 10;
    private static final long[] PAUSES = {1, 2, 4, 8, 15, 30};
    private static final long WELL_SECONDS = 60;
    private static final long GRACE_SECONDS = 20;

    private final String name;
    private final StreamProcess process;
    private final StreamFolder folder;
    private final StreamText text;
    private final Cancellation interrupt;
    private final AtomicReference<@Nullable Process> current = new AtomicReference<>();

    StreamRunner(String name, StreamProcess process, StreamFolder folder, StreamText text, Cancellation interrupt) {
        this.name = name;
        this.process = process;
        this.folder = folder;
        this.text = text;
        this.interrupt = interrupt;
    }

    /** Until it is stopped, which is fine, or cannot go on. */
    int run(Path debezium, boolean resync) throws IOException, InterruptedException {
        Optional<FileChannel> taken = folder.take();
        if (taken.isEmpty()) {
            throw new UsageException(
                    "stream '" + name + "' runs already"
                            + folder.running()
                                    .map(p -> ", in process " + p.pid())
                                    .orElse(""),
                    "'tarn stream stop " + name + "' ends that one");
        }
        try (FileChannel held = taken.get()) {
            interrupt.onRequest(() -> Optional.ofNullable(current.get()).ifPresent(Process::destroy));
            folder.note("starting", null, null);
            return held.isOpen() ? keep(debezium, resync) : ExitCode.FAILED;
        }
    }

    private int keep(Path debezium, boolean resync) throws IOException, InterruptedException {
        boolean again = resync;
        int failures = 0;
        while (true) {
            long start = System.nanoTime();
            String why = once(debezium, again);
            if (interrupt.isRequested()) {
                folder.note("stopped", null, null);
                return ExitCode.OK;
            }
            if (why.isEmpty()) {
                return ExitCode.FAILED;
            }
            again &= !"following".equals(folder.read().get("state"));
            failures = System.nanoTime() - start > TimeUnit.SECONDS.toNanos(WELL_SECONDS) ? 1 : failures + 1;
            if (failures == MOST_TRIES) {
                String message = "stream '" + name + "' failed " + MOST_TRIES + " times in a row: " + why;
                String help = "when that is mended, 'tarn stream start " + name + "' goes on where it was";
                folder.note("failed", message, help);
                text.failed(message, help);
                return ExitCode.FAILED;
            }
            long pause = PAUSES[Math.min(failures, PAUSES.length) - 1];
            folder.note("restarting", why, null);
            text.line("stream '" + name + "' begins again in " + pause + " s: " + why);
            interrupt.await(Duration.ofSeconds(pause));
        }
    }

    /** Why it ended; empty if it said so itself and will not go on. */
    private String once(Path debezium, boolean resync) throws IOException, InterruptedException {
        Process started;
        try {
            started = process.start(debezium, resync);
        } catch (ConnectionException e) {
            if (e.isPassing()) {
                return String.valueOf(e.getMessage());
            }
            folder.note("failed", String.valueOf(e.getMessage()), e.help());
            text.failed(String.valueOf(e.getMessage()), e.help());
            return "";
        }
        current.set(started);
        if (interrupt.isRequested()) {
            started.destroy();
        }
        String last = "";
        try (BufferedReader out = started.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                text.line(line);
                last = line.startsWith("error: ") ? line.substring("error: ".length()) : last;
            }
        }
        if (!started.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
            started.destroyForcibly().waitFor();
        }
        current.set(null);
        if (started.exitValue() == STOPPED && isFailed(folder.read())) {
            return "";
        }
        return last.isEmpty() ? "its process ended with " + started.exitValue() : last;
    }

    private static boolean isFailed(Map<String, @Nullable Object> status) {
        return "failed".equals(status.get("state"));
    }
}
