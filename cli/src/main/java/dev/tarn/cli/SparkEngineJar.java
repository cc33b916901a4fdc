package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the jar of the Spark engine, which is beside the others and not among them. A checkout has none before it is needed:
 * to compile it takes Spark, and most people here run on DuckDB.
 */
final class SparkEngineJar {

    private final Console console;
    private final Map<String, String> environment;

    SparkEngineJar(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = environment;
    }

    /** @param version of Spark, such as {@code 4.1} */
    Path find(String version) throws IOException, InterruptedException {
        Path folder = libraries().resolve("spark-" + version);
        Optional<Path> there = jar(folder);
        return there.isPresent() ? there.get() : build(folder);
    }

    private static Path libraries() throws IOException {
        try {
            Path jar = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IOException("it is not known where Tarn is: " + e.getMessage(), e);
        }
    }

    private static Optional<Path> jar(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> file.getFileName().toString().matches("tarn-engine-spark-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst();
        }
    }

    private Path build(Path folder) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("tarn.home", ""));
        if (!Files.exists(home.resolve("engine-spark/pom.xml"))) {
            throw new IOException("this Tarn has no engine for it: " + folder + " is not there");
        }
        Path builds = Files.createDirectories(home.resolve("target/launch"));
        try (FileChannel channel = FileChannel.open(
                        builds.resolve("spark.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            Optional<Path> meanwhile = jar(folder);
            return meanwhile.isPresent() && lock.isValid() ? meanwhile.get() : compile(home, builds, folder);
        }
    }

    private Path compile(Path home, Path builds, Path folder) throws IOException, InterruptedException {
        console.err().println("Building Tarn's engine for Spark (once) …");
        Path log = builds.resolve("build-spark.log");
        ProcessBuilder maven = new ProcessBuilder(List.of(
                        environment.getOrDefault("MVN", "mvn"),
                        "-q",
                        "-B",
                        "-Dtarn.quick",
                        "-Dmaven.test.skip",
                        "-pl",
                        "engine-spark",
                        "-am",
                        "package"))
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        if (maven.start().waitFor() != 0) {
            throw new IOException("the build of its engine failed; see " + log);
        }
        Path made = jar(home.resolve("engine-spark/target"))
                .orElseThrow(() -> new IOException("the build of its engine made no jar; see " + log));
        Files.createDirectories(folder);
        Path temporary =
                Files.copy(made, folder.resolve(made.getFileName() + ".part"), StandardCopyOption.REPLACE_EXISTING);
        return Files.move(temporary, folder.resolve(made.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
    }
}
