package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.Main;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example on a real cluster of Spark, whose servers are killed. */
class SparkClusterIT {
    /** What executors compile would cost more than what they do. */
    private static final String CLUSTER = """

            services:
              spark: {workers: 2, worker_memory: 600m}
            performance:
              spark_config:
                spark.executor.memory: 512m
                spark.executor.extraJavaOptions: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
                spark.sql.codegen.wholeStage: "false"
                spark.sql.codegen.factoryMode: NO_CODEGEN
            """;

    private static final Path APPLICATION = Flights.home().resolve("engine-spark/target/tarn-spark-app.jar");

    @TempDir
    Path scratch;

    @Test
    void theExamplesTablesAreRightAlsoWhenAWorkerAndTheMasterAreKilled() throws Exception {
        Map<String, String> expected = tablesOfDuckDb();
        Path folder = scratch.resolve("cluster");
        try (LocalStack stack = new LocalStack(scratch, "cluster")) {
            Flights flights = Flights.copyTo(folder);
            Files.writeString(folder.resolve("tarn.yaml"), CLUSTER, StandardOpenOption.APPEND);
            stack.succeed("up");
            awaitTwoWorkers(stack);

            submitAndKillAWorkerMeanwhile(stack, flights);
            assertThat(flights.contents()).isEqualTo(expected);

            long master = stack.pid("spark");
            LocalStack.kill(master);
            stack.awaitAnother("spark", master);
            awaitTwoWorkers(stack);
            assertThat(run(stack, "--select", "gold.delays_by_day").exitCode()).isZero();
            assertThat(flights.contents()).isEqualTo(expected);
        }
    }

    private Map<String, String> tablesOfDuckDb() throws Exception {
        Flights flights = Flights.copyTo(Files.createDirectory(scratch.resolve("duckdb")));
        assertThat(Main.run(System.out, System.err, "run", flights.folder.toString()))
                .isZero();
        return flights.contents();
    }

    private static void submitAndKillAWorkerMeanwhile(LocalStack stack, Flights flights) throws Exception {
        long worker = stack.pid("spark-worker-1");
        Path log = stack.folder.resolve("submit.log");
        Process submitted = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec env " + stack.text("spark", "client") + " '" + APPLICATION + "' run '" + flights.folder
                                + "'")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Path begun = flights.table("bronze/flights").resolve("_delta_log/00000000000000000000.json");
            await(() -> Files.exists(begun) || !submitted.isAlive());
            LocalStack.kill(worker);
            assertThat(flights.table("gold/routes_by_state"))
                    .as(Files.readString(log))
                    .doesNotExist();

            assertThat(submitted.waitFor(LocalStack.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(submitted.exitValue()).as(Files.readString(log)).isZero();
            assertThat(Files.readString(log)).contains("8 ok, 0 failed");
            stack.awaitAnother("spark-worker-1", worker);
        } finally {
            submitted.destroyForcibly();
        }
    }

    private TarnProcess.Outcome run(LocalStack stack, String... more) throws Exception {
        String[] arguments = {
            "run", stack.folder.toString(), "--engine", "spark", "--master", stack.text("spark", "endpoint")
        };
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        try (TarnProcess process = TarnProcess.startWithSpark(scratch, all)) {
            TarnProcess.Outcome outcome = process.await(LocalStack.LIMIT);
            assertThat(outcome.err()).as(outcome.toString()).doesNotContain("\tat ");
            return outcome;
        }
    }

    private static void awaitTwoWorkers(LocalStack stack) throws Exception {
        String master = stack.text("spark", "web") + "/json/";
        await(() -> get(master).contains("\"aliveworkers\" : 2"));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LocalStack.LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static String get(String url) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
