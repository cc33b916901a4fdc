package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.it.delta.Spark35Jars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong around Spark is said soon and in words that help; nothing hangs, nothing is written. */
class SparkTroubleIT {
    /** Of which most is the start of a JVM on a machine with much to do. */
    private static final Duration SOON = Duration.ofSeconds(100);

    private static final Path APPLICATION = Flights.home().resolve("engine-spark/target/tarn-spark-app.jar");

    @TempDir
    Path scratch;

    private Path project;

    @BeforeEach
    void writeProject() throws IOException {
        project = Files.createDirectory(scratch.resolve("project"));
        write("");
        Files.writeString(project.resolve("raw.csv"), "id\n1\n");
    }

    private void write(String more) throws IOException {
        Files.writeString(project.resolve("tarn.yaml"), """
                project: trouble
                dialect: common
                connections:
                  in: {type: local, base_path: .}
                pipelines:
                  - pipeline: p
                    nodes:
                      - name: raw
                        read: {connection: in, format: csv, path: raw.csv, options: {header: true}}
                        write: {connection: in, format: delta, table: raw}
                """ + more);
    }

    private void assertSaid(TarnProcess started, String... texts) throws IOException, InterruptedException {
        try (TarnProcess process = started) {
            TarnProcess.Outcome outcome = process.await(SOON);
            assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(2);
            assertThat(outcome.err()).contains(texts).doesNotContain("\tat ");
        }
        assertThat(project.resolve("raw")).doesNotExist();
    }

    @Test
    void aMasterThatDoesNotAnswer() throws Exception {
        assertSaid(
                TarnProcess.startWithSpark(
                        scratch, "run", project.toString(), "--engine", "spark", "--master", "spark://127.0.0.1:1"),
                "no Spark master answers at 'spark://127.0.0.1:1'",
                "help: start it ('tarn up spark'");
    }

    @Test
    void aVersionWithoutAnEngine() throws Exception {
        write("spark: {version: \"3.0\"}\n");

        assertSaid(
                TarnProcess.start(scratch, Map.of(), "run", project.toString(), "--engine", "spark"),
                "there is no engine for Spark '3.0'");
    }

    @Test
    void aJavaWithoutTheOptionsThatSparkNeeds() throws Exception {
        assertSaid(
                TarnProcess.start(scratch, Map.of(), "run", project.toString(), "--engine", "spark"),
                "this Java was started without an option that Spark needs: --add-opens=java.base/",
                "help: start it by 'tarn run' or spark-submit");
    }

    @Test
    void anotherSparkThanTheApplicationIsFor() throws Exception {
        assertThat(submit(APPLICATION, "run", project.toString()))
                .contains("this is Tarn's engine for Spark 4.1, and here is Spark 3.5.7")
                .doesNotContain("NoSuchMethodError", "NoClassDefFoundError");
        assertThat(project.resolve("raw")).doesNotExist();
    }

    @Test
    void anApplicationThatWasNotCopiedWhole() throws Exception {
        byte[] whole = Files.readAllBytes(APPLICATION);
        Path broken =
                Files.write(scratch.resolve("tarn-spark-app.jar"), java.util.Arrays.copyOf(whole, whole.length / 2));

        assertThat(submit(broken, "run", project.toString()))
                .contains("Failed to load class dev.tarn.engine.spark.app.SparkApplication");
    }

    /** What spark-submit of Spark 3.5 says when it fails. */
    private String submit(Path application, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx700m"));
        command.addAll(List.of(System.getProperty("tarn.spark.jvm.args").strip().split("\\s+")));
        command.addAll(List.of("-cp", Spark35Jars.classPath(), "org.apache.spark.deploy.SparkSubmit"));
        command.addAll(List.of("--master", "local[1]", application.toString()));
        command.addAll(List.of(arguments));
        Path log = scratch.resolve("submit.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isNotZero();
            return Files.readString(log);
        } finally {
            process.destroyForcibly();
        }
    }
}
