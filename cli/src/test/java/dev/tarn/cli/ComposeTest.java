package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code tarn up --compose}: what is declared for the native services is what Docker is told. */
class ComposeTest {

    @TempDir
    Path directory;

    private Map<?, ?> compose(String services) throws Exception {
        TestProject project = new TestProject(directory);
        project.file("tarn.yaml", "project: p\nservices:\n" + services);
        return parse(project.tarn("up", "--compose", "-p", directory.toString()).out());
    }

    private static Map<?, ?> parse(String yaml) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static Map<?, ?> map(Map<?, ?> tree, String... keys) {
        Map<?, ?> at = tree;
        for (String key : keys) {
            at = (Map<?, ?>) Objects.requireNonNull(at.get(key), key);
        }
        return at;
    }

    private static List<String> strings(Map<?, ?> tree, String key) {
        List<String> strings = new ArrayList<>();
        ((List<?>) Objects.requireNonNull(tree.get(key), key)).forEach(each -> strings.add(String.valueOf(each)));
        return strings;
    }

    @Test
    void everyServiceIsLimitedWatchedAndOnThisMachineOnly() throws Exception {
        Map<?, ?> services = map(
                compose(
                        "  {postgres: , mariadb: , kafka: , prometheus: , alertmanager: , spark: {workers: 2}, azurite: , s3: }\n"),
                "services");

        assertThat(services.keySet())
                .map(String::valueOf)
                .containsExactlyInAnyOrder(
                        "postgres",
                        "mariadb",
                        "kafka",
                        "prometheus",
                        "alertmanager",
                        "s3",
                        "spark",
                        "spark-worker-1",
                        "spark-worker-2",
                        "azurite");
        for (Object each : services.values()) {
            Map<?, ?> service = (Map<?, ?>) each;
            assertThat(String.valueOf(service.get("image"))).matches("[a-z0-9./-]+:v?[0-9.]+");
            assertThat(String.valueOf(service.get("mem_limit"))).matches("[0-9]+m");
            assertThat(strings(map(service, "healthcheck"), "test"))
                    .startsWith("CMD")
                    .hasSizeGreaterThan(1);
            if (service.containsKey("ports")) {
                assertThat(strings(service, "ports")).allMatch(port -> port.matches("127\\.0\\.0\\.1:[0-9]*:[0-9]+"));
            }
        }
        assertThat(services.toString()).contains("${TARN_POSTGRES_PASSWORD:?", "${TARN_MARIADB_PASSWORD:?");
    }

    @Test
    void settingsAreThoseOfTheProject() throws Exception {
        Map<?, ?> compose = compose("""
                  orders: {type: postgres, port: 5439, memory: 512m, database: shop, settings: {max_connections: 7, "log_line_prefix": "$x "}}
                  events: {type: kafka, port: 19093, settings: {num.partitions: 3}}
                """);

        Map<?, ?> orders = map(compose, "services", "orders");
        assertThat(strings(orders, "ports")).containsExactly("127.0.0.1:5439:5432");
        assertThat(orders.get("mem_limit")).isEqualTo("512m");
        assertThat(strings(orders, "command"))
                .contains("wal_level=logical", "max_connections=7", "shared_buffers=131072kB", "log_line_prefix=$$x ");
        assertThat(map(orders, "environment").get("POSTGRES_DB")).isEqualTo("shop");
        assertThat(String.valueOf(map(orders, "environment").get("POSTGRES_PASSWORD")))
                .startsWith("${TARN_ORDERS_PASSWORD:?");
        assertThat(strings(orders, "volumes")).containsExactly("orders:/var/lib/postgresql/data");
        assertThat(map(compose, "volumes").keySet()).map(String::valueOf).containsExactlyInAnyOrder("orders", "events");
        Map<?, ?> kafka = map(compose, "services", "events", "environment");
        assertThat(kafka.get("KAFKA_NUM_PARTITIONS")).isEqualTo("3");
        assertThat(kafka.get("KAFKA_ADVERTISED_LISTENERS"))
                .isEqualTo("PLAINTEXT://events:19092,HOST://127.0.0.1:19093");
    }

    @Test
    void theMonitorsKnowEachOtherByName() throws Exception {
        Map<?, ?> compose = compose("""
                  prometheus: {rules: [rules/a.yml], targets: ["127.0.0.1:9187", "kafka:9404"]}
                  alerts: {type: alertmanager, webhook: "http://localhost:8080/hook"}
                """);

        assertThat(strings(map(compose, "services", "prometheus"), "volumes"))
                .contains("./rules/a.yml:/etc/prometheus/rules/1.yml:ro");
        Map<?, ?> prometheus = parse(String.valueOf(
                map(compose, "configs", "prometheus-prometheus-yml").get("content")));
        assertThat(prometheus.toString())
                .contains("targets=[alerts:9093]", "targets=[host.docker.internal:9187, kafka:9404]")
                .contains("rule_files=[/etc/prometheus/rules/1.yml]");
        Map<?, ?> alerts = parse(String.valueOf(
                map(compose, "configs", "alerts-alertmanager-yml").get("content")));
        assertThat(alerts.toString()).contains("url=http://host.docker.internal:8080/hook");
    }
}
