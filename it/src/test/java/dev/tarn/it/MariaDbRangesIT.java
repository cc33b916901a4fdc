package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.database.Databases;
import dev.tarn.connect.database.TableReader;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.LocalServices;
import dev.tarn.core.connection.Redaction;
import dev.tarn.core.connection.SecretText;
import dev.tarn.core.connection.Secrets;
import dev.tarn.core.project.SqlRead;
import dev.tarn.core.source.SourceFile;
import dev.tarn.services.ServiceType;
import dev.tarn.services.junit.ServicesExtension;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table of MariaDB that is read by several connections while others write it. */
class MariaDbRangesIT {

    @RegisterExtension
    static final ServicesExtension SERVICES = ServicesExtension.with(ServiceType.MARIADB);

    private static final int ROWS = 20_000;
    /** How far a row is moved, and back. */
    private static final int FAR = 1_000_000;

    private static Connection admin;

    @BeforeAll
    static void fill() throws Exception {
        admin = connect();
        execute(
                admin,
                "CREATE TABLE moved (id bigint PRIMARY KEY, amount bigint NOT NULL)",
                "INSERT INTO moved SELECT seq, 100 FROM seq_0_to_" + (ROWS - 1),
                "CREATE TABLE parent (id bigint PRIMARY KEY)",
                "INSERT INTO parent SELECT seq FROM seq_0_to_" + (ROWS - 1),
                "CREATE TABLE child (parent bigint NOT NULL, amount bigint NOT NULL, PRIMARY KEY (parent, amount),"
                        + " FOREIGN KEY (parent) REFERENCES parent (id) ON UPDATE CASCADE)",
                "INSERT INTO child SELECT id, 100 FROM parent",
                "CREATE USER reader@localhost IDENTIFIED BY 'reads'",
                "CREATE USER reader@127.0.0.1 IDENTIFIED BY 'reads'",
                "GRANT SELECT ON *.* TO reader@localhost",
                "GRANT SELECT ON *.* TO reader@127.0.0.1");
    }

    @AfterAll
    static void end() throws SQLException {
        admin.close();
    }

    private static URI endpoint() throws Exception {
        return URI.create(SERVICES.endpoint(ServiceType.MARIADB));
    }

    private static Connection connect() throws Exception {
        URI uri = endpoint();
        return DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:" + uri.getPort() + uri.getPath(),
                uri.getUserInfo(),
                SERVICES.password(ServiceType.MARIADB));
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static CollectedRows read(String user, String password, String table, Optional<String> splitBy)
            throws Exception {
        URI uri = endpoint();
        DatabaseConnection declared = new DatabaseConnection(
                "maria",
                DatabaseConnection.Kind.MARIADB,
                Optional.empty(),
                Optional.of(SecretText.of("127.0.0.1")),
                OptionalInt.of(uri.getPort()),
                Optional.of(SecretText.of(uri.getPath().substring(1))),
                Optional.of(SecretText.of(user)),
                Optional.of(SecretText.of(password)),
                DatabaseConnection.Tls.OFF,
                Optional.empty(),
                Map.of(),
                new DatabaseConnection.Place("127.0.0.1", ""),
                new SourceFile("tarn.yaml", "").start());
        Databases databases =
                new Databases(new Connections(List.of(declared), Secrets.NONE, LocalServices.NONE, new Redaction()));
        CollectedRows collected = new CollectedRows();
        try (TableReader reader =
                databases.read("maria", table, new SqlRead(Optional.empty(), splitBy, OptionalInt.of(4)))) {
            assertThat(reader.read(collected)).isEqualTo(collected.rows.size());
        }
        return collected;
    }

    private static CollectedRows read(String table, Optional<String> splitBy) throws Exception {
        return read(endpoint().getUserInfo(), SERVICES.password(ServiceType.MARIADB), table, splitBy);
    }

