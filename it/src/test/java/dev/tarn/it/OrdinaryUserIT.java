package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All services for somebody who is not root, used by their real clients and killed until they are given up; and what of secrets
 * can be seen from outside. One test, because starting all takes longest, and what is waited for here is waited for at one time.
 */
class OrdinaryUserIT {

    private static final String CANARY = "canary-of-the-process-environment.invalid";

    private static final List<String> SERVERS = List.of(
            "postgres", "mariadb", "kafka", "prometheus", "alertmanager", "azurite", "s3", "spark", "spark-worker-1");

    @TempDir
    private Path scratch;

    @Test
    void allServicesRunAndComeBackThreeTimesAndNoSecretIsSeen() throws Exception {
        List<String> ordinary =
                ProcessHandle.current().info().user().filter("root"::equals).isPresent()
                        ? List.of("unshare", "-U", "--map-user=65534", "--map-group=65534")
                        : List.of();
        try (LocalStack stack = new LocalStack(scratch, "ordinary", ordinary)) {
            stack.with("ERP__HOST", CANARY);
            stack.project("""
                    project: ordinary
                    secrets: {erp: {provider: environment}}
                    logging: {level: debug}
                    connections:
                      erp: {type: postgres, host: "${secret:erp/host}", database: d, user: u}
                      pg: {type: postgres, service: postgres}
                    services: {postgres: , mariadb: , kafka: , prometheus: , alertmanager: , azurite: ,
                               s3: {buckets: [lake]}, spark: {worker_memory: 600m}}
                    pipelines:
                      - pipeline: p
                        nodes:
                          - {name: a, read: {connection: erp, format: sql, table: t}}
                          - {name: b, read: {connection: pg, format: sql, query: SELECT 1 AS one}}
                    """);

            stack.succeed("up");

            Map<String, Map<String, Object>> status = stack.status();
            assertThat(status.keySet()).containsExactlyInAnyOrderElementsOf(SERVERS);
            useAll(status);
            assertLimits(status);
            assertNothingSeenOfProcesses(stack, status);
            TarnProcess.Outcome run = stack.run("run", "--trace");
            assertThat(run.err()).contains("there is no host '***'").doesNotContain(CANARY);
            assertThat(run.out()).contains("1 ok", "1 failed").doesNotContain(CANARY);
            assertNoFileHolds(stack.folder, CANARY);

            killAllThreeTimes(stack);
            submit(stack);
            assertKilledOnceMoreAllAreGivenUp(stack);
            stack.succeed("up", "alertmanager", "postgres");
        }
    }

    private static void killAllThreeTimes(LocalStack stack) throws Exception {
        Map<String, Long> pids = stack.pids();
        assertThat(pids).hasSameSizeAs(SERVERS);
        for (int i = 0; i < 3; i++) {
            killAll(pids);
            pids = stack.awaitAllOthers(pids);
        }
        assertThat(stack.run("status").exitCode()).isZero();
        assertThat(LocalStack.shell(stack.text("postgres", "client") + " -At -c 'select 1'"))
                .isEqualToIgnoringNewLines("1");
        assertThat(LocalStack.shell(stack.text("mariadb", "client") + " -N -e 'select 1'"))
                .isEqualToIgnoringNewLines("1");
    }

    private static void killAll(Map<String, Long> pids) throws Exception {
        for (long pid : pids.values()) {
            LocalStack.kill(pid);
        }
    }

    /** On a cluster whose master and worker were killed: the worker must have found the new master. */
    private void submit(LocalStack stack) throws Exception {
        awaitWorker(stack.text("spark", "web") + "/json/");
        Path table = scratch.resolve("table");
        LocalStack.shell(stack.text("spark", "client") + " --class " + SubmittedApplication.class.getName() + " "
                + SubmittedApplication.jar(scratch) + " " + table);
        assertThat(DeltaTable.forPath(table).detail().toString()).contains("numFiles=4");
    }

