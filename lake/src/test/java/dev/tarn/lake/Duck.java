package dev.tarn.lake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A DuckDB for a test, asked in one line. */
final class Duck implements AutoCloseable {
    private final Connection connection;

    Duck() throws SQLException {
        connection = OwnDuckDb.open();
        run("SET TimeZone = 'UTC'");
        // With them, one in ten COPYs that fail midway never returned in DuckDB 2.0.0: AbortWrites waits, with the lock
        // of its
        // queue, for a writer that wants it.
        run("SET async_threads = 0");
    }

    Connection connection() {
        return connection;
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The rows as text, values separated by a bar. */
    List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (" + sql + ")")) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(result.getString(i));
                }
                rows.add(String.join("|", values.stream().map(String::valueOf).toList()));
            }
        }
        return rows;
    }

    String value(String sql) throws SQLException {
        return rows(sql).get(0);
    }

    /** Column names and types, such as {@code a BIGINT}. */
    List<String> columns(String sql) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("DESCRIBE " + sql)) {
            while (result.next()) {
                columns.add(result.getString(1) + " " + result.getString(2));
            }
        }
        return columns;
    }

    /** How many rows of the first query are not in the second, and the other way round, counting duplicates. */
    String difference(String left, String right) throws SQLException {
        return value("SELECT (SELECT count(*) FROM (FROM (" + left + ") EXCEPT ALL FROM (" + right + "))), "
                + "(SELECT count(*) FROM (FROM (" + right + ") EXCEPT ALL FROM (" + left + ")))");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
