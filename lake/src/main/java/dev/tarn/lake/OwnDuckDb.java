package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/** Opens a DuckDB in memory for what a user's connection, with its settings and transaction, should not see. */
final class OwnDuckDb {
    private OwnDuckDb() {}

    static Connection open() throws SQLException {
        Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        if (connection == null) {
            throw new SQLException("DuckDB did not open");
        }
        return connection;
    }
}
