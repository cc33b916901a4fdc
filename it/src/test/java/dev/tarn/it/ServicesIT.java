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
    void databasesAndKafkaServeTheirRealClientsAndKeepTheirDataAndAlertsReachAWebhook() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer sink = sink(received);
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
            LocalStack.shell(stack.text("kafka", "produce") + " t", "a message\n");
            for (String server : List.of("postgres", "mariadb", "kafka")) {
                long used = stack.number(server, "memory_bytes");
                assertThat(used).as(server).isBetween(5L << 20, 640L << 20);
            }

            stack.succeed("down");
            stack.assertNoProcessIsLeft();
            stack.project("""
                    project: watched
                    services:
                      postgres:
                      mariadb:
                      kafka:
                      alertmanager: {webhook: "http://127.0.0.1:%d/"}
                      prometheus: {rules: rules.yml}
                    """.formatted(sink.getAddress().getPort()));
            Files.writeString(stack.folder.resolve("rules.yml"), """
                    groups: [{name: test, rules: [{alert: AlwaysThere, expr: vector(1)}]}]
                    """);
            stack.succeed("up");

            assertThat(LocalStack.shell(psql + "'select id from t'")).isEqualToIgnoringNewLines("42");
            assertThat(LocalStack.shell(mariadb + "'select id from t'")).isEqualToIgnoringNewLines("43");
            assertThat(LocalStack.shell(stack.text("kafka", "consume") + " t --max-messages 1 --timeout-ms 30000"))
                    .startsWith("a message\n");
            assertThat(received.poll(2, TimeUnit.MINUTES)).contains("AlwaysThere", "firing");
            assertThat(LocalStack.shell(stack.text("alertmanager", "client"))).contains("AlwaysThere");
            assertThat(LocalStack.shell(stack.text("prometheus", "client"))).contains("job=\"prometheus\"");
        } finally {
            sink.stop(0);
        }
    }

    private static HttpServer sink(BlockingQueue<String> received) throws IOException {
        HttpServer sink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sink.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        sink.start();
        return sink;
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
                      broker: {type: kafka, settings: {num.io.threads: lots}}
                      prometheus: {rules: nosuch.yml}
                      alertmanager: {webhook: localhost}
                      cluster: {type: spark, worker_memory: 256m}
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
                    .contains("the server knows no setting 'no-such-thing'")
                    .contains("correct the setting 'num.io.threads' under 'settings' of 'broker'")
                    .contains("'rules' of 'prometheus' names a file that is not there: "
                            + stack.folder.resolve("nosuch.yml"))
                    .contains("'webhook' of 'alertmanager' is 'localhost'")
                    .contains("give a URL such as http://127.0.0.1:5001/alerts")
                    .contains("'worker_memory' of 'cluster' is '256m', and an executor takes 512m");
        }
    }

    /** Both at one time: each is started in a third of the time that Kafka takes. */
    @Test
    void standInsForObjectStoresServeTheCloudsOwnClients() throws Exception {
        try (LocalStack stack = new LocalStack(scratch, "buckets")) {
            stack.project("project: buckets\nservices: {s3: {buckets: [lake]}, azurite: }\n");
            stack.succeed("up");

            assertThat(LocalStack.shell(DeltaRsPeer.python() + " '" + script("s3.py") + "' "
                            + stack.text("s3", "endpoint") + " 4 5"))
                    .as("of several writers one wins each version")
                    .isEqualToIgnoringNewLines("20 rows in 21 versions");
            assertThat(LocalStack.shell(azuresClient() + " '" + script("azurite.py") + "' '"
                            + stack.text("azurite", "credentials") + "' client"))
                    .isEqualToIgnoringNewLines("blob of client");
        }
    }

    private Path script(String name) throws IOException {
        Path script = scratch.resolve(name);
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/python/" + name))) {
            Files.copy(in, script);
        }
        return script;
    }

    private static Path azuresClient() throws Exception {
        return new Provisioner(
                        Provisioner.userCache(System.getenv()),
                        Provisioner.isOffline(System.getenv()),
                        System.getenv(),
                        FetchListener.NONE)
                .get(new PythonPackages("azure-storage-blob", "azure-storage-blob==12.31.1"))
                .resolve("bin/python");
    }
}
