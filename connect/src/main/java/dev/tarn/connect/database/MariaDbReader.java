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
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a table or query of MariaDB as a stream, in one consistent snapshot; a large table in ranges of a key on several
 * connections.
 */
final class MariaDbReader implements TableReader {

    /** Rows that the driver holds at a time. */
    private static final int FETCH = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger("dev.tarn.connect");

    private final Server server;
    private final List<Connection> connections;
    private final String source;
    private final String title;
    private final List<ReadColumn> columns;
    private final MariaDbKeys keys;

    private MariaDbReader(
            Server server,
            List<Connection> connections,
            String source,
            String title,
            List<ReadColumn> columns,
            MariaDbKeys keys) {
        this.server = server;
        this.connections = connections;
        this.source = source;
        this.title = title;
        this.columns = columns;
        this.keys = keys;
    }

    static TableReader open(Server server, String table, SqlRead read) throws ConnectionException {
        Connection connection = server.connect();
        List<Connection> all = List.of(connection);
        boolean opened = false;
        try {
            SqlName name = SqlName.of(table, DatabaseConnection.Kind.MARIADB);
            Optional<String> query = read.query().map(text -> SqlQuery.withoutEnd(text.text()));
            String source = query.map(text -> "(" + text + "\n) AS tarn_query").orElseGet(name::quoted);
            String title = query.isPresent() ? "the query" : "table '" + name + "'";
            MariaDbKeys keys = query.isPresent() ? MariaDbKeys.NONE : MariaDbKeys.of(connection, name, read);
            int readers = query.isPresent() ? 1 : keys.readers(columns(connection, source, name), title);
            if (readers == 1 && (read.splitBy().isPresent() || read.parallel().orElse(1) > 1)) {
                LOG.warn(
                        "{} is read by one connection: it is no table of InnoDB, or no whole number is its key", title);
            }
            MariaDbSnapshots snapshots = readers == 1
                    ? MariaDbSnapshots.one(connection)
                    : MariaDbSnapshots.many(server, name, connection, readers);
            all = snapshots.connections();
            snapshots
                    .reason()
                    .ifPresent(why -> LOG.warn("{} is read by one connection instead of {}: {}", title, readers, why));
            MariaDbReader reader =
                    new MariaDbReader(server, all, source, title, columns(connection, source, name), keys);
            opened = true;
            return reader;
        } catch (SQLException e) {
            throw server.errors().of(e);
        } finally {
            if (!opened) {
                all.forEach(server::close);
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

    @Override
    public List<ReadColumn> columns() {
        return columns;
    }

    @Override
    public long read(Sinks sinks) throws ConnectionException, SQLException, InterruptedException {
        try {
            Queue<String> ranges = new ConcurrentLinkedQueue<>(
                    connections.size() == 1
                            ? List.of("")
                            : keys.ranges(connections.get(0), columns, source, connections.size() * Readers.RANGES));
            return connections.size() == 1
                    ? read(connections.get(0), ranges, sinks)
                    : Readers.run(connections.size(), ranges, n -> read(connections.get(n), ranges, sinks));
        } catch (SQLException e) {
            if (DatabaseErrors.isDrivers(e)) {
                throw server.errors().of(e);
            }
            throw e;
        }
    }

    private long read(Connection connection, Queue<String> ranges, Sinks sinks)
            throws ConnectionException, SQLException {
        String selected = columns.stream().map(ReadColumn::expression).collect(Collectors.joining(", "));
        long count = 0;
        try (RowSink sink = sinks.open()) {
            for (String range = ranges.poll(); range != null; range = ranges.poll()) {
                String sql = "SELECT " + selected + " FROM " + source + (range.isEmpty() ? "" : " WHERE " + range);
                try (Statement statement = connection.createStatement()) {
                    statement.setFetchSize(FETCH);
                    try (ResultSet rows = statement.executeQuery(sql)) {
                        count += hand(rows, sink);
                    }
                }
            }
        } catch (ConnectionException | SQLException | RuntimeException e) {
            ranges.clear();
            throw e;
        }
        return count;
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
        List<String> shown = new ArrayList<>();
        for (String name : keys.primary()) {
            for (int k = 0; k < columns.size(); k++) {
                if (columns.get(k).name().equals(name)) {
                    shown.add(name + " = " + rows.getString(k + 1));
                }
            }
        }
        String row = shown.isEmpty() ? "row " + number : "the row with " + String.join(", ", shown);
        String name = columns.get(i).name();
        return new ConnectionException(
                Kind.VALUE,
                "column '" + name + "' of " + title + " holds " + value + " in " + row
                        + ", which a column of its type cannot hold here",
                "leave the row out or convert the value with a 'query', for example CAST(" + name + " AS CHAR)");
    }

    @Override
    public void close() {
        connections.forEach(server::close);
    }
}
