package dev.tarn.connect.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.project.WriteMode;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writes to PostgreSQL by COPY, all in one transaction, a new table included. */
final class PostgresWriter implements TableWriter {

    private static final int BUFFER = 1 << 16;
    private static final String STAGE = "pg_temp.tarn_rows";

    private final Server server;
    private final Connection connection;
    private final SqlName table;
    private final WriteMode mode;
    private final Rows rows;
    private final CopyIn copy;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(BUFFER + 4096);

    private PostgresWriter(
            Server server, Connection connection, SqlName table, WriteMode mode, Rows rows, CopyIn copy) {
        this.server = server;
        this.connection = connection;
        this.table = table;
        this.mode = mode;
        this.rows = rows;
        this.copy = copy;
    }

    static TableWriter begin(
            Server server, String declared, WriteMode mode, List<String> keys, List<WriteColumn> columns)
            throws ConnectionException {
        SqlName table = SqlName.of(declared, DatabaseConnection.Kind.POSTGRES);
        Connection connection = server.connect();
        boolean begun = false;
        try {
            execute(connection, "BEGIN");
            prepareTable(connection, table, mode, keys, columns);
            Rows rows = Rows.of(columns, targets(connection, table), keys, DatabaseConnection.Kind.POSTGRES);
            boolean upsert = mode == WriteMode.UPSERT;
            String names = quoted(table, rows.names());
            if (upsert) {
                execute(
                        connection,
                        "CREATE TEMP TABLE tarn_rows ON COMMIT DROP AS SELECT " + names + " FROM " + table.quoted()
                                + " WITH NO DATA");
            } else if (mode == WriteMode.OVERWRITE) {
                // TRUNCATE would show an empty table to those whose transaction began before.
                execute(connection, "DELETE FROM " + table.quoted());
            }
            CopyIn copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + (upsert ? STAGE : table.quoted()) + " (" + names + ") FROM STDIN");
            begun = true;
            return new PostgresWriter(server, connection, table, mode, rows, copy);
        } catch (SQLException e) {
            throw server.errors().of(e);
        } finally {
            if (!begun) {
                server.close(connection);
            }
        }
    }

    private static void prepareTable(
            Connection connection, SqlName table, WriteMode mode, List<String> keys, List<WriteColumn> columns)
            throws SQLException, ConnectionException {
        String kind = kind(connection, table);
        if (kind.isEmpty()) {
            execute(connection, NewTable.sql(table, columns, keys, DatabaseConnection.Kind.POSTGRES));
            return;
        }
        if (mode == WriteMode.ERROR_IF_EXISTS) {
            throw new ConnectionException(
                    Kind.EXISTS, "table '" + table + "' already exists", "drop it, or use another mode");
        }
        if (!kind.equals("r") && !kind.equals("p")) {
            throw new ConnectionException(
                    Kind.SCHEMA,
                    "'" + table + "' is no table",
                    "write to a table: views and foreign tables are read only");
        }
        if (mode == WriteMode.OVERWRITE) {
            // Of two that overwrite at the same time both would otherwise leave their rows. Readers go on.
            execute(connection, "LOCK TABLE " + table.quoted() + " IN SHARE ROW EXCLUSIVE MODE");
        }
    }

    /** What kind of relation it is; empty if there is none. */
    private static String kind(Connection connection, SqlName table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT relkind FROM pg_class WHERE oid = to_regclass(?)")) {
            statement.setString(1, table.quoted());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : "";
            }
        }
    }

    private static List<TargetColumn> targets(Connection connection, SqlName table) throws SQLException {
        String sql = "SELECT attname, format_type(atttypid, atttypmod), format_type(atttypid, NULL),"
                + " information_schema._pg_char_max_length(atttypid, atttypmod),"
                + " information_schema._pg_numeric_precision(atttypid, atttypmod),"
                + " information_schema._pg_numeric_scale(atttypid, atttypmod),"
                + " information_schema._pg_datetime_precision(atttypid, atttypmod)"
                + " FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped"
                + " AND attgenerated = '' ORDER BY attnum";
        List<TargetColumn> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.quoted());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String type = row.getString(3);
                    int limit = type.equals("numeric") ? 5 : type.startsWith("time") ? 7 : 4;
                    columns.add(new TargetColumn(
                            row.getString(1),
                            type,
                            row.getString(2),
                            row.getObject(limit) == null ? -1 : row.getInt(limit),
                            row.getObject(6) == null ? 0 : row.getInt(6)));
                }
            }
        }
        return columns;
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
        for (int i = 0; i < fitted.length; i++) {
            if (i > 0) {
                buffer.write('\t');
            }
            put(fitted[i]);
        }
        buffer.write('\n');
        if (buffer.size() >= BUFFER) {
            send();
        }
    }

    private void put(@Nullable Object value) {
        if (value == null) {
            buffer.write('\\');
            buffer.write('N');
            return;
        }
        for (byte b : ((String) value).getBytes(UTF_8)) {
            switch (b) {
                case '\\' -> escape('\\');
                case '\t' -> escape('t');
                case '\n' -> escape('n');
                case '\r' -> escape('r');
                default -> buffer.write(b);
            }
        }
    }

    private void escape(char letter) {
        buffer.write('\\');
        buffer.write(letter);
    }

    private void send() throws ConnectionException {
        try {
            byte[] bytes = buffer.toByteArray();
            copy.writeToCopy(bytes, 0, bytes.length);
            buffer.reset();
        } catch (SQLException e) {
            throw server.errors().of(e);
        }
    }

    @Override
    public void finish() throws ConnectionException {
        send();
        try {
            copy.endCopy();
            if (mode == WriteMode.UPSERT) {
                upsert();
            }
            // What is checked at the end of a transaction is checked now, while it can still fail.
            execute(connection, "SET CONSTRAINTS ALL IMMEDIATE");
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void upsert() throws SQLException {
        String names = quoted(table, rows.names());
        String set = rows.otherNames().stream()
                .map(name -> table.quoted(name) + " = excluded." + table.quoted(name))
                .collect(Collectors.joining(", "));
        execute(
                connection,
                "INSERT INTO " + table.quoted() + " (" + names + ") SELECT " + names + " FROM " + STAGE
                        + " ON CONFLICT (" + quoted(table, rows.keyNames()) + ") DO "
                        + (set.isEmpty() ? "NOTHING" : "UPDATE SET " + set));
    }

    private ConnectionException failed(SQLException e) throws ConnectionException {
        String keys = String.join(", ", rows.keyNames());
        if ("42P10".equals(e.getSQLState())) {
            return new ConnectionException(
                    Kind.SCHEMA,
                    "table '" + table + "' has no unique key of " + keys,
                    "make one: CREATE UNIQUE INDEX ON " + table.quoted() + " (" + quoted(table, rows.keyNames()) + ")",
                    e);
        }
        if ("21000".equals(e.getSQLState())) {
            return new ConnectionException(
                    Kind.VALUE,
                    "two of the rows have the same " + keys,
                    "let one row for each key through, for example by QUALIFY row_number() OVER (PARTITION BY " + keys
                            + ") = 1",
                    e);
        }
        return server.errors().of(e);
    }

    @Override
    public void commit() throws ConnectionException {
        try {
            execute(connection, "COMMIT");
        } catch (SQLException e) {
            throw Server.unknownCommit(table, e);
        }
    }

    @Override
    public void close() {
        server.close(connection);
    }
}