    /** Each row is there once, at one of its two places, and no amount is on its way from one row to another. */
    private static void assertOneMoment(CollectedRows read) {
        boolean[] seen = new boolean[ROWS];
        long sum = 0;
        for (List<?> row : read.rows) {
            int id = (int) ((long) row.get(0) % FAR);
            assertThat(seen[id]).as("row " + id + " twice").isFalse();
            seen[id] = true;
            sum += (long) row.get(1);
        }
        assertThat(read.rows).hasSize(ROWS);
        assertThat(sum).isEqualTo(100L * ROWS);
    }

    /** Moves rows to the other end of the table and back, and amounts between them, a transaction each. */
    private static Void write(String moves, String table, String key, AtomicBoolean stop) throws Exception {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                int one = ThreadLocalRandom.current().nextInt(ROWS);
                int other = ThreadLocalRandom.current().nextInt(ROWS);
                try {
                    if (one != other) {
                        amount(connection, table, key, one, -1);
                        amount(connection, table, key, other, 1);
                    }
                    execute(
                            connection,
                            "UPDATE " + moves + " SET id = id + " + FAR + " WHERE id = " + one,
                            "UPDATE " + moves + " SET id = " + other + " WHERE id = " + (other + FAR));
                    connection.commit();
                } catch (SQLException e) {
                    // Two that moved the same rows: one of them is taken back.
                    connection.rollback();
                }
            }
        }
        return null;
    }

    private static void amount(Connection connection, String table, String key, int row, int more) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int changed = statement.executeUpdate("UPDATE " + table + " SET amount = amount + " + more + " WHERE " + key
                    + " IN (" + row + ", " + (row + FAR) + ")");
            if (changed != 1) {
                throw new SQLException("moved meanwhile");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"moved, moved, id", "parent, child, parent"})
    void allRangesAreOfOneMomentWhileOthersWrite(String moves, String table, String key) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<Void>> writers = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                writers.add(threads.submit(() -> write(moves, table, key, stop)));
            }
            int parallel = 0;
            for (int i = 0; i < 20; i++) {
                CollectedRows read = read(table, Optional.of(key));
                assertOneMoment(read);
                parallel += read.sinks.get() == 4 ? 1 : 0;
            }
            assertThat(parallel).isPositive();
        } finally {
            stop.set(true);
            for (Future<Void> writer : writers) {
                writer.get();
            }
            threads.shutdownNow();
        }
    }

    @Test
    void whoMayNotLockReadsByOneConnection() throws Exception {
        CollectedRows read = read("reader", "reads", endpoint().getPath().substring(1) + ".moved", Optional.empty());

        assertThat(read.sinks).hasValue(1);
        assertOneMoment(read);
    }

    @Test
    void aTableThatIsWrittenForLongIsReadByOneConnection() throws Exception {
        try (Connection writer = connect()) {
            writer.setAutoCommit(false);
            execute(writer, "UPDATE moved SET amount = amount + 5 WHERE id IN (7, " + (7 + FAR) + ")");

            CollectedRows read = read("moved", Optional.empty());

            assertThat(read.sinks).hasValue(1);
            assertOneMoment(read);
            writer.rollback();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bigint          | -9223372036854775808, -1, 0, 1, 9007199254740992, 9007199254740993, 9223372036854775807
            bigint unsigned | 0, 1, 9007199254740993, 18446744073709551614, 18446744073709551615
            tinyint         | -128, -1, 0, 127
            int unsigned    | 4294967295
            """)
    void keysOfAllSizesFallIntoOneRangeEach(String type, String keys) throws Exception {
        execute(
                admin,
                "DROP TABLE IF EXISTS edges",
                "CREATE TABLE edges (id " + type + " PRIMARY KEY)",
                "INSERT INTO edges VALUES (" + keys.replace(",", "), (") + ")");

        CollectedRows read = read("edges", Optional.empty());

        assertThat(read.sinks).hasValue(4);
        assertThat(read.rows.stream().map(row -> String.valueOf(row.get(0))))
                .containsExactlyInAnyOrder(keys.split(", "));
    }
}
