package dev.tarn.it.stream;

import dev.tarn.provision.FetchListener;
import dev.tarn.provision.MavenArtifacts;
import dev.tarn.provision.Provisioner;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A stream's process. */
final class StreamRun implements AutoCloseable {

    private static final List<String> OURS = List.of(
            "/cdc/",
            "tarn-cdc",
            "/lake/",
            "tarn-lake",
            "/fs/",
            "tarn-fs",
            "duckdb_jdbc",
            "jackson-jr",
            "slf4j-api",
            "jspecify");

    private final Process process;
    private final Path log;

    private StreamRun(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * @param settings lines of {@code key=value}
     * @param halt where to end as a crash would; empty for nowhere
     */
    static StreamRun start(Path scratch, String settings, String halt) throws Exception {
        Path log = Files.createTempFile(scratch, "stream", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + Files.createDirectories(scratch.resolve("tmp")),
                        "-cp",
                        classPath(),
                        "dev.tarn.cdc.process.StreamProcess")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("TARN_STREAM_HALT", halt);
        Process process = builder.start();
        try (var out = process.getOutputStream()) {
            out.write((settings + "\n\n").getBytes(StandardCharsets.UTF_8));
        }
        return new StreamRun(process, log);
    }

    private static String classPath() throws Exception {
        Path debezium = new Provisioner(
                        Provisioner.userCache(System.getenv()),
                        Provisioner.isOffline(System.getenv()),
                        System.getenv(),
                        FetchListener.NONE)
                .get(new MavenArtifacts(
                        "Debezium",
                        List.of(
                                "io.debezium:debezium-embedded:3.5.0.Final",
                                "io.debezium:debezium-connector-postgres:3.5.0.Final"),
                        List.of("org.slf4j:slf4j-api")));
        Stream<String> ours = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> OURS.stream().anyMatch(entry::contains));
        return Stream.concat(ours, MavenArtifacts.jars(debezium).stream().map(Path::toString))
                .collect(Collectors.joining(File.pathSeparator));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code; a process that takes longer is an error. */
    int await(long seconds) throws IOException, InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("the stream still runs after " + seconds + " s:\n" + log());
        }
        return process.exitValue();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void terminate() {
        process.destroy();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
