package dev.tarn.services;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server's process and those that it started. */
final class ProcessTree {

    private ProcessTree() {}

    /** All of them that run now. */
    static List<ProcessId> of(ProcessId root) {
        return root.handle().stream()
                .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
                .flatMap(handle -> ProcessId.of(handle).stream())
                .toList();
    }

    /**
     * Bytes of memory that they use: their own and their share of what they share, so that the many processes of a
     * PostgreSQL are not counted several times.
     */
    static long memory(List<ProcessId> processes) {
        return processes.stream().mapToLong(process -> memory(process.pid())).sum();
    }

    private static long memory(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps_rollup"))) {
                if (line.startsWith("Pss:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
            return 0;
        } catch (IOException notReadable) {
            return residentMemory(pid);
        }
    }

    private static long residentMemory(long pid) {
        try {
            String[] pages = Files.readString(Path.of("/proc", String.valueOf(pid), "statm"))
                    .split(" ", -1);
            return Long.parseLong(pages[1]) * 4096;
        } catch (IOException | NumberFormatException gone) {
            return 0;
        }
    }

    /** The processes of this system that were started with a variable of the environment; Linux only. */
    static List<ProcessId> withVariable(String name, String valuePrefix) {
        List<ProcessId> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (hasVariable(process, name + "=" + valuePrefix)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .flatMap(ProcessId::of)
                            .ifPresent(found::add);
                }
            }
        } catch (IOException noProc) {
            return List.of();
        }
        return found;
    }

    /** The value of a variable that a process was started with; empty if it cannot be read. */
    static String variable(long pid, String name) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), "environ"));
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .flatMap(text -> Stream.of(text.split("\0", -1)))
                    .filter(text -> text.startsWith(name + "="))
                    .map(text -> text.substring(name.length() + 1))
                    .findFirst()
                    .orElse("");
        } catch (IOException gone) {
            return "";
        }
    }

    private static boolean hasVariable(Path process, String start) {
        try {
            String environment =
                    new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
            String wanted = new String(start.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            return environment.startsWith(wanted) || environment.contains("\0" + wanted);
        } catch (IOException anothersOrGone) {
            return false;
        }
    }

    static void kill(List<ProcessId> processes) {
        processes.forEach(process -> process.handle().ifPresent(ProcessHandle::destroyForcibly));
    }
}