    private static void awaitWorker(String master) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(master)).build();
        long deadline = System.nanoTime() + LocalStack.LIMIT.toNanos();
        String answer = "";
        while (!answer.contains("\"aliveworkers\" : 1") && System.nanoTime() < deadline) {
            LocalStack.pause();
            answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
        assertThat(answer).contains("\"aliveworkers\" : 1");
    }

    private static void assertKilledOnceMoreAllAreGivenUp(LocalStack stack) throws Exception {
        killAll(stack.pids());
        for (String server : SERVERS) {
            stack.await(server, "failed");
            assertThat(stack.text(server, "reason"))
                    .as(server)
                    .startsWith("it was ended by signal 9; it was started again 3 times. The last lines of its log:\n");
        }
        assertThat(stack.text("postgres", "reason")).contains("database system");
        assertThat(stack.run("status").exitCode()).isEqualTo(1);
    }

    private static long number(Map<String, Object> server, String key) {
        return ((Number) Objects.requireNonNull(server.get(key))).longValue();
    }

    private static String fact(Map<String, Map<String, Object>> status, String server, String key) {
        return String.valueOf(Objects.requireNonNull(status.get(server)).get(key));
    }

    private static void useAll(Map<String, Map<String, Object>> status) throws Exception {
        assertThat(LocalStack.shell(fact(status, "postgres", "client") + " -At -c 'select 1'"))
                .isEqualToIgnoringNewLines("1");
        assertThat(LocalStack.shell(fact(status, "mariadb", "client") + " -N -e 'select 2'"))
                .isEqualToIgnoringNewLines("2");
        LocalStack.shell(fact(status, "kafka", "produce") + " t", "a message\n");
        assertThat(LocalStack.shell(fact(status, "kafka", "consume") + " t --max-messages 1 --timeout-ms 30000"))
                .isEqualToIgnoringNewLines("a messageProcessed a total of 1 messages");
        LocalStack.shell(fact(status, "alertmanager", "client"));
        LocalStack.shell(fact(status, "prometheus", "client"));
        for (String server : List.of("azurite", "s3", "spark-worker-1")) {
            assertThat(status.get(server)).as(server).containsEntry("state", "healthy");
        }
    }

    /** The default set below 2 GB, all with Spark below 4 GB. */
    private static void assertLimits(Map<String, Map<String, Object>> status) {
        long all = 0;
        long defaults = 0;
        for (Map.Entry<String, Map<String, Object>> server : status.entrySet()) {
            long limit = number(server.getValue(), "memory_limit_bytes");
            assertThat(number(server.getValue(), "memory_bytes"))
                    .as(server.getKey())
                    .isBetween(1L, limit);
            all += limit;
            defaults += List.of("postgres", "mariadb", "kafka", "prometheus", "alertmanager")
                            .contains(server.getKey())
                    ? limit
                    : 0;
        }
        assertThat(defaults).isLessThan(2L << 30);
        assertThat(all).isLessThan(4L << 30);
    }

    /** Command lines can be read by everybody on the machine; a server is told no secrets but its own. */
    private static void assertNothingSeenOfProcesses(LocalStack stack, Map<String, Map<String, Object>> status)
            throws Exception {
        List<String> secrets = new ArrayList<>(List.of(CANARY));
        for (String server : List.of("postgres", "mariadb")) {
            Properties login = new Properties();
            try (var in = Files.newBufferedReader(Path.of(fact(status, server, "credentials")))) {
                login.load(in);
            }
            secrets.add(login.getProperty("password"));
        }
        assertThat(secrets).hasSize(3).allMatch(secret -> secret.length() > 10);
        List<String> lines = stack.processes();
        assertThat(lines).hasSizeGreaterThanOrEqualTo(status.size());
        for (String secret : secrets) {
            assertThat(lines).noneMatch(line -> line.contains(secret));
        }
        for (Map.Entry<String, Map<String, Object>> server : status.entrySet()) {
            ProcessHandle process =
                    ProcessHandle.of(number(server.getValue(), "pid")).orElseThrow();
            for (ProcessHandle each :
                    Stream.concat(Stream.of(process), process.descendants()).toList()) {
                Path environment = Path.of("/proc", String.valueOf(each.pid()), "environ");
                assertThat(read(environment)).as(server.getKey()).doesNotContain(secrets);
            }
        }
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return "";
        }
    }

    private static void assertNoFileHolds(Path folder, String secret) throws IOException {
        int looked = 0;
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(read(file)).as(file.toString()).doesNotContain(secret);
                looked++;
            }
        }
        assertThat(looked).isGreaterThan(10);
    }
}
