package dev.tarn.connect.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.project.WriteMode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes to MariaDB in one transaction. Making a table would end it, so a new one is filled under another name and renamed
 * by the commit. Tarn's own writers of one table wait for each other.
 */
final class MariaDbWriter implements TableWriter {

    private static final int BATCH = 1_000;
    private static final int LOCK_SECONDS = 60;
    private static final String STAGE = "`tarn_rows`";

    private final Server server;
    private final Connection connection;
    private final SqlName table;
    private final @Nullable SqlName unfinished;
    private final WriteMode mode;
    private final Rows rows;
    private final PreparedStatement insert;
    private int waiting;
    private boolean committed;

    private MariaDbWriter(
            Server server,
            Connection connection,
            SqlName table,
            @Nullable SqlName unfinished,
            WriteMode mode,
            Rows rows,
            PreparedStatement insert) {
        this.server = server;
        this.connection = connection;
        this.table = table;
        this.unfinished = unfinished;
        this.mode = mode;
        this.rows = rows;
        this.insert = insert;
    }

    static TableWriter begin(
            Server server, String declared, WriteMode mode, List<String> keys, List<WriteColumn> columns)
            throws ConnectionException {
        SqlName table = SqlName.of(declared, DatabaseConnection.Kind.MARIADB);
        Connection connection = server.connect();
        boolean begun = false;
        try {
            String id = lock(connection, table);
            boolean isNew = isNew(connection, table, mode);
            SqlName unfinished = isNew ? table.withTable("tarn_new_" + id) : null;
            if (unfinished != null) {
                // Who holds the lock is alone: what is there was left by a process that was killed.
                execute(connection, "DROP TABLE IF EXISTS " + unfinished.quoted());
                execute(connection, NewTable.sql(unfinished, columns, keys, DatabaseConnection.Kind.MARIADB));
            }
            SqlName target = unfinished == null ? table : unfinished;
            Rows rows = Rows.of(columns, targets(connection, target), keys, DatabaseConnection.Kind.MARIADB);
            connection.setAutoCommit(false);
            boolean upsert = mode == WriteMode.UPSERT && !isNew;
            if (upsert) {
                checkUnique(connection, table, rows);
                execute(connection, "CREATE TEMPORARY TABLE " + STAGE + " LIKE " + table.quoted());
            } else if (mode == WriteMode.OVERWRITE && !isNew) {
                execute(connection, "DELETE FROM " + table.quoted());
            }
            PreparedStatement insert = connection.prepareStatement("INSERT INTO "
                    + (upsert ? STAGE : target.quoted()) + " (" + quoted(table, rows.names()) + ") VALUES ("
                    + String.join(", ", java.util.Collections.nCopies(columns.size(), "?")) + ")");
            begun = true;
            return new MariaDbWriter(server, connection, table, unfinished, mode, rows, insert);
        } catch (SQLException e) {
            throw server.errors().of(e);
        } finally {
            if (!begun) {
                server.close(connection);
            }
        }
    }

