package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The services of a folder, used as a person would: by commands in processes of their own. Closing removes them all. */
final class LocalStack implements AutoCloseable {

    static final Duration LIMIT = Duration.ofMinutes(4);

    final Path folder;
    private final Path scratch;
    private final List<String> prefix;
    private final Map<String, String> environment = new HashMap<>();

    LocalStack(Path scratch, String name) throws IOException {
        this(scratch, name, List.of());
    }

    /**
     * @param prefix what is put before each command, such as one that changes the user
     */
    LocalStack(Path scratch, String name, List<String> prefix) throws IOException {
        this.scratch = scratch;
        this.folder = Files.createDirectories(scratch.resolve(name));
        this.prefix = prefix;
    }

    LocalStack with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    void project(String yaml) throws IOException {
        Files.writeString(folder.resolve("tarn.yaml"), yaml);
    }

    TarnProcess start(String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("-p", folder.toString()));
        return TarnProcess.start(scratch, prefix, environment, all.toArray(String[]::new));
    }

    TarnProcess.Outcome run(String... args) throws IOException, InterruptedException {
        try (TarnProcess process = start(args)) {
            return process.await(LIMIT);
        }
    }

    TarnProcess.Outcome succeed(String... args) throws IOException, InterruptedException {
        TarnProcess.Outcome outcome = run(args);
        assertThat(outcome.exitCode())
                .as("%s: %s", String.join(" ", args), outcome)
                .isZero();
        return outcome;
    }

    /** What {@code tarn status -o json} says of each server, by name. */
    @SuppressWarnings("unchecked")
    Map<String, Map<String, Object>> status() throws IOException, InterruptedException {
        Map<String, Object> json = JSON.std.mapFrom(statusText());
        Map<String, Map<String, Object>> servers = new HashMap<>();
        for (Object each : Objects.requireNonNull((List<Object>) json.get("services"))) {
            Map<String, Object> server = (Map<String, Object>) each;
            servers.put(String.valueOf(server.get("name")), server);
        }
        return servers;
    }

    /** Asked inside this process, because tests ask often; by a process of its own where the folder is seen only by that. */
    private String statusText() throws IOException, InterruptedException {
        if (Files.notExists(folder.resolve(".tarn"))) {
            return run("status", "-o", "json").out();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                "status",
                "-o",
                "json",
                "-p",
                folder.toString());
        assertThat(out.size()).as(err.toString(StandardCharsets.UTF_8)).isPositive();
        return out.toString(StandardCharsets.UTF_8);
    }

    String text(String server, String key) throws IOException, InterruptedException {
        return String.valueOf(Objects.requireNonNull(status().get(server)).get(key));
    }

    long number(String server, String key) throws IOException, InterruptedException {
        return Long.parseLong(text(server, key));
    }

    long pid(String server) throws IOException, InterruptedException {
        return number(server, "pid");
    }

    /** Waits until a server is in one of the states. */
    String await(String server, String... states) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            last = text(server, "state");
            if (List.of(states).contains(last)) {
                return last;
            }
            pause();
        }
        throw new AssertionError(server + " is " + last + " and not " + String.join(" or ", states));
    }

    /** Waits until a server is well again, as another process. */
    void awaitAnother(String server, long before) throws IOException, InterruptedException {
        awaitAllOthers(Map.of(server, before));
    }

    /** What is waited for needs the processors more than who waits. */
    static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(50);
    }

    /** The processes of all servers that run. */
    Map<String, Long> pids() throws IOException, InterruptedException {
        Map<String, Long> pids = new HashMap<>();
        status().forEach((name, server) -> {
            if (server.get("pid") instanceof Number pid) {
                pids.put(name, pid.longValue());
            }
        });
        return pids;
    }

    /** Waits until these servers are well again, as other processes. */
    Map<String, Long> awaitAllOthers(Map<String, Long> before) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Map<String, Map<String, Object>> last = Map.of();
        while (System.nanoTime() < deadline) {
            last = status();
            Map<String, Long> now = new HashMap<>();
            last.forEach((name, server) -> {
                if (before.containsKey(name)
                        && "healthy".equals(server.get("state"))
                        && server.get("pid") instanceof Number pid
                        && !Long.valueOf(pid.longValue()).equals(before.get(name))) {
                    now.put(name, pid.longValue());
                }
            });
            if (now.keySet().equals(before.keySet())) {
                return now;
            }
            pause();
        }
        throw new AssertionError("not all came back: " + last);
    }

    /** {@code kill -9}; returns when the process is gone. */
    void kill(String server) throws IOException, InterruptedException {
        kill(pid(server));
    }

    static void kill(long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-9", String.valueOf(pid)).start().waitFor();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!commandLine(pid).isEmpty() && System.nanoTime() < deadline) {
            pause();
        }
    }

    /** Runs a line of shell and returns what it prints. */
    static String shell(String line) throws IOException, InterruptedException {
        return shell(line, "");
    }

    static String shell(String line, Path directory) throws IOException, InterruptedException {
        return shell("cd '" + directory + "' && " + line, "");
    }

    static String shell(String line, String input) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("sh", "-c", line).redirectErrorStream(true).start();
        try {
            try (var out = process.outputWriter()) {
                out.write(input);
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s%n%s", line, printed).isZero();
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The processes whose command line names this stack's folder. */
    List<String> processes() {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> commandLine(process.pid()).stream())
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }

    /** The supervisor gives the stack back just before it ends. */
    void assertNoProcessIsLeft() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!processes().isEmpty() && System.nanoTime() < deadline) {
            pause();
        }
        assertThat(processes()).isEmpty();
    }

    long supervisor() {
        return ProcessHandle.allProcesses()
                .filter(process ->
                        commandLine(process.pid()).stream().anyMatch(line -> line.contains("supervise " + folder)))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private static List<String> commandLine(long pid) {
        try {
            String text = Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline"));
            return text.isEmpty() ? List.of() : List.of(text.replace('\0', ' '));
        } catch (IOException gone) {
            return List.of();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            TarnProcess.Outcome outcome = run("down", "-v");
            assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
            assertNoProcessIsLeft();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(folder.resolve(".tarn/services")).doesNotExist();
    }
}
