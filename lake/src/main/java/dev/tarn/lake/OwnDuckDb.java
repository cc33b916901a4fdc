package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/** Opens a DuckDB in memory for what a user's connection, with its settings and transaction, should not see. */
final class OwnDuckDb {
    private static @Nullable DuckDBConnection shared;

    private OwnDuckDb() {}

    /** One of its own, for work that takes settings, much memory or time. */
    static Connection open() throws SQLException {
        Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        if (connection == null) {
            throw new SQLException("DuckDB did not open");
        }
        return connection;
    }

    /** One for threads that work alone, while the caller's waits; it has the settings of that on which files depend. */
    static Connection beside(Scratch scratch, MemoryBudget budget) throws SQLException {
        Connection duckdb = open();
        try {
            for (String setting : List.of(
                    "threads = 1",
                    "async_threads = 0",
                    "memory_limit = '" + budget.beside() + " bytes'",
                    "GLOBAL TimeZone = " + SqlText.literal(setting(scratch, "TimeZone")),
                    "temp_directory = " + SqlText.literal(setting(scratch, "temp_directory")))) {
                execute(duckdb, "SET " + setting);
            }
            return duckdb;
        } catch (SQLException failure) {
            duckdb.close();
            throw failure;
        }
    }

    private static String setting(Scratch scratch, String name) throws SQLException {
        return scratch.rows("SELECT current_setting('" + name + "')").get(0).get(0);
    }

    /**
     * A connection to the one that the whole process has for short questions: to start a DuckDB costs some twenty milliseconds,
     * which is more than most of the answers. Its time zone is UTC; what is set otherwise must be set for the session only.
     */
    static synchronized Connection forQuestion() throws SQLException {
        if (shared != null && answers(shared)) {
            return ready(shared.duplicate());
        }
        shared = null;
        DuckDBConnection first = open().unwrap(DuckDBConnection.class);
        for (String setting : List.of(
                // With background threads a COPY that fails may never return (DuckDB 2.0.0).
                "async_threads = 0",
                // Nothing of the files stays in memory between questions.
                "enable_external_file_cache = false")) {
            execute(first, "SET " + setting);
        }
        shared = first;
        return ready(first.duplicate());
    }

    /** A fatal error leaves a DuckDB that refuses everything. */
    private static boolean answers(Connection connection) {
        try {
            execute(connection, "SELECT 1");
            return true;
        } catch (SQLException invalidated) {
            return false;
        }
    }

    private static Connection ready(Connection connection) throws SQLException {
        execute(connection, "SET SESSION TimeZone = 'UTC'");
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
