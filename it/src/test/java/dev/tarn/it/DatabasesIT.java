package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.it.delta.Peers;
import dev.tarn.lake.DeltaTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pipelines between PostgreSQL, MariaDB and Delta tables, on servers that {@code tarn up} brought up, from the command line. */
@ExtendWith(Peers.Resolver.class)
class DatabasesIT {

    private static final String HEAD = """
            project: databases
            connections:
              pg: {type: postgres, service: postgres}
              maria: {type: mariadb, service: mariadb}
              lake: {type: local, base_path: lake}
            services: {postgres: , mariadb: }
            pipelines:
              - pipeline: p
                nodes:
            """;

    @TempDir
    private static Path scratch;

    private static final Map<String, String> URLS = new HashMap<>();
    private static final Map<String, Properties> LOGINS = new HashMap<>();

    private static LocalStack stack;

    @BeforeAll
    static void up() throws Exception {
        stack = new LocalStack(scratch, "stack");
        nodes("- {name: nothing, transform: {steps: [select 1]}}");
        stack.succeed("up");
        findOut("postgres");
        findOut("mariadb");
        run("postgres", resource("postgres.sql"));
        run("mariadb", resource("mariadb.sql"));
    }

    @AfterAll
    static void down() throws IOException {
        stack.close();
    }

    private static void nodes(String... nodes) throws IOException {
        stack.project(HEAD + String.join("\n", nodes).indent(6));
    }

