package dev.tarn.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tarn in a process of its own, with this JVM's class path; ended by {@link #close} whatever happens. */
final class TarnProcess implements AutoCloseable {

    /** How a process ended and what it printed. */
    record Outcome(int exitCode, String out, String err) {}

    private final Process process;
    private final Path out;
    private final Path err;

    private TarnProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static TarnProcess start(Path scratch, Map<String, String> environment, String... args) throws IOException {
        return start(scratch, List.of(), environment, args);
    }

    /** With what Spark needs of a JVM; its jars are on this class path. */
    static TarnProcess startWithSpark(Path scratch, String... args) throws IOException {
        String options = System.getProperty("tarn.spark.jvm.args").strip() + " -Dtarn.spark=true";
        return start(scratch, Map.of("JAVA_TOOL_OPTIONS", options), args);
    }

    /**
     * With something before the command.
     *
     * @param prefix such as a program that changes the user
     */
    static TarnProcess start(Path scratch, List<String> prefix, Map<String, String> environment, String... args)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tarn.cli.Main"));
        command.addAll(List.of(args));
        Path out = Files.createTempFile(scratch, "out", ".txt");
        Path err = Files.createTempFile(scratch, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new TarnProcess(builder.start(), out, err);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /** Waits for the end; a process that takes longer fails the test. */
    Outcome await(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + limit + ":\n" + err());
        }
        return new Outcome(process.exitValue(), Files.readString(out), err());
    }

    /** {@code kill -9} after a time, unless it ends before; tells whether it was killed. */
    boolean killAfter(Duration time) throws InterruptedException {
        boolean ended = process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        process.destroyForcibly().waitFor();
        return !ended;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
