package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.lake.DeltaTable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream as a person uses it: declared in YAML, started, watched, killed, stopped. */
class StreamCommandIT {

    private static final String PROJECT = """
            project: shop
            services: {postgres: {memory: 200m}}
            connections:
              shop: {type: postgres, service: postgres}
              lake: {type: local, base_path: lake}
            pipelines:
              - pipeline: p
                nodes: [{name: n, read: {connection: lake, format: delta, table: bronze.sales_orders}}]
            streams:
              shop:
                source: shop
                tables: [customers, "sales.*"]
                exclude: sales.audit
                target: {connection: lake, table: "bronze.{schema}_{table}"}
                batch: {milliseconds: 200}
                metrics_port: %d
            """;

    @TempDir
    private Path scratch;

    private String url = "";

    private void execute(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String rows(Path table) throws Exception {
        if (!DeltaTable.isDeltaTable(table)) {
            return "";
        }
        String select = DeltaTable.forPath(table).snapshot().orElseThrow().toSql();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet row = duck.createStatement()
                        .executeQuery(
                                "SELECT coalesce(string_agg(id || v, ' ' ORDER BY id), '') FROM (" + select + ")")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void await(LocalStack stack, Path table, String rows) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!rows(table).equals(rows)) {
            assertThat(System.nanoTime())
                    .as(() -> table + " is not " + rows + "; " + log(stack))
                    .isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static String log(LocalStack stack) {
        try {
            return Files.readString(stack.folder.resolve(".tarn/streams/shop/log"));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> stream(LocalStack stack) throws Exception {
        Map<String, Object> json =
                JSON.std.mapFrom(stack.run("stream", "status", "-o", "json").out());
        assertThat(json).containsEntry("schema", "tarn/streams/v1");
        return (Map<String, Object>) ((List<Object>) Objects.requireNonNull(json.get("streams"))).get(0);
    }

    private static ProcessHandle runner(LocalStack stack) throws Exception {
        long pid = ((Number) Objects.requireNonNull(stream(stack).get("pid"))).longValue();
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static String get(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static int freePort() throws Exception {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void followsADatabaseWhateverIsKilled() throws Exception {
        try (LocalStack stack = new LocalStack(scratch, "shop")) {
            int port = freePort();
            stack.project(PROJECT.formatted(port));
            stack.succeed("up", "postgres");
            try {
                follow(stack, port);
            } finally {
                stack.run("stream", "stop");
            }
        }
    }

    private void follow(LocalStack stack, int port) throws Exception {
        String password = Files.readString(Path.of(stack.text("postgres", "client")
                        .replaceAll("(?s)^PGPASSFILE=(\\S+) .*", "$1")
                        .replace("'", "")))
                .strip()
                .replaceAll("(?s).*:", "");
        URI uri = URI.create(stack.text("postgres", "endpoint"));
        url = "jdbc:postgresql://127.0.0.1:" + uri.getPort() + uri.getPath() + "?user=" + uri.getUserInfo()
                + "&password=" + password;
        execute("CREATE SCHEMA sales; CREATE TABLE customers (id int PRIMARY KEY, v text);"
                + " CREATE TABLE sales.orders (id int PRIMARY KEY, v text); CREATE TABLE sales.audit (id int);"
                + " INSERT INTO customers VALUES (1, 'a'); INSERT INTO sales.orders VALUES (1, 'x'), (2, 'y')");
        Path orders = stack.folder.resolve("lake/bronze/sales_orders");

        stack.succeed("stream", "start");
        await(stack, orders, "1x 2y");
        assertThat(rows(stack.folder.resolve("lake/bronze/public_customers"))).isEqualTo("1a");
        execute("UPDATE sales.orders SET v = 'z' WHERE id = 1; DELETE FROM sales.orders WHERE id = 2");
        await(stack, orders, "1z");

        assertThat(stream(stack)).containsEntry("state", "following").containsKeys("batch", "applied");
        assertThat(stack.run("stream", "lag", "--max", "60").exitCode()).isZero();
        assertThat(get(port, "/metrics"))
                .contains("tarn_stream_up{stream=\"shop\"} 1\n")
                .contains("table=\"sales.orders\",operation=\"delete\"} 1\n");
        assertThat(stack.run("stream", "run", "shop"))
                .satisfies(second -> assertThat(second.exitCode()).isEqualTo(2))
                .satisfies(second -> assertThat(second.err()).contains("stream 'shop' runs already"));

        ProcessHandle runner = runner(stack);
        runner.descendants().forEach(ProcessHandle::destroyForcibly);
        execute("INSERT INTO sales.orders VALUES (3, 'w')");
        await(stack, orders, "1z 3w");

        List<ProcessHandle> orphans = runner.descendants().toList();
        runner.destroyForcibly();
        runner.onExit().get(1, TimeUnit.MINUTES);
        for (ProcessHandle orphan : orphans) {
            orphan.onExit().get(1, TimeUnit.MINUTES);
        }
        execute("INSERT INTO sales.orders VALUES (4, 'v')");
        stack.succeed("stream", "start", "shop");
        await(stack, orders, "1z 3w 4v");

        assertThat(stack.succeed("stream", "verify").out()).contains("equal");
        assertThat(stack.succeed("stream", "stop").out()).contains("stopped");
        assertThat(stack.run("stream", "lag", "--max", "60").exitCode()).isEqualTo(1);
        execute("UPDATE sales.orders SET v = 'u' WHERE id = 4; DELETE FROM sales.orders WHERE id = 3");
        assertThat(stack.run("stream", "verify", "--wait", "0"))
                .satisfies(other -> assertThat(other.exitCode()).isEqualTo(1))
                .satisfies(other -> assertThat(other.out())
                        .contains("3 is not in the source")
                        .contains("different"));
        execute("UPDATE sales.orders SET v = 'v' WHERE id = 4; INSERT INTO sales.orders VALUES (3, 'w')");
        execute("TRUNCATE customers");
        stack.succeed("stream", "start");
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!"failed".equals(stream(stack).get("state"))) {
            assertThat(System.nanoTime()).as(log(stack)).isLessThan(deadline);
        }
        assertThat(stack.run("stream", "status"))
                .satisfies(status -> assertThat(status.exitCode()).isEqualTo(1))
                .satisfies(status -> assertThat(status.err())
                        .contains("table 'public.customers' was truncated")
                        .contains("tarn stream resync shop"));
        stack.succeed("stream", "resync", "shop");
        await(stack, stack.folder.resolve("lake/bronze/public_customers"), "");
        // The tables are read again one after the other.
        await(stack, orders, "1z 3w 4v");
    }
}
