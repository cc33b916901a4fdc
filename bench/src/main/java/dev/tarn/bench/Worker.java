package dev.tarn.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A process that does work on command: a line of words separated by tabs in, a line {@code done seconds answer} out. A
 * process of its own gives each engine its own memory, which is measured too.
 */
final class Worker implements AutoCloseable {

    /** Work by its words; gives an answer in one line. */
    @FunctionalInterface
    interface Work {
        String run(List<String> command) throws Exception;
    }

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private Worker(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The command of a JVM in which Spark could run. */
    static List<String> java(String memory, String classPath, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", memory));
        for (String opened : List.of(
                "java.lang",
                "java.lang.invoke",
                "java.lang.reflect",
                "java.io",
                "java.net",
                "java.nio",
                "java.util",
                "java.util.concurrent",
                "java.util.concurrent.atomic",
                "sun.nio.ch",
                "sun.nio.cs",
                "sun.security.action",
                "sun.util.calendar")) {
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    static Worker start(List<String> command) throws IOException {
        return new Worker(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The other side: does each command until standard input ends. */
    static void serve(Work work) throws Exception {
        PrintStream out = System.out;
        // Whatever the engine prints must not be taken for an answer.
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            long start = System.nanoTime();
            String answer = work.run(List.of(line.split("\t", -1)));
            out.printf(Locale.ROOT, "done\t%.6f\t%s%n", (System.nanoTime() - start) / 1e9, answer);
            out.flush();
        }
    }

    /** Seconds that a command took. */
    double run(String... command) throws IOException {
        commands.write(String.join("\t", command) + "\n");
        commands.flush();
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith("done\t")) {
                return Double.parseDouble(List.of(line.split("\t", -1)).get(1));
            }
        }
        throw new IllegalStateException("the process ended at " + String.join(" ", command));
    }

    /** Processor seconds of all threads since the process began; only Linux tells. */
    double cpuSeconds() throws IOException {
        String text = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        // After the name in parentheses, which may have spaces: user and system time are the 12th and 13th (proc(5)).
        List<String> fields = List.of(text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / 100.0;
    }

    /** The most memory that the process ever had, in megabytes; only Linux tells. */
    long peakMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        commands.close();
        process.onExit()
                .completeOnTimeout(process, 20, java.util.concurrent.TimeUnit.SECONDS)
                .join();
        process.destroyForcibly().onExit().join();
    }
}