    /** Released when the connection ends. Gives what the table's unfinished twin is called by. */
    private static String lock(Connection connection, SqlName table) throws SQLException, ConnectionException {
        String database;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT database()")) {
            row.next();
            database = table.schema().orElse(String.valueOf(row.getString(1)));
        }
        String id = hash(database + "." + table.table());
        try (PreparedStatement statement = connection.prepareStatement("SELECT get_lock(?, ?)")) {
            statement.setString(1, "tarn." + id);
            statement.setInt(2, LOCK_SECONDS);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getInt(1) != 1) {
                    throw new ConnectionException(
                            Kind.CONFLICT,
                            "another run writes to table '" + table + "' for more than " + LOCK_SECONDS + " s",
                            "wait for it, and run again");
                }
            }
        }
        return id;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 24);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static boolean isNew(Connection connection, SqlName table, WriteMode mode)
            throws SQLException, ConnectionException {
        String sql = "SELECT table_type, engine FROM information_schema.tables"
                + " WHERE table_schema = coalesce(?, database()) AND table_name = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.schema().orElse(null));
            statement.setString(2, table.table());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return true;
                }
                if (mode == WriteMode.ERROR_IF_EXISTS) {
                    throw new ConnectionException(
                            Kind.EXISTS, "table '" + table + "' already exists", "drop it, or use another mode");
                }
                if (!"BASE TABLE".equals(row.getString(1))) {
                    throw new ConnectionException(Kind.SCHEMA, "'" + table + "' is no table", "write to a table");
                }
                if (!"InnoDB".equalsIgnoreCase(row.getString(2))) {
                    throw new ConnectionException(
                            Kind.SCHEMA,
                            "table '" + table + "' has the engine " + row.getString(2)
                                    + ", which cannot take back what was half written",
                            "ALTER TABLE " + table.quoted() + " ENGINE InnoDB");
                }
                return false;
            }
        }
    }

    private static List<TargetColumn> targets(Connection connection, SqlName table) throws SQLException {
        String sql = "SELECT column_name, data_type, column_type, character_maximum_length, numeric_precision,"
                + " numeric_scale, datetime_precision FROM information_schema.columns"
                + " WHERE table_schema = coalesce(?, database()) AND table_name = ? AND is_generated = 'NEVER'"
                + " ORDER BY ordinal_position";
        List<TargetColumn> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.schema().orElse(null));
            statement.setString(2, table.table());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String type = row.getString(2).toLowerCase(Locale.ROOT);
                    boolean isTime = type.equals("time") || type.equals("datetime") || type.equals("timestamp");
                    int limit = type.equals("decimal") ? 5 : isTime ? 7 : 4;
                    String length = row.getString(limit);
                    columns.add(new TargetColumn(
                            row.getString(1),
                            type,
                            row.getString(3),
                            length == null ? -1 : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(length)),
                            row.getString(6) == null ? 0 : row.getInt(6)));
                }
            }
        }
        return columns;
    }

    /** ON DUPLICATE KEY UPDATE would take any unique key, so it is not used, and the named one must be there. */
    private static void checkUnique(Connection connection, SqlName table, Rows rows)
            throws SQLException, ConnectionException {
        String sql = "SELECT index_name, column_name, sub_part FROM information_schema.statistics WHERE non_unique = 0"
                + " AND table_schema = coalesce(?, database()) AND table_name = ?";
        Map<String, Set<String>> unique = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.schema().orElse(null));
            statement.setString(2, table.table());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String part = row.getString(2) + (row.getString(3) == null ? "" : " (cut)");
                    unique.computeIfAbsent(row.getString(1), name -> new HashSet<>())
                            .add(part.toLowerCase(Locale.ROOT));
                }
            }
        }
        Set<String> keys =
                rows.keyNames().stream().map(k -> k.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        if (!unique.containsValue(keys)) {
            throw new ConnectionException(
                    Kind.SCHEMA,
                    "table '" + table + "' has no unique key of " + String.join(", ", rows.keyNames()),
                    "make one: ALTER TABLE " + table.quoted() + " ADD UNIQUE (" + quoted(table, rows.keyNames()) + ")");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(SqlName table, List<String> names) {
        return names.stream().map(table::quoted).collect(Collectors.joining(", "));
    }

    @Override
    public void add(@Nullable Object[] values) throws ConnectionException {
        @Nullable Object[] fitted = rows.fit(values);
        try {
            for (int i = 0; i < fitted.length; i++) {
                if (fitted[i] instanceof byte[] bytes) {
                    insert.setBytes(i + 1, bytes);
                } else {
                    insert.setString(i + 1, (String) fitted[i]);
                }
            }
            insert.addBatch();
            if (++waiting == BATCH) {
                send();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void send() throws SQLException {
        if (waiting > 0) {
            insert.executeBatch();
            waiting = 0;
        }
    }

    @Override
    public void finish() throws ConnectionException {
        try {
            send();
            insert.close();
            if (mode == WriteMode.UPSERT && unfinished == null) {
                upsert();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void upsert() throws SQLException {
        String same = rows.keyNames().stream()
                .map(key -> "t." + table.quoted(key) + " = s." + table.quoted(key))
                .collect(Collectors.joining(" AND "));
        String set = rows.otherNames().stream()
                .map(name -> "t." + table.quoted(name) + " = s." + table.quoted(name))
                .collect(Collectors.joining(", "));
        if (!set.isEmpty()) {
            execute(connection, "UPDATE " + table.quoted() + " t JOIN " + STAGE + " s ON " + same + " SET " + set);
        }
        String names = quoted(table, rows.names());
        String from = rows.names().stream().map(n -> "s." + table.quoted(n)).collect(Collectors.joining(", "));
        execute(
                connection,
                "INSERT INTO " + table.quoted() + " (" + names + ") SELECT " + from + " FROM " + STAGE
                        + " s WHERE NOT EXISTS (SELECT 1 FROM " + table.quoted() + " t WHERE " + same + ")");
    }

    private ConnectionException failed(SQLException e) throws ConnectionException {
        boolean duplicate = e.getErrorCode() == 1062
                || (e.getCause() instanceof SQLException cause && cause.getErrorCode() == 1062);
        if (duplicate && mode == WriteMode.UPSERT) {
            return new ConnectionException(
                    Kind.VALUE,
                    "rows have the same key: " + DatabaseErrors.said(e),
                    "let one row for each key through; in MariaDB keys that differ in case or trailing spaces may be the same",
                    e);
        }
        return server.errors().of(e);
    }

    @Override
    public void commit() throws ConnectionException {
        try {
            connection.commit();
            if (unfinished != null) {
                execute(connection, "RENAME TABLE " + unfinished.quoted() + " TO " + table.quoted());
            }
            committed = true;
        } catch (SQLException e) {
            throw Server.unknownCommit(table, e);
        }
    }

    @Override
    public void close() {
        try {
            if (!committed) {
                connection.rollback();
                if (unfinished != null) {
                    execute(connection, "DROP TABLE IF EXISTS " + unfinished.quoted());
                }
            }
        } catch (SQLException e) {
            // The server takes back what was not committed; an unfinished table goes with the next write.
            return;
        } finally {
            server.close(connection);
        }
    }
}