    private static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(DatabasesIT.class.getResourceAsStream("databases/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Where a service is, and who may connect; asked once, because each question starts a process. */
    private static void findOut(String service) throws Exception {
        Properties login = new Properties();
        try (var in = Files.newBufferedReader(Path.of(stack.text(service, "credentials")))) {
            login.load(in);
        }
        LOGINS.put(service, login);
        URLS.put(service, "jdbc:" + stack.text(service, "endpoint").replaceFirst("://[^@]*@", "://"));
    }

    private static Connection connect(String service) throws SQLException {
        return DriverManager.getConnection(URLS.get(service), LOGINS.get(service));
    }

    private static void run(String service, String script) throws Exception {
        try (Connection connection = connect(service);
                Statement statement = connection.createStatement()) {
            for (String sql : script.split(";\\s*\n", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        }
    }

    /** Each row with bars between its values. */
    private static List<String> query(String service, String sql) throws Exception {
        try (Connection connection = connect(service)) {
            return rows(connection, sql);
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }

    /** A Delta table, all values as DuckDB's texts, a line for each column with the values of all rows. */
    private static String columns(String table) throws SQLException {
        String select = DeltaTable.forPath(stack.folder.resolve("lake").resolve(table))
                .snapshot()
                .orElseThrow()
                .toSql();
        StringBuilder lines = new StringBuilder();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            for (String column : rows(duck, "SELECT column_name FROM (DESCRIBE " + select + ")")) {
                String name = '"' + column.replace("\"", "\"\"") + '"';
                lines.append(column)
                        .append(' ')
                        .append(String.join(
                                "", rows(duck, "SELECT any_value(typeof(" + name + ")) FROM (" + select + ")")))
                        .append(": ")
                        .append(String.join(
                                " | ",
                                rows(
                                        duck,
                                        "SELECT coalesce(CAST(" + name + " AS VARCHAR), '<null>') FROM (" + select
                                                + ") ORDER BY id")))
                        .append('\n');
            }
        }
        return lines.toString();
    }

    private static void assertRecorded(String name, String actual) throws IOException {
        Path file = Flights.home()
                .resolve("it/src/test/resources/dev/tarn/it/databases")
                .resolve(name);
        if (Boolean.getBoolean("tarn.record")) {
            Files.writeString(file, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(file));
    }

    /** Spark reads the table, and what it read is subtracted from what Tarn reads, and the other way round. */
    private static void assertSparkReads(Peers peers, String table) throws SQLException {
        Path folder = stack.folder.resolve("lake").resolve(table);
        Path export = scratch.resolve("spark-" + table);
        peers.session().read().format("delta").load(folder.toString()).write().parquet(export.toString());
        String ours = DeltaTable.forPath(folder).snapshot().orElseThrow().toSql();
        String theirs = "SELECT * FROM read_parquet('" + export + "/*.parquet')";
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            assertThat(rows(duck, "SELECT count(*) FROM ((" + ours + ") EXCEPT ALL (" + theirs + "))"))
                    .containsExactly("0");
            assertThat(rows(duck, "SELECT count(*) FROM ((" + theirs + ") EXCEPT ALL (" + ours + "))"))
                    .containsExactly("0");
            assertThat(rows(duck, "SELECT count(*) > 2 FROM (" + theirs + ")")).containsExactly("true");
        }
    }

    @Test
    void allTypesOfPostgresArriveInADeltaTableAndGoBack(Peers peers) throws Exception {
        nodes(
                "- name: types",
                "  read: {connection: pg, format: sql, table: types}",
                "  transform: {steps: ['SELECT * REPLACE (CAST(c_time AS VARCHAR) AS c_time) RENAME (\"Mixed \"\" Case\" AS mixed) FROM df']}",
                "  write: {connection: lake, format: delta, table: pg_types}",
                "- name: back",
                "  read: {connection: pg, format: sql, table: types}",
                "  transform: {steps: ['SELECT * EXCLUDE (c_ints, c_texts, c_doubles, c_dates) FROM df']}",
                "  write: {connection: pg, format: sql, table: types_back}");

        stack.succeed("run");

        assertRecorded("postgres.expected", columns("pg_types"));
        assertSparkReads(peers, "pg_types");
        for (String column : query(
                "postgres",
                "SELECT attname FROM pg_attribute WHERE attrelid = 'types_back'::regclass AND attnum > 0"
                        + " AND attname LIKE 'c\\_%' AND attname NOT IN ('c_money', 'c_interval', 'c_char')")) {
            assertThat(query(
                            "postgres",
                            "SELECT a.id, a." + column + "::text, b." + column
                                    + "::text FROM types a FULL JOIN types_back b USING (id) WHERE a." + column
                                    + "::text IS DISTINCT FROM b." + column + "::text"))
                    .as(column)
                    .isEmpty();
        }
    }

    @Test
    void allTypesOfMariaDbArriveInADeltaTableAndGoBack(Peers peers) throws Exception {
        nodes(
                "- name: types",
                "  read: {connection: maria, format: sql, table: types}",
                "  transform: {steps: ['SELECT * REPLACE (CAST(c_time AS VARCHAR) AS c_time) RENAME (\"mixed ` case\" AS mixed) FROM df']}",
                "  write: {connection: lake, format: delta, table: maria_types}",
                "- name: back",
                "  read: {connection: maria, format: sql, table: types}",
                "  write: {connection: maria, format: sql, table: types_back, mode: upsert, keys: [id]}");

        stack.succeed("run");

        assertRecorded("mariadb.expected", columns("maria_types"));
        assertSparkReads(peers, "maria_types");
        for (String column : query(
                "mariadb",
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'types_back'"
                        + " AND column_name LIKE 'c\\_%' AND column_name NOT LIKE 'c\\_bit%'")) {
            assertThat(query(
                            "mariadb",
                            "SELECT a.id, a." + column + ", b." + column
                                    + " FROM types a LEFT JOIN types_back b ON a.id = b.id WHERE NOT"
                                    + " (BINARY CAST(a." + column + " AS CHAR) <=> BINARY CAST(b." + column
                                    + " AS CHAR))"))
                    .as(column)
                    .isEmpty();
        }
    }

    @Test
    void aTableIsReadInParallelAndWrittenToDeltaAndMariaDb(Peers peers) throws Exception {
        nodes(
                "- name: big",
                "  read: {connection: pg, format: sql, table: big, parallel: 3}",
                "  write: {connection: lake, format: delta, table: big}",
                "- name: by_region",
                "  inputs: {big: $p.big}",
                "  transform: {steps: ['SELECT region, sum(amount) AS amount, count(*) AS n FROM big GROUP BY region']}",
                "  write: {connection: maria, format: sql, table: by_region, mode: upsert, keys: [region]}",
                "- name: copy",
                "  inputs: {big: $p.big}",
                "  write: {connection: maria, format: sql, table: big}",
                "- name: again",
                "  read: {connection: maria, format: sql, table: big}",
                "  write: {connection: pg, format: sql, table: big_again}");

        stack.succeed("run");
        stack.succeed("run");

        assertThat(query("mariadb", "SELECT region, amount, n FROM by_region ORDER BY region"))
                .isEqualTo(query("postgres", "SELECT region, sum(amount), count(*) FROM big GROUP BY 1 ORDER BY 1"));
        assertThat(query(
                        "postgres",
                        "SELECT count(*), (SELECT count(*) FROM (TABLE big EXCEPT TABLE big_again) x),"
                                + " (SELECT count(*) FROM (TABLE big_again EXCEPT TABLE big) x) FROM big_again"))
                .containsExactly("50000|0|0");
        assertThat(DeltaTable.forPath(stack.folder.resolve("lake/big"))
                        .snapshot()
                        .orElseThrow()
                        .numRecords())
                .hasValue(50_000);
        assertSparkReads(peers, "big");
    }

    @Test
    void whatCannotBeTheSameIsRefusedWithItsPlace() throws Exception {
        nodes(
                "- {name: a, read: {connection: pg, format: sql, table: infinite}}",
                "- {name: b, read: {connection: pg, format: sql, table: midnight}}",
                "- {name: c, read: {connection: maria, format: sql, table: zero_dates}}",
                "- {name: d, read: {connection: maria, format: sql, table: long_times}}",
                "- {name: e, read: {connection: maria, format: sql, table: shapes}}",
                "- {name: f, read: {connection: pg, format: sql, query: \"SELECT 'NaN'::numeric(5,2) AS x\"}}",
                "- {name: g, read: {connection: pg, format: sql, query: DELETE FROM big RETURNING *}}",
                "- name: h",
                "  transform: {steps: ['SELECT 7 AS id, now() AS at']}",
                "  write: {connection: pg, format: sql, table: infinite, mode: upsert, keys: [at]}",
                "- name: i",
                "  transform: {steps: [\"SELECT 7 AS id, '24:00:01' AS at\"]}",
                "  write: {connection: pg, format: sql, table: midnight, mode: append}",
                "- name: j",
                "  transform: {steps: ['SELECT 1 AS id, 0.001 AS d UNION ALL SELECT 1, 2']}",
                "  write: {connection: maria, format: sql, table: j, mode: upsert, keys: [id]}");

        TarnProcess.Outcome run = stack.run("run");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("column 'at' of table 'public.infinite' holds infinity in the row with id = 77")
                .contains("column 'at' of table 'public.midnight' holds 24:00:00 in the row with id = 3")
                .contains("column 'd' of table 'zero_dates' holds 0000-00-00 in the row with id = 5")
                .contains("column 't' of table 'long_times' holds -838:59:59 in the row with id = 9")
                .contains("column 'g' is of type")
                .contains("column 'x' of the query holds NaN in row 1")
                .contains("table 'public.infinite' has no unique key of at")
                .contains("column 'at' is TEXT, and in the table it is time without time zone")
                .contains("rows have the same key");
        assertThat(run.out()).contains("10 failed");
        assertThat(query("postgres", "SELECT count(*) FROM big")).containsExactly("50000");
        assertThat(query("mariadb", "SHOW TABLES LIKE 'tarn\\_new%'")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "pg, postgres, kept, SELECT 1 FROM pg_stat_progress_copy",
        "maria, mariadb, kept, SELECT 1 FROM information_schema.processlist WHERE info LIKE 'INSERT%'",
        "maria, mariadb, fresh, SELECT 1 FROM information_schema.processlist WHERE info LIKE 'INSERT%'"
    })
    void aKilledWriteLeavesWhatWasThere(String connection, String service, String table, String writing)
            throws Exception {
        run(service, "DROP TABLE IF EXISTS kept;\nCREATE TABLE kept (i bigint);\nINSERT INTO kept VALUES (42);\n");
        String node = "{name: %s, transform: {steps: ['%s']}, write: {connection: %s, format: sql, table: %s}}";
        nodes("- " + node.formatted(table, "SELECT range AS i FROM range(30000000)", connection, table));

        try (TarnProcess process = stack.start("run")) {
            awaitRows(process, service, writing);
            assertThat(process.killAfter(Duration.ofMillis(300))).isTrue();
        }

        assertThat(query(service, "SELECT i FROM kept")).containsExactly("42");
        assertThat(query(service, "SELECT 1 FROM information_schema.tables WHERE table_name = 'fresh'"))
                .isEmpty();

        nodes("- " + node.formatted(table, "SELECT 1 AS i", connection, table));
        stack.succeed("run");
        assertThat(query(service, "SELECT i FROM " + table)).containsExactly("1");
        assertThat(query(service, "SELECT 1 FROM information_schema.tables WHERE table_name LIKE 'tarn\\_new%'"))
                .isEmpty();
    }

    private static void awaitRows(TarnProcess process, String service, String writing) throws Exception {
        long deadline = System.nanoTime() + LocalStack.LIMIT.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            if (!query(service, writing).isEmpty()) {
                return;
            }
            LocalStack.pause();
        }
        throw new AssertionError("nobody writes: " + process.out() + process.err());
    }

    /** The readers would find no table if they did not wait. */
    @Test
    void whoReadsByHostAndPortWaitsForWhoWritesByService() throws Exception {
        String head = "project: databases\nsecrets: {local: {provider: environment}}\n";
        StringBuilder connections = new StringBuilder("connections:\n  lake: {type: local, base_path: lake}\n");
        for (String service : List.of("postgres", "mariadb")) {
            String port = Objects.requireNonNull(URLS.get(service)).replaceFirst(".*:(\\d+)/.*", "$1");
            Properties login = Objects.requireNonNull(LOGINS.get(service));
            connections.append("""
                      %1$s: {type: %1$s, service: %1$s}
                      %1$s_by_port: {type: %1$s, host: localhost, port: %2$s, database: tarn, user: %3$s, password: "${secret:local/%1$s}"}
                    """.formatted(service, port, login.getProperty("user")));
            stack.with("LOCAL__" + service.toUpperCase(Locale.ROOT), login.getProperty("password"));
        }
        stack.project(head + connections + """
                services: {postgres: , mariadb: }
                pipelines:
                  - pipeline: p
                    nodes:
                      - {name: w1, transform: {steps: [SELECT range AS i FROM range(200000)]}, write: {connection: postgres, format: sql, table: one_place}}
                      - {name: w2, transform: {steps: [SELECT range AS i FROM range(200000)]}, write: {connection: mariadb, format: sql, table: one_place}}
                      - {name: r1, read: {connection: postgres_by_port, format: sql, table: one_place}, write: {connection: lake, format: delta, table: r1}}
                      - {name: r2, read: {connection: mariadb_by_port, format: sql, query: SELECT * FROM one_place}, write: {connection: lake, format: delta, table: r2}}
                """);

        stack.succeed("run", "--workers", "4");

        for (String table : List.of("r1", "r2")) {
            assertThat(DeltaTable.forPath(stack.folder.resolve("lake").resolve(table))
                            .snapshot()
                            .orElseThrow()
                            .numRecords())
                    .hasValue(200_000);
        }
    }

    @Test
    void connectionsAreTried() throws Exception {
        String port = Objects.requireNonNull(URLS.get("postgres")).replaceFirst(".*:(\\d+)/.*", "$1");
        String mariaPort = Objects.requireNonNull(URLS.get("mariadb")).replaceFirst(".*:(\\d+)/.*", "$1");
        stack.project("""
                project: databases
                secrets: {local: {provider: environment}}
                connections:
                  well: {type: postgres, service: postgres}
                  also: {type: mariadb, service: mariadb}
                  password: {type: postgres, host: 127.0.0.1, port: %1$s, database: tarn, user: tarn, password: "${secret:local/wrong}"}
                  maria_password: {type: mariadb, host: 127.0.0.1, port: %2$s, database: tarn, user: tarn, password: "${secret:local/wrong}"}
                  database: {type: postgres, service: postgres, database: nosuch}
                  maria_database: {type: mariadb, service: mariadb, database: nosuch}
                  host: {type: postgres, host: nosuch.invalid, database: a, user: a}
                  refused: {type: mariadb, host: 127.0.0.1, port: 1, database: a, user: a}
                  tls: {type: postgres, host: 127.0.0.1, port: %1$s, database: tarn, user: tarn, tls: require}
                  broker: {type: kafka, bootstrap_servers: "127.0.0.1:1"}
                  unset: {type: postgres, host: 127.0.0.1, database: a, user: a, password: "${secret:local/unset}"}
                services: {postgres: , mariadb: }
                pipelines: [{pipeline: p, nodes: [{name: n, transform: {steps: [select 1]}}]}]
                """.formatted(port, mariaPort));
        stack.with("LOCAL__WRONG", "canary-password");

        TarnProcess.Outcome test = stack.run("connection", "test");

        assertThat(test.exitCode()).isEqualTo(1);
        assertThat(test.out())
                .containsPattern("ok +connection well +PostgreSQL 17")
                .containsPattern("ok +connection also +MariaDB 1")
                .containsPattern("error +connection password +PostgreSQL at 127.0.0.1:\\d+ refuses the user")
                .containsPattern("error +connection maria_password +MariaDB at 127.0.0.1:\\d+ refuses the user")
                .containsPattern("error +connection database +there is no database 'nosuch'")
                .containsPattern(
                        "error +connection maria_database +(there is no database 'nosuch'|MariaDB at .* refuses)")
                .containsPattern("error +connection host +there is no host 'nosuch.invalid'")
                .containsPattern("error +connection refused +nothing answers at 127.0.0.1:1")
                .containsPattern("error +connection tls +no encrypted connection")
                .containsPattern("error +connection broker +nothing answers at 127.0.0.1:1")
                .contains("set the environment variable LOCAL__UNSET")
                .doesNotContain("canary-password");
    }
}
