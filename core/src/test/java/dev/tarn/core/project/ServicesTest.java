package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {

    @TempDir
    Path folder;

    private final Problems problems = new Problems();

    private List<ServiceDeclaration> load(String yaml, Optional<String> environment) throws Exception {
        Files.writeString(folder.resolve("tarn.yaml"), yaml);
        return new ProjectLoader(Map.of("PG_PORT", "5433"), Clock.systemUTC()).services(folder, environment, problems);
    }

    private List<String> messages(String yaml) throws Exception {
        load(yaml, Optional.empty());
        return problems.all().stream().map(Problem::message).toList();
    }

    @Test
    void readsServicesWhateverElseTheProjectSays() throws Exception {
        List<ServiceDeclaration> services = load("""
                project: shop
                nonsense: true
                services:
                  postgres:
                    port: ${env:PG_PORT}
                    memory: 128m
                    settings: {max_connections: 20, fsync: off}
                  orders: {type: mariadb, database: shop}
                  kafka:
                """, Optional.empty());

        assertThat(problems.all()).isEmpty();
        assertThat(services).extracting(ServiceDeclaration::name).containsExactly("postgres", "orders", "kafka");
        assertThat(services).extracting(ServiceDeclaration::type).containsExactly("postgres", "mariadb", "kafka");
        assertThat(services.get(0).memory()).isEqualTo(OptionalLong.of(128 << 20));
        assertThat(services.get(0).settings()).isEqualTo(Map.of("max_connections", "20", "fsync", "off"));
        assertThat(services.get(1).options()).isEqualTo(Map.of("database", List.of("shop")));
        assertThat(services.get(0).port()).isEqualTo(OptionalInt.of(5433));
        assertThat(services.get(2).port()).isEqualTo(OptionalInt.empty());
    }

    @Test
    void anEnvironmentChangesThem() throws Exception {
        List<ServiceDeclaration> services = load("""
                project: shop
                services: {postgres: {memory: 128m}}
                environments:
                  big: {services: {postgres: {memory: 1g}, kafka: {}}}
                """, Optional.of("big"));

        assertThat(problems.all()).isEmpty();
        assertThat(services).hasSize(2);
        assertThat(services.get(0).memory()).isEqualTo(OptionalLong.of(1 << 30));
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(messages("""
                        project: shop
                        services:
                          postgre: {}
                          postgres: {port: 70000, memory: much, prot: 1}
                          kafka: {database: x}
                          a: {type: oracle}
                          b: 3
                          "c/d": {type: kafka}
                          mariadb: {settings: {x: [1]}}
                        """))
                .containsExactlyInAnyOrder(
                        "there is no service 'postgre'",
                        "'port' takes a whole number from 1 to 65535, not 70000",
                        "'memory' takes an amount of at least 64m, such as 512m or 2g, not 'much'",
                        "unknown key 'prot' in service 'postgres'",
                        "a service of type 'kafka' has no 'database'",
                        "unknown service type 'oracle'",
                        "service 'b' is a mapping, not a number",
                        "service 'c/d': names of services are letters, digits, underscores and hyphens",
                        "the setting 'x' takes a single value, not a list");
    }

    @Test
    void aFolderWithoutAProjectHasNone() {
        assertThat(new ProjectLoader(Map.of(), Clock.systemUTC()).services(folder, Optional.empty(), problems))
                .isEmpty();
        assertThat(problems.all()).isEmpty();
    }
}
