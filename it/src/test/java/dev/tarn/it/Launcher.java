package dev.tarn.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the launcher script as a process of its own, in an environment that holds only what a test says. */
final class Launcher implements AutoCloseable {
    private static final long SECONDS_ALLOWED = 120;

    private final Path script;
    private final Path logs;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Process> processes = new ArrayList<>();

    /** What a start left: its exit code and both outputs. */
    record Ended(int code, String out, String err) {}

    /** A start that goes on. */
    record Started(Process process, Path out, Path err) {
        Ended await() throws IOException, InterruptedException {
            if (!process.waitFor(SECONDS_ALLOWED, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after %d s; stdout: %s; stderr: %s"
                        .formatted(SECONDS_ALLOWED, Files.readString(out), Files.readString(err)));
            }
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }

    Launcher(Path script, Path cache, Path logs) {
        this.script = script;
        this.logs = logs;
        environment.put("PATH", System.getenv("PATH"));
        environment.put("TARN_JAVA_HOME", System.getProperty("java.home"));
        environment.put("TARN_CACHE_DIR", cache.toString());
    }

    Launcher with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Launcher without(String variable) {
        environment.remove(variable);
        return this;
    }

    Started start(String... arguments) throws IOException {
        Path out = Files.createTempFile(logs, "out", ".txt");
        Path err = Files.createTempFile(logs, "err", ".txt");
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(logs.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return new Started(process, out, err);
    }

    Ended run(String... arguments) throws IOException, InterruptedException {
        return start(arguments).await();
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
