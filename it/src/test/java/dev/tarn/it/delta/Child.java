package dev.tarn.it.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with this one's class path; {@link #close} ends it whatever happens. */
final class Child implements AutoCloseable {
    private final Process process;
    private final Path out;

    private Child(Process process, Path out) {
        this.process = process;
        this.out = out;
    }

    /** The command that starts a class with a main method. */
    static List<String> command(List<String> jvmOptions, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    static Child start(List<String> command) throws IOException {
        Path out = Files.createTempFile("tarn-child", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        return new Child(process, out);
    }

    Process process() {
        return process;
    }

    String output() throws IOException {
        return Files.readString(out);
    }

    /** Waits for the end; an exit code other than 0 or a process that takes too long fails the test. */
    String await(long seconds) throws IOException, InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + seconds + " s:\n" + output());
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("exit code " + process.exitValue() + ":\n" + output());
        }
        return output();
    }

    /** Waits until it has printed a word at the start of a line. */
    void awaitWord(String word, long seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (output().lines().noneMatch(line -> line.startsWith(word))) {
            if (System.nanoTime() > deadline || process.waitFor(1, TimeUnit.MILLISECONDS)) {
                if (output().lines().anyMatch(line -> line.startsWith(word))) {
                    return;
                }
                throw new AssertionError("no '" + word + "' of the process:\n" + output());
            }
        }
    }

    /** {@code kill -9} after a time; tells whether it was still running. */
    boolean killAfter(long nanos) throws InterruptedException {
        boolean ended = process.waitFor(nanos, TimeUnit.NANOSECONDS);
        process.destroyForcibly().waitFor();
        return !ended;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(out);
    }
}
