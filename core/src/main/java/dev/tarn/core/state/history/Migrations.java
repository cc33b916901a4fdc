package dev.tarn.core.state.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Brings a database to the newest version of its tables, by the scripts {@code 1.sql}, {@code 2.sql} and so on beside this
 * class. A script that was released never changes.
 */
final class Migrations {

    static final int NEWEST = 2;

    private Migrations() {}

    /** The version of the tables; 0 when there are none yet. */
    static int version(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT version FROM schema_version")) {
            return rows.next() ? rows.getInt(1) : 0;
        } catch (SQLException noTable) {
            // Every database says this in other words; where the reason is another one, creating the table says so.
            return 0;
        }
    }

    /** Runs the missing scripts; to be called in a transaction that no other process can enter. */
    static void run(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
            for (int next = version(connection) + 1; next <= NEWEST; next++) {
                for (String sql : script(next).split(";\\s*\n", 0)) {
                    statement.execute(sql);
                }
                statement.execute("DELETE FROM schema_version");
                statement.execute("INSERT INTO schema_version VALUES (" + next + ")");
            }
        }
    }

    private static String script(int version) {
        try (InputStream in = Migrations.class.getResourceAsStream(version + ".sql")) {
            if (in == null) {
                throw new IllegalStateException("no script for version " + version);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the script for version " + version + " cannot be read", e);
        }
    }
}
