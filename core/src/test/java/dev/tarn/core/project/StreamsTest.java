package dev.tarn.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsTest {

    private static final String AROUND = """
            project: shop
            connections:
              lake: {type: local, base_path: lake}
              erp: {type: postgres, service: postgres}
              other: {type: mariadb, service: mariadb}
            pipelines:
              - pipeline: p
                nodes: [{name: n, read: {connection: lake, format: delta, table: bronze.orders}}]
            streams:
            """;

    @TempDir
    Path folder;

    private final Problems problems = new Problems();

    private List<StreamDeclaration> load(String streams, Optional<String> environment) throws Exception {
        Files.writeString(folder.resolve("tarn.yaml"), AROUND + streams);
        return new ProjectLoader(Map.of(), Clock.systemUTC())
                .load(folder, environment, problems)
                .streams();
    }

    @Test
    void readsAStream() throws Exception {
        List<StreamDeclaration> streams = load("""
                  erp_tables:
                    source: erp
                    tables: [orders, sales.*]
                    exclude: sales.audit
                    target: {connection: lake, table: "bronze.{schema}_{table}"}
                    batch: {rows: 5}
                    on_schema_change: evolve
                    deletes: soft
                """, Optional.empty());

        assertThat(problems.all()).isEmpty();
        StreamDeclaration stream = streams.get(0);
        assertThat(stream.name()).isEqualTo("erp_tables");
        assertThat(stream.source()).isEqualTo("erp");
        assertThat(stream.tables()).containsExactly("public.orders", "sales.*");
        assertThat(stream.exclude()).containsExactly("sales.audit");
        assertThat(stream.folder()).isEqualTo(folder.resolve("lake"));
        assertThat(stream.naming()).isEqualTo("bronze/{schema}_{table}");
        assertThat(stream.writes(folder + "/lake/bronze/sales_orders")).isTrue();
        assertThat(stream.writes(folder + "/lake/silver/sales_orders")).isFalse();
        assertThat(stream.writes(folder + "/lake/bronze/orders")).isFalse();
        assertThat(stream.batchRows()).isEqualTo(5);
        assertThat(stream.deletes()).isEqualTo(StreamDeclaration.Deletes.SOFT);
        assertThat(stream.onSchemaChange()).isEqualTo(StreamDeclaration.SchemaChanges.EVOLVE);
        assertThat(stream.batchTime()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anEnvironmentChangesIt() throws Exception {
        List<StreamDeclaration> streams = load("""
                  s: {source: erp, tables: orders, target: {connection: lake}}
                environments:
                  big: {streams: {s: {batch: {milliseconds: 200}}}}
                """, Optional.of("big"));

        assertThat(problems.all()).isEmpty();
        assertThat(streams.get(0).batchTime()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        load("""
                  Big: {source: erp, tables: orders, target: {connection: lake}}
                  a: {source: erpp, tables: orders, target: {connection: lake}}
                  b: {source: other, tables: orders, target: {connection: lake}}
                  c: {source: erp, tables: "or;ders", target: {connection: erp}}
                  d: {source: erp, table: orders}
                  e: {source: erp, tables: orders, target: {connection: lake, table: bronze}}
                  f: 3
                """, Optional.empty());

        assertThat(problems.all().stream().map(Problem::message))
                .containsExactlyInAnyOrder(
                        "stream 'Big': names of streams are at most 50 small letters, digits and underscores",
                        "unknown connection 'erpp'",
                        "connection 'other' has no changes that streams follow",
                        "table name 'or;ders' is not allowed",
                        "connection 'erp' has no files",
                        "unknown key 'table' in stream 'd'",
                        "stream 'd' has no 'tables'",
                        "stream 'd' has no 'target'",
                        "'table' takes a name with {table} in it, not 'bronze'",
                        "stream 'f' is a mapping, not a number");
    }
}
