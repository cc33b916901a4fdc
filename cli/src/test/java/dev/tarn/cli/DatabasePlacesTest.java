package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that touch one table by different connections run in the order in which they are declared. */
class DatabasePlacesTest {

    @TempDir
    private Path folder;

    /** Whether the second node, which reads, comes after the first, which writes. */
    private boolean isOrdered(String one, String writes, String other, String reads) {
        String graph = new TestProject(folder)
                .file("tarn.yaml", """
                        project: places
                        secrets: {s: {provider: environment}}
                        services: {pg: {type: postgres}, my: {type: mariadb, port: 3307, database: shop}}
                        connections:
                          one: {%s}
                          other: {%s}
                        pipelines:
                          - pipeline: p
                            nodes:
                              - name: writer
                                transform: {steps: [SELECT 1 AS id]}
                                write: {connection: one, format: sql, table: %s}
                              - {name: reader, read: {connection: other, format: sql, %s}}
                        """.formatted(one, other, writes, reads))
                .tarn("graph", folder.toString(), "--format", "dot")
                .out();
        assertThat(graph).contains("writer", "reader");
        return graph.contains("->");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type: postgres, service: pg                            | t     | type: postgres, service: pg                                      | table: public.t
            type: postgres, host: db, database: d, user: u         | t     | type: postgres, host: DB, port: 5432, database: d, user: other   | table: t
            type: postgres, host: localhost, database: d, user: u  | t     | type: postgres, host: 127.0.0.1, database: d, user: u            | query: SELECT 1
            type: mariadb, host: db, database: d, user: u          | t     | type: mariadb, host: db, database: e, user: u                    | table: d.t
            type: mariadb, host: db, database: d, user: u          | t     | type: mariadb, host: db, database: e, user: u                    | query: SELECT 1
            type: postgres, service: pg                            | t     | type: postgres, service: pg, database: tarn                       | table: t
            type: mariadb, service: my                             | t     | type: mariadb, service: my, database: shop                       | table: shop.t
            type: mariadb, service: my                             | t     | type: mariadb, host: '::1', port: 3307, database: e, user: u     | table: shop.t
            type: mariadb, host: localhost, port: 3307, database: shop, user: u | t | type: mariadb, service: my                              | query: SELECT 1
            type: mariadb, host: '${secret:s/h}', database: d, user: u | t | type: mariadb, host: '${secret:s/h}', database: d, user: v       | table: t
            """)
    void oneTableByTwoConnections(String one, String writes, String other, String reads) {
        assertThat(isOrdered(one, writes, other, reads)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type: postgres, service: pg                            | t     | type: postgres, service: other                                   | table: t
            type: postgres, host: db, database: d, user: u         | t     | type: postgres, host: db, port: 5433, database: d, user: u       | table: t
            type: postgres, host: db, database: d, user: u         | t     | type: postgres, host: db, database: e, user: u                   | query: SELECT 1
            type: postgres, service: pg                            | t     | type: postgres, service: pg, database: other                     | table: t
            type: postgres, service: pg                            | t     | type: postgres, host: localhost, database: tarn, user: u         | table: t
            type: mariadb, service: my                             | t     | type: mariadb, service: my                                       | table: tarn.t
            type: mariadb, service: my                             | t     | type: mariadb, host: db, port: 3307, database: shop, user: u     | table: t
            type: postgres, host: db, database: d, user: u         | t     | type: mariadb, host: db, port: 5432, database: d, user: u        | table: public.t
            type: mariadb, host: db, database: d, user: u          | t     | type: mariadb, host: db, database: e, user: u                    | table: t
            """)
    void differentTables(String one, String writes, String other, String reads) {
        assertThat(isOrdered(one, writes, other, reads)).isFalse();
    }

    /** The files are those that a supervisor writes; {@code DatabasesIT} has real ones. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pg | 23620 | /shop | type: postgres, host: 127.0.0.1, port: 23620, database: shop, user: u | true
            pg | 23620 | /shop | type: postgres, host: 127.0.0.1, port: 23621, database: shop, user: u | false
            pg | 23620 | /shop | type: postgres, host: 127.0.0.1, port: 23620, database: tarn, user: u | false
            pg | 23620 |       | type: postgres, host: 127.0.0.1, port: 23620, database: tarn, user: u | true
            my | 23620 | /shop | type: postgres, host: 127.0.0.1, port: 23620, database: tarn, user: u | false
            """)
    void thePortThatTheStackChose(String service, int port, String database, String other, boolean same) {
        String path = ".tarn/services/stack/" + service + "/" + service + ".state";
        new TestProject(folder)
                .file(
                        path,
                        "port=" + port + "\nendpoint=postgresql\\://tarn@127.0.0.1\\:" + port
                                + (database == null ? "" : database) + "\n");

        assertThat(isOrdered("type: postgres, service: pg", "t", other, "table: t"))
                .isEqualTo(same);
    }

    @Test
    void twoWritersOfOneTableAreFound() {
        String project = """
                project: places
                connections:
                  one: {type: postgres, service: pg}
                  other: {type: postgres, service: pg}
                pipelines:
                  - pipeline: p
                    nodes:
                      - {name: a, transform: {steps: [SELECT 1 AS id]}, write: {connection: one, format: sql, table: t}}
                      - {name: b, transform: {steps: [SELECT 1 AS id]}, write: {connection: other, format: sql, table: public.t}}
                """;

        assertThat(new TestProject(folder)
                        .file("tarn.yaml", project)
                        .tarn("validate", folder.toString())
                        .err())
                .contains("'other:public.t' is already written by node 'a', whose rows would be lost");
    }
}
