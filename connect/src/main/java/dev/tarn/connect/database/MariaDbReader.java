package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.project.SqlRead;
import dev.tarn.core.source.Names;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a table or query of MariaDB on one connection, as a stream, in one consistent snapshot. */
final class MariaDbReader implements TableReader {

    /** Rows that the driver holds at a time. */
    private static final int FETCH = 2_000;

    private final Server server;
    private final Connection connection;
    private final String source;
    private final String title;
    private final List<ReadColumn> columns;
    private final List<String> key;

    private MariaDbReader(
            Server server,
            Connection connection,
            String source,
            String title,
            List<ReadColumn> columns,
            List<String> key) {
        this.server = server;
        this.connection = connection;
        this.source = source;
        this.title = title;
        this.columns = columns;
        this.key = key;
    }

    static TableReader open(Server server, String table, SqlRead read) throws ConnectionException {
        Connection connection = server.connect();
        boolean opened = false;
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            }
            SqlName name = SqlName.of(table, DatabaseConnection.Kind.MARIADB);
            boolean isQuery = read.query().isPresent();
            String source = read.query()
                    .map(query -> "(" + SqlQuery.withoutEnd(query.text()) + "\n) AS tarn_query")
                    .orElseGet(name::quoted);
            List<ReadColumn> columns = columns(connection, source, name);
            MariaDbReader reader = new MariaDbReader(
                    server,
                    connection,
                    source,
                    isQuery ? "the query" : "table '" + name + "'",
                    columns,
                    isQuery ? List.of() : key(connection, name));
            opened = true;
            return reader;
        } catch (SQLException e) {
            throw server.errors().of(e);
        } finally {
            if (!opened) {
                server.close(connection);
            }
        }
    }

    private static List<ReadColumn> columns(Connection connection, String source, SqlName quoting)
            throws SQLException, ConnectionException {
        List<ReadColumn> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        try (PreparedStatement described = connection.prepareStatement("SELECT * FROM " + source)) {
            ResultSetMetaData meta = described.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                String name = meta.getColumnLabel(i);
                if (!names.add(name.toLowerCase(Locale.ROOT))) {
                    throw new ConnectionException(
                            Kind.SCHEMA,
                            "two columns are called " + Names.quoted(name),
                            "read with a 'query' that gives each its own name");
                }
                columns.add(MariaDbTypes.column(
                        name, meta.getColumnTypeName(i), meta.getPrecision(i), meta.getScale(i), quoting.quoted(name)));
            }
        }
        return columns;
    }

    private static List<String> key(Connection connection, SqlName name) throws SQLException {
        String sql = "SELECT column_name FROM information_schema.key_column_usage WHERE constraint_name = 'PRIMARY'"
                + " AND table_name = ? AND table_schema = coalesce(?, database()) ORDER BY ordinal_position";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.table());
            statement.setString(2, name.schema().orElse(null));
            List<String> key = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    key.add(rows.getString(1));
                }
            }
            return key;
        }
    }

    @Override
    public List<ReadColumn> columns() {
        return columns;
    }

    @Override
    public long read(Sinks sinks) throws ConnectionException, SQLException {
        String selected = columns.stream().map(ReadColumn::expression).collect(Collectors.joining(", "));
        try (RowSink sink = sinks.open();
                Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery("SELECT " + selected + " FROM " + source)) {
                return hand(rows, sink);
            }
        } catch (SQLException e) {
            if (DatabaseErrors.isDrivers(e)) {
                throw server.errors().of(e);
            }
            throw e;
        }
    }

    private long hand(ResultSet rows, RowSink sink) throws ConnectionException, SQLException {
        long count = 0;
        while (rows.next()) {
            sink.beginRow();
            for (int i = 0; i < columns.size(); i++) {
                try {
                    put(rows, i, sink);
                } catch (UnrepresentableException e) {
                    throw refused(rows, i, String.valueOf(e.getMessage()), count + 1);
                }
            }
            sink.endRow();
            count++;
        }
        return count;
    }

    private void put(ResultSet rows, int i, RowSink sink) throws UnrepresentableException, SQLException {
        ColumnType type = columns.get(i).type();
        int column = i + 1;
        if (type.kind() == ColumnType.Kind.BYTES) {
            byte[] bytes = rows.getBytes(column);
            if (bytes == null) {
                sink.putNull();
            } else {
                sink.put(bytes);
            }
            return;
        }
        String text = rows.getString(column);
        if (text == null) {
            sink.putNull();
            return;
        }
        switch (type.kind()) {
            case BOOLEAN -> sink.put(!text.equals("0"));
            case BYTE -> sink.put(Byte.parseByte(text));
            case SHORT -> sink.put(Short.parseShort(text));
            case INTEGER -> sink.put(Integer.parseInt(text));
            case LONG -> sink.put(Long.parseLong(text));
            case DECIMAL -> sink.put(new BigDecimal(text).setScale(type.scale(), java.math.RoundingMode.UNNECESSARY));
            case FLOAT -> sink.put((float) Double.parseDouble(text));
            case DOUBLE -> sink.put(Double.parseDouble(text));
            case TEXT -> sink.put(text);
            case DATE -> sink.putDate(MariaDbText.date(text));
            case TIME -> sink.putTime(MariaDbText.time(text));
            case TIMESTAMP, INSTANT -> sink.putTimestamp(MariaDbText.timestamp(text));
            case UUID, BYTES -> throw new IllegalStateException("MariaDB's " + type.kind() + " are no texts");
        }
    }

    private ConnectionException refused(ResultSet rows, int i, String value, long number) throws SQLException {
        List<String> keys = new ArrayList<>();
        for (String name : key) {
            for (int k = 0; k < columns.size(); k++) {
                if (columns.get(k).name().equals(name)) {
                    keys.add(name + " = " + rows.getString(k + 1));
                }
            }
        }
        String row = keys.isEmpty() ? "row " + number : "the row with " + String.join(", ", keys);
        String name = columns.get(i).name();
        return new ConnectionException(
                Kind.VALUE,
                "column '" + name + "' of " + title + " holds " + value + " in " + row
                        + ", which a column of its type cannot hold here",
                "leave the row out or convert the value with a 'query', for example CAST(" + name + " AS CHAR)");
    }

    @Override
    public void close() {
        server.close(connection);
    }
}
