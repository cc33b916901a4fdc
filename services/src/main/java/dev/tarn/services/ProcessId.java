package dev.tarn.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that cannot be taken for another one that later got the same number.
 *
 * @param start when it started, in the system's own unit; compared only
 */
record ProcessId(long pid, String start) {

    static Optional<ProcessId> of(ProcessHandle handle) {
        return start(handle.pid()).map(start -> new ProcessId(handle.pid(), start));
    }

    static Optional<ProcessId> parse(String text) {
        String[] parts = text.split(" ", 2);
        return parts.length == 2 && parts[0].matches("[0-9]{1,10}")
                ? Optional.of(new ProcessId(Long.parseLong(parts[0]), parts[1]))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return pid + " " + start;
    }

    /** The process, if it still runs. */
    Optional<ProcessHandle> handle() {
        return start(pid).filter(start::equals).isPresent() ? ProcessHandle.of(pid) : Optional.empty();
    }

    boolean isRunning() {
        return handle().isPresent();
    }

    /** Whether it has ended but its number is still taken, because its parent has not asked how it ended. */
    boolean isZombie() {
        return start(pid).isEmpty() && Files.exists(Path.of("/proc", String.valueOf(pid)));
    }

    /**
     * The start time of a living process. On Linux it is read from the kernel: Java's instant depends on the wall clock,
     * and a process that nobody waits for (a zombie, where a container's first process reaps none) counts as alive there.
     */
    private static Optional<String> start(long pid) {
        Path stat = Path.of("/proc", String.valueOf(pid), "stat");
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .map(h -> h.info().startInstant().map(Object::toString).orElse("?"));
        }
        try {
            String text = Files.readString(stat);
            // The second field, the name in parentheses, may hold anything.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return fields[0].matches("[ZXx]") ? Optional.empty() : Optional.of(fields[19]);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
