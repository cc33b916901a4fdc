package dev.tarn.core.state.history;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * The SQLite file that holds the history. Any number of processes may have it open: readers never wait (WAL), writers wait
 * for each other. What is committed survives kill -9 and, because each commit is flushed, the loss of power.
 */
final class HistoryDatabase implements AutoCloseable {

    /** How long a writer waits for others; each holds the file for a few milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Statements of one transaction. */
    interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** A query with its parameters set. */
    interface Query<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    private final Path file;
    private final Connection connection;

    private HistoryDatabase(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    static HistoryDatabase open(Path file) {
        try {
            HistoryDatabase database = new HistoryDatabase(file, connect(file));
            try {
                database.migrate();
                return database;
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    /**
     * The number of runs in a file that is as it should be. To open a file in WAL mode makes two others beside it, which
     * a reader may not delete, unless the file is said not to change. It does not while there is no log beside it.
     */
    static int check(Path file) {
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        if (Files.notExists(log)) {
            try {
                return check(file, "jdbc:sqlite:file:" + file.toUri().getRawPath() + "?immutable=1");
            } catch (HistoryException e) {
                if (Files.notExists(log)) {
                    throw e;
                }
                // A run has started meanwhile, and what was read may be half old and half new.
            }
        }
        return check(file, "jdbc:sqlite:" + file);
    }

    private static int check(Path file, String url) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout((int) PATIENCE.toMillis());
        try (Connection connection = config.createConnection(url);
                Statement statement = connection.createStatement()) {
            requireSound(file, statement);
            requireKnown(file, Migrations.version(connection));
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM run")) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    private static void requireSound(Path file, Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
            if (rows.next() && !"ok".equals(rows.getString(1))) {
                throw new HistoryException(
                        "'" + file + "' is damaged: " + rows.getString(1), "move it away to start a new history");
            }
        }
    }

    /** Loads the driver and its native library, which takes longer than all that a run then writes. */
    static void load() {
        try {
            new SQLiteConfig().createConnection("jdbc:sqlite::memory:").close();
        } catch (SQLException | LinkageError e) {
            // Opening the file meets it again, and says so.
            return;
        }
    }

    /** The change to WAL, once in a file's life, is refused while others do the same, without waiting for them. */
    private static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout((int) PATIENCE.toMillis());
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.enforceForeignKeys(true);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return config.createConnection("jdbc:sqlite:" + file);
            } catch (SQLException e) {
                if (!isBusy(e) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private static boolean isBusy(SQLException e) {
        int primary = e.getErrorCode() & 0xff;
        return primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code;
    }

    private void migrate() {
        int version = Migrations.version(connection);
        if (version < Migrations.NEWEST) {
            transaction(Migrations::run);
        }
        requireKnown(file, version);
    }

    private static void requireKnown(Path file, int version) {
        if (version > Migrations.NEWEST) {
            throw new HistoryException(
                    "'" + file + "' was made by a newer Tarn (its tables have version " + version + ", this Tarn knows "
                            + Migrations.NEWEST + ")",
                    "use that Tarn, or move the file away to start a new history");
        }
    }

    void transaction(Work work) {
        try {
            connection.setAutoCommit(false);
            try {
                work.run(connection);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    <T> T query(String sql, Query<T> query, @Nullable Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            return query.run(statement);
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    static int execute(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            return statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    private static HistoryException unusable(Path file, SQLException e) {
        return new HistoryException(
                "'" + file + "' cannot be used: " + e.getMessage(),
                "make its folder writable; if the file is damaged, move it away to start a new history",
                e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }
}
