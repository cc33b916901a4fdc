package dev.tarn.it.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The peers, started once for all tests of the JVM: a Spark session, a Python process and a DuckDB. Tests take it as a
 * parameter; the last test's end closes it.
 */
public final class Peers implements AutoCloseable {
    private final Path folder;
    private final Connection duckdb;
    private final SparkSession session;
    final TarnPeer tarn;
    final SparkPeer spark;
    final DeltaRsPeer deltaRs;
    final Spark35Peer spark35;
    final KernelReader kernel = new KernelReader();

    private Peers() throws IOException, InterruptedException, SQLException {
        folder = Files.createTempDirectory("tarn-peers");
        duckdb = openDuckDb();
        session = startSpark(folder);
        tarn = new TarnPeer(duckdb);
        spark = new SparkPeer(session);
        deltaRs = new DeltaRsPeer();
        spark35 = new Spark35Peer();
    }

    static Connection openDuckDb() throws SQLException {
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        // Without background writers, which can wait for each other for ever (decision 004).
        for (String setting : List.of("TimeZone = 'UTC'", "async_threads = 0", "memory_limit = '500MB'")) {
            try (Statement statement = duckdb.createStatement()) {
                statement.execute("SET " + setting);
            }
        }
        return duckdb;
    }

    private static SparkSession startSpark(Path folder) {
        SparkSession.Builder builder = SparkSession.builder();
        PeerSettings.with(folder.resolve("warehouse").toString()).forEach(builder::config);
        return builder.getOrCreate();
    }

    public SparkSession session() {
        return session;
    }

    Connection duckdb() {
        return duckdb;
    }

    /** All who read. */
    List<Reader> readers() {
        return List.of(tarn, spark, deltaRs, kernel);
    }

    /** The rows of a query, also as a Parquet file. */
    Source source(String query) throws SQLException {
        Path parquet = folder.resolve("source-" + UUID.randomUUID() + ".parquet");
        try (Statement statement = duckdb.createStatement()) {
            statement.execute("COPY (" + query + ") TO '" + parquet + "' (FORMAT parquet, PARQUET_VERSION V1)");
        }
        return new Source(query, parquet);
    }

    @Override
    public void close() throws IOException, SQLException {
        session.stop();
        deltaRs.close();
        spark35.close();
        duckdb.close();
        Folders.delete(folder);
    }

    /** Hands the peers to tests that ask for them. */
    public static final class Resolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Peers.class;
        }

        @Override
        public Peers resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(Peers.class))
                    .computeIfAbsent(Peers.class, key -> start(), Peers.class);
        }

        private static Peers start() {
            try {
                return new Peers();
            } catch (IOException | InterruptedException | SQLException failure) {
                throw new IllegalStateException("the peers cannot be started", failure);
            }
        }
    }
}
