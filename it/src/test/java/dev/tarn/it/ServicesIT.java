package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tarn.it.delta.DeltaRsPeer;
import dev.tarn.provision.FetchListener;
import dev.tarn.provision.Provisioner;
import dev.tarn.provision.PythonPackages;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tarn up} and its companions with real servers and their real clients. */
class ServicesIT {

    @TempDir
    Path scratch;

    @Test
    void databasesAndKafkaServeTheirRealClientsAndKeepTheirData() throws Exception {
        try (LocalStack stack = new LocalStack(scratch, "an empty folder")) {
            assertThat(stack.succeed("up").out())
                    .contains("postgres", "mariadb", "kafka", "prometheus", "alertmanager", "healthy");

            String psql = stack.text("postgres", "client") + " -At -c ";
            LocalStack.shell(psql + "'create table t (id int primary key); insert into t values (42)'");
            assertThat(LocalStack.shell(psql + "'show wal_level'")).isEqualToIgnoringNewLines("logical");
            String mariadb = stack.text("mariadb", "client") + " -N -e ";
            LocalStack.shell(mariadb + "'create table t (id int primary key); insert into t values (43)'");
            assertThat(LocalStack.shell(mariadb + "'select @@binlog_format, @@binlog_row_image'"))
                    .isEqualToIgnoringNewLines("ROW\tFULL");
            produce(stack, "a message");
            for (String server : List.of("postgres", "mariadb", "kafka")) {
                long used = stack.number(server, "memory_bytes");
                assertThat(used).as(server).isBetween(5L << 20, 640L << 20);
            }

            stack.succeed("down");
            assertThat(stack.processes()).isEmpty();
            stack.succeed("up");

            assertThat(LocalStack.shell(psql + "'select id from t'")).isEqualToIgnoringNewLines("42");
            assertThat(LocalStack.shell(mariadb + "'select id from t'")).isEqualToIgnoringNewLines("43");
            assertThat(consume(stack)).contains("a message");
        }
    }

    private static void produce(LocalStack stack, String message) throws Exception {
        LocalStack.shell(kafka(stack, "org.apache.kafka.tools.ConsoleProducer") + " --topic t", message + "\n");
    }

    private static String consume(LocalStack stack) throws Exception {
        return LocalStack.shell(kafka(stack, "org.apache.kafka.tools.consumer.ConsoleConsumer")
                + " --topic t --from-beginning --max-messages 1 --timeout-ms 30000");
    }

    private static String kafka(LocalStack stack, String tool) throws Exception {
        return "java -cp '" + stack.text("kafka", "jars") + "/*' " + tool + " --bootstrap-server "
                + stack.text("kafka", "endpoint");
    }

    @Test
    void aKilledServerComesBackThreeTimesAndThenIsGivenUp() throws Exception {
        try (LocalStack stack = new LocalStack(scratch, "killed")) {
            stack.succeed("up", "postgres");

            for (int i = 0; i < 3; i++) {
                long before = stack.pid("postgres");
                LocalStack.kill(before);
                stack.awaitAnother("postgres", before);
            }
            stack.kill("postgres");
            assertThat(stack.await("postgres", "failed")).isEqualTo("failed");

            assertThat(stack.text("postgres", "reason"))
                    .startsWith("it was ended by signal 9; it was started again 3 times. The last lines of its log:\n")
                    .contains("database system");
            assertThat(stack.run("status").exitCode()).isEqualTo(1);
            stack.succeed("up", "postgres");
        }
    }

    @Test
    void theServersOfAKilledSupervisorAreWatchedAgainOrEnded() throws Exception {
        try (LocalStack stack = new LocalStack(scratch, "orphans")) {
            stack.succeed("up", "postgres");
            long server = stack.pid("postgres");

            LocalStack.kill(stack.supervisor());
            assertThat(stack.text("postgres", "reason")).contains("the supervisor was killed");
            stack.succeed("up", "postgres");
            assertThat(stack.pid("postgres")).isEqualTo(server);
            stack.kill("postgres");
            stack.awaitAnother("postgres", server);

            LocalStack.kill(stack.supervisor());
            stack.succeed("down");
            assertThat(stack.processes()).isEmpty();
        }
    }

    @Test
    void twoProjectsDoNotMeet() throws Exception {
        try (LocalStack one = new LocalStack(scratch, "one");
                LocalStack other = new LocalStack(scratch, "other")) {
            one.succeed("up", "postgres");
            other.succeed("up", "postgres");

            assertThat(one.text("postgres", "endpoint")).isNotEqualTo(other.text("postgres", "endpoint"));
            assertThat(Files.readString(Path.of(one.text("postgres", "credentials"))))
                    .isNotEqualTo(Files.readString(Path.of(other.text("postgres", "credentials"))));
            one.succeed("down", "-v");
            assertThat(one.folder).isEmptyDirectory();
            assertThat(other.await("postgres", "healthy")).isEqualTo("healthy");
        }
    }

