package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Transactions on several connections that see one table at the same moment. MariaDB cannot hand a snapshot on, so the
 * table is locked against writing while they begin: a few round trips, after the transactions that write it now have
 * ended. Equal positions of the binary log would not prove as much: what a session or a filter keeps out of the log moves
 * none.
 *
 * @param connections as many as asked for with the first, or the first alone
 * @param reason why there is the first alone
 */
record MariaDbSnapshots(List<Connection> connections, Optional<String> reason) {

    private static final String BEGIN = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    /** While a lock is waited for, others that want to write wait behind it. */
    private static final String WAIT_SECONDS = "1";

    private static final int TABLE_ACCESS_DENIED = 1142;
    private static final int DATABASE_ACCESS_DENIED = 1044;
    private static final int LOCK_WAIT_TIMEOUT = 1205;

    MariaDbSnapshots {
        connections = List.copyOf(connections);
    }

    /** One transaction, on the connection. */
    static MariaDbSnapshots one(Connection first) throws SQLException {
        execute(first, BEGIN);
        return new MariaDbSnapshots(List.of(first), Optional.empty());
    }

    /** As many as wanted, or one if the table cannot be locked. The caller closes all but the first, too. */
    static MariaDbSnapshots many(Server server, SqlName table, Connection first, int wanted)
            throws ConnectionException, SQLException {
        List<Connection> all = new ArrayList<>(List.of(first));
        boolean begun = false;
        Connection locker = server.connect();
        try {
            for (int i = 1; i < wanted; i++) {
                all.add(server.connect());
            }
            Optional<String> refused = lock(locker, table);
            if (refused.isPresent()) {
                execute(first, BEGIN);
                begun = true;
                closeOthers(server, all);
                return new MariaDbSnapshots(List.of(first), refused);
            }
            for (Connection connection : all) {
                execute(connection, BEGIN);
                // From now on nobody can alter or truncate the table before the transaction's end.
                execute(connection, "SELECT 1 FROM " + table.quoted() + " LIMIT 1");
            }
            begun = true;
            return new MariaDbSnapshots(all, Optional.empty());
        } finally {
            server.close(locker);
            if (!begun) {
                closeOthers(server, all);
            }
        }
    }

    private static void closeOthers(Server server, List<Connection> all) {
        all.subList(1, all.size()).forEach(server::close);
    }

    /** Why it was not locked, if it was not. */
    private static Optional<String> lock(Connection locker, SqlName table) throws SQLException {
        execute(locker, "SET SESSION lock_wait_timeout = " + WAIT_SECONDS);
        try {
            execute(locker, "LOCK TABLES " + table.quoted() + " READ");
            return Optional.empty();
        } catch (SQLException e) {
            return switch (e.getErrorCode()) {
                case TABLE_ACCESS_DENIED, DATABASE_ACCESS_DENIED ->
                    Optional.of(
                            "the user has no right to lock it for the moment in which they begin (GRANT LOCK TABLES)");
                case LOCK_WAIT_TIMEOUT ->
                    Optional.of("somebody was writing to it for longer than " + WAIT_SECONDS
                            + " s, and it had to be locked for the moment in which they begin");
                default -> throw e;
            };
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
