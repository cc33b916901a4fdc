package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** All services for somebody who is not root, used by their real clients; and what of secrets can be seen from outside. */
class OrdinaryUserIT {

    private static final String CANARY = "canary-of-the-process-environment.invalid";

    @TempDir
    private Path scratch;

    @Test
    void allServicesRunAndNoSecretIsSeen() throws Exception {
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
            useAll(status);
            assertLimits(status);
            assertNothingSeenOfProcesses(stack, status);
            TarnProcess.Outcome run = stack.run("run", "--trace");
            assertThat(run.err()).contains("there is no host '***'").doesNotContain(CANARY);
            assertThat(run.out()).contains("1 ok", "1 failed").doesNotContain(CANARY);
            assertNoFileHolds(stack.folder, CANARY);
        }
    }

    private static long number(Map<String, Object> server, String key) {
        return ((Number) Objects.requireNonNull(server.get(key))).longValue();
    }

    private static String fact(Map<String, Map<String, Object>> status, String server, String key) {
        return String.valueOf(Objects.requireNonNull(status.get(server)).get(key));
    }

    private void useAll(Map<String, Map<String, Object>> status) throws Exception {
        assertThat(LocalStack.shell(fact(status, "postgres", "client") + " -At -c 'select 1'"))
                .isEqualToIgnoringNewLines("1");
        assertThat(LocalStack.shell(fact(status, "mariadb", "client") + " -N -e 'select 2'"))
                .isEqualToIgnoringNewLines("2");
        String kafka = "java -cp '" + fact(status, "kafka", "jars") + "/*' ";
        String broker = " --bootstrap-server " + fact(status, "kafka", "endpoint") + " --topic t";
        LocalStack.shell(kafka + "org.apache.kafka.tools.ConsoleProducer" + broker, "a message\n");
        assertThat(LocalStack.shell(kafka + "org.apache.kafka.tools.consumer.ConsoleConsumer" + broker
                        + " --from-beginning --max-messages 1 --timeout-ms 30000"))
                .contains("a message");
        LocalStack.shell(fact(status, "alertmanager", "client"));
        LocalStack.shell(fact(status, "prometheus", "client"));
        Path table = scratch.resolve("table");
        LocalStack.shell(fact(status, "spark", "client") + " --class " + SubmittedApplication.class.getName() + " "
                + SubmittedApplication.jar(scratch) + " " + table);
        assertThat(table.resolve("_delta_log")).isNotEmptyDirectory();
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
