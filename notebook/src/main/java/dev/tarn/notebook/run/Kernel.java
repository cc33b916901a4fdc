package dev.tarn.notebook.run;

import dev.tarn.core.source.SourceFile;
import dev.tarn.notebook.json.JsonException;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.json.JsonParser;
import dev.tarn.notebook.json.JsonWriter;
import dev.tarn.notebook.platform.PlatformException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of Python that runs the cells. What it tells comes on its standard output, a line of JSON a message. */
final class Kernel implements AutoCloseable {

    private final Process process;
    private final List<String> errors = new ArrayList<>();
    private final ScheduledExecutorService clock;

    /** Answers the kernel's calls. */
    @FunctionalInterface
    interface Calls {
        @Nullable
        Object answer(String name, JsonNode arguments) throws PlatformException, InterruptedException;
    }

    private Kernel(Process process) {
        this.process = process;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tarn-cell-timeout");
            thread.setDaemon(true);
            return thread;
        });
    }

    static Kernel start(Path python, Map<String, String> environment, Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(python.toString(), "-m", "tarn_kernel");
        builder.directory(folder.toFile());
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(environment);
        variables.put("PYTHONPATH", PythonHome.modules());
        variables.put("PYTHONDONTWRITEBYTECODE", "1");
        variables.put("PYTHONIOENCODING", "utf-8");
        variables.put("PYSPARK_PYTHON", python.toString());
        variables.remove("PYTHONSTARTUP");
        variables.remove("SPARK_HOME");
        return new Kernel(builder.start());
    }

    NotebookResult run(Map<String, Object> setup, RunEvents events, Calls calls, Duration cellTimeout)
            throws IOException, InterruptedException {
        Thread reader = new Thread(() -> readErrors(events), "tarn-kernel-stderr");
        reader.setDaemon(true);
        reader.start();
        ScheduledFuture<?> timeout = null;
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            send(setup);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode event = JsonParser.parse(new SourceFile("kernel", line));
                switch (event.string("event").orElse("")) {
                    case "cell" -> {
                        boolean timed =
                                event.at("timeout").map(JsonNode::isTrue).orElse(false);
                        if (timed && !cellTimeout.isZero()) {
                            timeout = clock.schedule(this::interrupt, cellTimeout.toMillis(), TimeUnit.MILLISECONDS);
                        }
                        locked(events, () -> events.started(event));
                    }
                    case "stream" ->
                        locked(
                                events,
                                () -> events.printed(
                                        event.string("name").orElse("stdout"),
                                        event.string("text").orElse("")));
                    case "display", "result" -> locked(events, () -> events.shown(event));
                    case "notice" ->
                        locked(events, () -> events.notice(event.string("text").orElse("")));
                    case "done" -> {
                        if (timeout != null && RunEvents.depth(event) == 0) {
                            timeout.cancel(false);
                        }
                        locked(events, () -> events.finished(event));
                    }
                    case "call" -> send(answer(event, calls));
                    case "end" -> {
                        process.waitFor(15, TimeUnit.SECONDS);
                        reader.join(2000);
                        return events.ended(event);
                    }
                    default -> throw new IllegalStateException("the kernel said " + line);
                }
            }
        } catch (JsonException e) {
            throw new IllegalStateException("the kernel said what is no JSON", e);
        }
        reader.join(2000);
        process.waitFor(5, TimeUnit.SECONDS);
        synchronized (errors) {
            String tail = String.join("\n", errors.subList(Math.max(0, errors.size() - 8), errors.size()));
            return events.lost("Python ended in the middle of the run"
                    + (process.isAlive() ? "" : " (exit code " + process.exitValue() + ")")
                    + (tail.isEmpty() ? "" : ":\n" + tail));
        }
    }

    private static void locked(RunEvents events, Runnable action) {
        synchronized (events) {
            action.run();
        }
    }

    /** What programs print that the notebook starts, and Python itself in its last moments. */
    private void readErrors(RunEvents events) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (errors) {
                    errors.add(line);
                }
                String text = line + "\n";
                locked(events, () -> events.printed("stderr", text));
            }
        } catch (IOException e) {
            // The process is gone, and with it the stream.
        }
    }

    private static Map<String, Object> answer(JsonNode event, Calls calls) throws InterruptedException {
        try {
            JsonNode arguments = event.at("arguments").orElse(event);
            Object value = calls.answer(event.string("call").orElse(""), arguments);
            return value == null ? Map.of() : Map.of("value", value);
        } catch (PlatformException e) {
            return Map.of("error", Map.of("type", e.kind().word(), "message", String.valueOf(e.getMessage())));
        }
    }

    private void send(Map<String, Object> message) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((JsonWriter.line(message) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Lets Python raise KeyboardInterrupt in the cell that is at work, as Ctrl-C does. */
    void interrupt() {
        if (process.isAlive()) {
            try {
                new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                        .start()
                        .waitFor();
            } catch (IOException e) {
                process.destroy();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