    @Test
    void mistakesAreExplained() throws Exception {
        try (LocalStack stack = new LocalStack(scratch, "mistakes");
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            stack.project("""
                    project: mistakes
                    services:
                      postgres: {port: %d}
                      orders: {type: postgres, settings: {shared_bufers: 1GB}}
                      changes: {type: mariadb, settings: {no_such_thing: 1}}
                    """.formatted(taken.getLocalPort()));

            TarnProcess.Outcome outcome = stack.run("up");

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains("service 'postgres' failed: port " + taken.getLocalPort()
                            + " of 'postgres' is taken by process "
                            + ProcessHandle.current().pid() + " (java)")
                    .contains("choose another 'port' for 'postgres', or leave 'port' out to get a free one")
                    .contains("PostgreSQL knows no setting 'shared_bufers'")
                    .contains("correct or remove it under 'settings' of 'orders'")
                    .contains("the server knows no setting 'no-such-thing'");
        }
    }

    @Test
    void theProjectDeclaresServicesAndTheEnvironmentOverrides() throws Exception {
        int port = freePort();
        try (LocalStack stack = new LocalStack(scratch, "declared")) {
            stack.project("""
                    project: declared
                    services:
                      orders: {type: postgres, memory: 128m, database: shop, settings: {max_connections: 20}}
                    environments:
                      other: {services: {orders: {memory: 160m}}}
                    """);
            stack.with("TARN_SERVICE_ORDERS_PORT", String.valueOf(port));

            stack.succeed("up", "--env", "other");

            assertThat(stack.text("orders", "endpoint")).isEqualTo("postgresql://tarn@127.0.0.1:" + port + "/shop");
            assertThat(stack.text("orders", "memory_limit_bytes")).isEqualTo(String.valueOf(160 << 20));
            assertThat(LocalStack.shell(stack.text("orders", "client") + " -At -c 'show max_connections'"))
                    .isEqualToIgnoringNewLines("20");
            assertThat(stack.run("down", "order").err()).contains("did you mean 'orders'?");
            assertThat(stack.succeed("logs", "orders").out()).contains("ready to accept connections");
        }
    }

    @Test
    void anAlertReachesAWebhookThroughPrometheusAndAlertmanager() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer sink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sink.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        sink.start();
        try (LocalStack stack = new LocalStack(scratch, "watched")) {
            stack.project("""
                    project: watched
                    services:
                      alertmanager: {webhook: "http://127.0.0.1:%d/"}
                      prometheus: {rules: rules.yml}
                    """.formatted(sink.getAddress().getPort()));
            Files.writeString(stack.folder.resolve("rules.yml"), """
                    groups: [{name: test, rules: [{alert: AlwaysThere, expr: vector(1)}]}]
                    """);

            stack.succeed("up");

            assertThat(received.poll(2, TimeUnit.MINUTES)).contains("AlwaysThere", "firing");
            assertThat(LocalStack.shell(stack.text("alertmanager", "client"))).contains("AlwaysThere");
            assertThat(LocalStack.shell(stack.text("prometheus", "client"))).contains("job=\"prometheus\"");
        } finally {
            sink.stop(0);
        }
    }

    @Test
    void ofSeveralWritersToS3OneWinsEachVersion() throws Exception {
        Path script = scratch.resolve("s3.py");
        try (LocalStack stack = new LocalStack(scratch, "buckets");
                InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/python/s3.py"))) {
            Files.copy(in, script);
            stack.project("project: buckets\nservices: {s3: {buckets: [lake]}}\n");
            stack.succeed("up");

            String said = LocalStack.shell(
                    DeltaRsPeer.python() + " '" + script + "' " + stack.text("s3", "endpoint") + " 4 5");

            assertThat(said).isEqualToIgnoringNewLines("20 rows in 21 versions");
        }
    }

    @Test
    void azuriteServesAzuresOwnClient() throws Exception {
        Path python = new Provisioner(
                        Provisioner.userCache(System.getenv()),
                        Provisioner.isOffline(System.getenv()),
                        System.getenv(),
                        FetchListener.NONE)
                .get(new PythonPackages("azure-storage-blob", "azure-storage-blob==12.31.1"))
                .resolve("bin/python");
        Path script = scratch.resolve("azurite.py");
        try (LocalStack stack = new LocalStack(scratch, "blobs");
                InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/python/azurite.py"))) {
            Files.copy(in, script);
            stack.succeed("up", "azurite");

            String said = LocalStack.shell(
                    python + " '" + script + "' '" + stack.text("azurite", "credentials") + "' client");

            assertThat(said).isEqualToIgnoringNewLines("blob of client");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
