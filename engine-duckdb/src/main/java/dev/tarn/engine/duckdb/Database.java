package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Sample;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * One in-memory DuckDB and the statements that run on it. Thread-safe: each unit of work takes a connection of its own.
 */
final class Database implements AutoCloseable {

    /** Share of the machine's memory that DuckDB may take before it spills; its own default, 0.8, starves the JVM. */
    private static final double MEMORY_SHARE = 0.6;

    /** A sample is for people: of a longer text they see that it is long. */
    private static final int LONGEST_SHOWN = 200;

    /** What goes on at all connections. */
    private static final class Activity {
        final Set<Statement> running = ConcurrentHashMap.newKeySet();
        volatile boolean cancelled;
    }

    private final DuckDBConnection root;
    private final Activity activity;
    /** The connection of all work; absent where each work has its own. */
    private final Optional<Connection> only;

    private Database(DuckDBConnection root, Activity activity, Optional<Connection> only) {
        this.root = root;
        this.activity = activity;
        this.only = only;
    }

    /** A database that may spill into the folder. */
    static Database open(Path workFolder) {
        Properties settings = new Properties();
        settings.put("memory_limit", memoryLimitMegabytes() + "MB");
        settings.put("temp_directory", workFolder.toString());
        return open(settings);
    }

    /** A database that parses and describes, and holds no data. */
    static Database openForTexts() {
        Properties settings = new Properties();
        settings.put("threads", "1");
        return open(settings);
    }

    private static Database open(Properties settings) {
        // Extensions come from the network or a user's folder; a run must not depend on either.
        settings.put("autoinstall_known_extensions", "false");
        settings.put("autoload_known_extensions", "false");
        // A COPY to Parquet whose query fails can wait for its background writers for ever (docs/decisions/004).
        settings.put("async_threads", "0");
        try {
            // DriverManager would load every driver there is, SQLite's among them.
            Connection opened = Objects.requireNonNull(new DuckDBDriver().connect("jdbc:duckdb:", settings));
            DuckDBConnection root = opened.unwrap(DuckDBConnection.class);
            try (Statement statement = root.createStatement()) {
                statement.execute("SET GLOBAL TimeZone = 'UTC'");
            }
            return new Database(root, new Activity(), Optional.empty());
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not open: " + e.getMessage(), e);
        }
    }

    private static long memoryLimitMegabytes() {
        long bytes = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
        return Math.max(256, (long) (bytes * MEMORY_SHARE) / (1 << 20));
    }

    /** A connection whose errors are JSON with a position; the caller closes it. */
    Connection connect() throws SQLException {
        Connection connection = root.duplicate();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET errors_as_json = true");
            statement.execute("SET TimeZone = 'UTC'");
        }
        return connection;
    }

    /** What {@link #work} does with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Lends a connection for a while; {@link #cancel} ends what runs on it. */
    <T> T work(Work<T> work) throws SQLException {
        if (only.isPresent()) {
            return work(only.get(), work);
        }
        try (Connection connection = connect()) {
            return work(connection, work);
        }
    }

    private <T> T work(Connection connection, Work<T> work) throws SQLException {
        Set<Statement> mine = ConcurrentHashMap.newKeySet();
        try {
            if (activity.cancelled) {
                throw new SQLException("INTERRUPT Error: the run was stopped");
            }
            return work.with(tracked(connection, mine));
        } finally {
            activity.running.removeAll(mine);
        }
    }

    /** The same database through one connection, for one thread at a time; closing it closes that. */
    Database throughOne() throws SQLException {
        return new Database(root, activity, Optional.of(connect()));
    }

    /**
     * The connection, noting each statement that it makes. DuckDB's cancel does nothing on a statement that is not itself
     * at work, so one handle for a connection would not do.
     */
    private Connection tracked(Connection connection, Set<Statement> mine) {
        return (Connection) Proxy.newProxyInstance(
                Database.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(connection, arguments);
                        if (result instanceof Statement statement) {
                            mine.add(statement);
                            activity.running.add(statement);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Runs a statement that answers with nothing but a number of rows; gives that number. */
    long execute(String sql) throws SQLException {
        return work(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return statement.getLargeUpdateCount();
            }
        });
    }

    /** All rows of a small result, each value as text. */
    List<List<@Nullable String>> rows(String sql) throws SQLException {
        return work(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                return rows(result);
            }
        });
    }

    private static List<List<@Nullable String>> rows(ResultSet result) throws SQLException {
        List<List<@Nullable String>> rows = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<@Nullable String> row = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                row.add(result.getString(i));
            }
            rows.add(row);
        }
        return rows;
    }

    /** The rows of a small result with their columns. */
    Sample sample(String sql) throws SQLException {
        return work(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                return new Sample(columns(result.getMetaData()), shown(result));
            }
        });
    }

    private static List<dev.tarn.core.engine.Column> columns(ResultSetMetaData meta) throws SQLException {
        List<dev.tarn.core.engine.Column> columns = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(new dev.tarn.core.engine.Column(meta.getColumnName(i), meta.getColumnTypeName(i)));
        }
        return columns;
    }

    private static List<List<Optional<String>>> shown(ResultSet result) throws SQLException {
        return rows(result).stream()
                .map(row -> row.stream().map(Database::shown).toList())
                .toList();
    }

    private static Optional<String> shown(@Nullable String value) {
        return Optional.ofNullable(value)
                .map(text -> text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…");
    }

    /** The columns of a query, in order. */
    List<Column> describe(String query) throws SQLException {
        return rows("DESCRIBE " + query).stream()
                .map(row -> new Column(String.valueOf(row.get(0)), String.valueOf(row.get(1))))
                .toList();
    }

    /** A column's name and DuckDB type. */
    record Column(String name, String type) {}

    /**
     * Ends running statements and refuses new ones. A unit of work may be between two statements just now, so the
     * interrupts are repeated until none is left.
     */
    void cancel() {
        activity.cancelled = true;
        Thread interrupter = new Thread(this::interruptAll, "tarn-interrupt");
        interrupter.setDaemon(true);
        interrupter.start();
    }

    private void interruptAll() {
        while (!activity.running.isEmpty()) {
            activity.running.forEach(Database::interrupt);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static void interrupt(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            // Closed in the meantime: what it did has ended.
            return;
        }
    }

    @Override
    public void close() {
        try {
            only.<Connection>map(connection -> connection).orElse(root).close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not close: " + e.getMessage(), e);
        }
    }
}
