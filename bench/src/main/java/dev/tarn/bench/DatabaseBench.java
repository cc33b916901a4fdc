package dev.tarn.bench;

import dev.tarn.core.connection.Connections;
import dev.tarn.core.connection.LocalServices;
import dev.tarn.core.connection.Redaction;
import dev.tarn.core.connection.Secrets;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.EngineFactory;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.project.Read;
import dev.tarn.core.source.Problems;
import dev.tarn.services.ServiceSpec;
import dev.tarn.services.ServiceType;
import dev.tarn.services.TestServices;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.postgresql.PGConnection;

/**
 * Reading a table of PostgreSQL into the engine, against the least that any reader does: a loop over a JDBC result that
 * looks at each value, and a COPY in text to nowhere.
 */
public final class DatabaseBench {

    private static final int ROUNDS = 5;
    private static final int FETCH = 10_000;

    private DatabaseBench() {}

    /** Starts a server of its own; {@code TARN_BENCH_ROWS} says how many rows. */
    public static void main(String[] args) throws Exception {
        long rows = Long.parseLong(System.getenv().getOrDefault("TARN_BENCH_ROWS", "1000000"));
        Path folder = Files.createTempDirectory("tarn-bench");
        try (TestServices services = TestServices.start(folder, List.of(ServiceSpec.of(ServiceType.POSTGRES)))) {
            String endpoint = services.status("postgres").endpoint();
            String password = services.password("postgres");
            String url = "jdbc:" + endpoint.replaceFirst("://[^@]*@", "://") + "?user=tarn&password=" + password;
            fill(url, rows);
            for (int parallel : List.of(1, 4)) {
                Project project = project(folder, endpoint, password, parallel);
                new Measurement("reading, " + parallel + " connections", ROUNDS)
                        .compare("tarn", () -> read(project, folder), "jdbc drain", () -> drain(url), rows);
                new Measurement("reading, " + parallel + " connections", ROUNDS)
                        .compare("tarn", () -> read(project, folder), "copy to nowhere", () -> copy(url), rows);
            }
        } finally {
            PipelineBench.delete(folder);
        }
    }

    private static void fill(String url, long rows) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders AS SELECT i::bigint AS id, 'customer ' || i % 10007 AS customer,"
                    + " (i % 100000 * 0.01)::numeric(12,2) AS amount, timestamp '2024-01-01' + i * interval '1 s' AS at,"
                    + " i * 0.5::double precision AS weight, i % 3 = 0 AS paid FROM generate_series(1, " + rows
                    + ") i");
            statement.execute("ALTER TABLE orders ADD PRIMARY KEY (id)");
            statement.execute("VACUUM ANALYZE orders");
        }
    }

    private static Project project(Path folder, String endpoint, String password, int parallel) throws Exception {
        String port = endpoint.replaceFirst(".*:(\\d+)/.*", "$1");
        Path file = Files.writeString(folder.resolve("tarn.yaml"), """
                project: bench
                connections: {pg: {type: postgres, host: 127.0.0.1, port: %s, database: tarn, user: tarn, password: %s}}
                pipelines:
                  - pipeline: p
                    nodes: [{name: n, read: {connection: pg, format: sql, table: orders, parallel: %d}}]
                """.formatted(port, password, parallel));
        Problems problems = new Problems();
        Project project = new ProjectLoader(Map.of(), Clock.systemUTC()).load(file, problems);
        if (problems.hasErrors()) {
            throw new IllegalStateException(problems.all().toString());
        }
        return project;
    }

    private static void read(Project project, Path folder) {
        Read read = ((Input.External)
                        project.pipelines().get(0).nodes().get(0).inputs().get(0))
                .read();
        Connections connections =
                new Connections(project.connections(), Secrets.NONE, LocalServices.NONE, new Redaction());
        try (Engine engine = ServiceLoader.load(EngineFactory.class)
                        .findFirst()
                        .orElseThrow()
                        .create();
                Session session = engine.open(new SessionSettings("bench", folder, connections))) {
            session.read(read);
        }
    }

    private static void drain(String url) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery("SELECT * FROM orders")) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    for (int i = 1; i <= columns; i++) {
                        rows.getObject(i);
                    }
                }
            }
        }
    }

    private static void copy(String url) throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY orders TO STDOUT", OutputStream.nullOutputStream());
        }
    }
}
