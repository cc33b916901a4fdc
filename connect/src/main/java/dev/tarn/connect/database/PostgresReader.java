package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.project.SqlRead;
import dev.tarn.core.source.Names;
import java.math.BigInteger;
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
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads a table or query of PostgreSQL by COPY in its binary format, in ranges of a key on several connections, all of
 * which see one snapshot.
 */
final class PostgresReader implements TableReader {

    private final Server server;
    private final Connection first;
    private final String source;
    private final String title;
    private final SqlRead read;
    private final List<ReadColumn> columns;
    private final List<String> key;
    private final long estimate;

    private PostgresReader(
            Server server,
            Connection first,
            String source,
            String title,
            SqlRead read,
            List<ReadColumn> columns,
            List<String> key,
            long estimate) {
        this.server = server;
        this.first = first;
        this.source = source;
        this.title = title;
        this.read = read;
        this.columns = columns;
        this.key = key;
        this.estimate = estimate;
    }

    static TableReader open(Server server, String table, SqlRead read) throws ConnectionException {
        Connection connection = server.connect();
        boolean opened = false;
        try {
            execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            SqlName name = SqlName.of(table, DatabaseConnection.Kind.POSTGRES);
            boolean isQuery = read.query().isPresent();
            String source = read.query()
                    .map(query -> "(" + SqlQuery.withoutEnd(query.text()) + "\n) AS tarn_query")
                    .orElseGet(name::quoted);
            List<ReadColumn> columns = columns(connection, source);
            PostgresReader reader = new PostgresReader(
                    server,
                    connection,
                    source,
                    isQuery ? "the query" : "table '" + name + "'",
                    read,
                    columns,
                    isQuery ? List.of() : key(connection, name),
                    isQuery ? 0 : estimate(connection, name));
            reader.checkSplit();
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

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<ReadColumn> columns(Connection connection, String source)
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
                            "two columns are called " + Names.quoted(name) + " but for upper and lower case",
                            "read with a 'query' that gives each its own name");
                }
                columns.add(PostgresTypes.column(
                        name,
                        meta.getColumnTypeName(i).replaceFirst("^\"?pg_catalog\"?\\.", ""),
                        meta.getPrecision(i),
                        meta.getScale(i),
                        '"' + name.replace("\"", "\"\"") + '"'));
            }
        }
        if (columns.isEmpty()) {
            throw new ConnectionException(Kind.SCHEMA, "it has no columns", "read something else");
        }
        return columns;
    }

    /** The columns of the primary key. */
    private static List<String> key(Connection connection, SqlName name) throws SQLException {
        String sql = "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
                + " AND a.attnum = ANY(i.indkey) WHERE i.indisprimary AND i.indrelid = ?::regclass";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.quoted());
            List<String> key = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    key.add(rows.getString(1));
                }
            }
            return key;
        }
    }

    private static long estimate(Connection connection, SqlName name) throws SQLException {
        String sql =
                "SELECT greatest(reltuples, pg_relation_size(oid) / 400)::int8 FROM pg_class WHERE oid = ?::regclass";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.quoted());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    private void checkSplit() throws ConnectionException {
        if (read.splitBy().isPresent() && split().isEmpty()) {
            String column = read.splitBy().get();
            Optional<ReadColumn> found =
                    columns.stream().filter(c -> c.name().equals(column)).findFirst();
            List<String> whole = columns.stream()
                    .filter(PostgresTypes::isWhole)
                    .map(ReadColumn::name)
                    .toList();
            throw new ConnectionException(
                    Kind.SCHEMA,
                    found.isPresent()
                            ? "split_by " + Names.quoted(column) + " is of type "
                                    + found.get().sourceType() + ", and ranges are of whole numbers"
                            : "split_by " + Names.quoted(column) + " is no column of " + title,
                    whole.isEmpty() ? "remove split_by" : "name one of " + String.join(", ", whole));
        }
    }

    @Override
    public List<ReadColumn> columns() {
        return columns;
    }

    /** The column whose ranges are read. */
    private Optional<ReadColumn> split() {
        Optional<String> name = read.splitBy().or(() -> key.size() == 1 ? Optional.of(key.get(0)) : Optional.empty());
        return columns.stream()
                .filter(c -> PostgresTypes.isWhole(c) && name.equals(Optional.of(c.name())))
                .findFirst();
    }

    private int readers() {
        boolean asked = read.parallel().isPresent() || read.splitBy().isPresent();
        if (split().isEmpty()) {
            return 1;
        }
        return read.parallel().orElse(asked || estimate >= Readers.LARGE ? Readers.USUAL : 1);
    }

    @Override
    public long read(Sinks sinks) throws ConnectionException, SQLException, InterruptedException {
        try {
            int readers = readers();
            return readers == 1
                    ? read(first, new ConcurrentLinkedQueue<>(List.of("")), sinks)
                    : inParallel(readers, sinks);
        } catch (SQLException e) {
            if (DatabaseErrors.isDrivers(e)) {
                throw server.errors().of(e);
            }
            throw e;
        }
    }

    private long inParallel(int readers, Sinks sinks) throws ConnectionException, SQLException, InterruptedException {
        Queue<String> ranges =
                new ConcurrentLinkedQueue<>(ranges(split().orElseThrow().name(), readers * Readers.RANGES));
        String snapshot;
        try (Statement statement = first.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
            row.next();
            snapshot = row.getString(1);
        }
        return Readers.run(
                readers,
                ranges,
                number -> number == 0 ? read(first, ranges, sinks) : readSnapshot(snapshot, ranges, sinks));
    }

    private long readSnapshot(String snapshot, Queue<String> ranges, Sinks sinks)
            throws ConnectionException, SQLException {
        Connection connection = server.connect();
        try {
            execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            execute(connection, "SET TRANSACTION SNAPSHOT '" + snapshot.replace("'", "''") + "'");
            return read(connection, ranges, sinks);
        } catch (SQLException e) {
            if (DatabaseErrors.isDrivers(e)) {
                throw server.errors().of(e);
            }
            throw e;
        } finally {
            server.close(connection);
        }
    }

    /** Conditions that each row fulfils one of. */
    private List<String> ranges(String column, int wanted) throws SQLException {
        String name = '"' + column.replace("\"", "\"\"") + '"';
        BigInteger least;
        BigInteger most;
        try (Statement statement = first.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT min(" + name + ")::text, max(" + name + ")::text FROM " + source)) {
            row.next();
            if (row.getString(1) == null) {
                return List.of("");
            }
            least = new BigInteger(row.getString(1));
            most = new BigInteger(row.getString(2));
        }
        return KeyRanges.conditions(name, least, most, wanted, "'");
    }

    private long read(Connection connection, Queue<String> ranges, Sinks sinks)
            throws ConnectionException, SQLException {
        long rows = 0;
        try (RowSink sink = sinks.open()) {
            for (String range = ranges.poll(); range != null; range = ranges.poll()) {
                rows += copy(connection, range, sink);
            }
        } catch (ConnectionException | SQLException | RuntimeException e) {
            ranges.clear();
            throw e;
        }
        return rows;
    }

    private long copy(Connection connection, String range, RowSink sink) throws ConnectionException, SQLException {
        String selected = columns.stream().map(ReadColumn::expression).collect(Collectors.joining(", "));
        String sql = "COPY (SELECT " + selected + " FROM " + source + (range.isEmpty() ? "" : " WHERE " + range)
                + ") TO STDOUT (FORMAT binary)";
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        CopyRows rows = new CopyRows(columns);
        try {
            for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
                rows.take(message, sink);
            }
            return rows.rows();
        } catch (CopyRows.Refused e) {
            throw refused(e, rows);
        } finally {
            if (copy.isActive()) {
                // The rest would come first: nothing else is done on this connection.
                connection.abort(Runnable::run);
            }
        }
    }

    private ConnectionException refused(CopyRows.Refused e, CopyRows rows) {
        ReadColumn column = columns.get(e.column());
        String row = key.isEmpty()
                ? "row " + (rows.rows() + 1)
                : "the row with "
                        + key.stream()
                                .map(name -> name + " = " + rows.shown(indexOf(name)))
                                .collect(Collectors.joining(", "));
        return new ConnectionException(
                Kind.VALUE,
                "column '" + column.name() + "' of " + title + " holds " + e.value() + " in " + row
                        + ", which a column of its type cannot hold here",
                "leave the row out or convert the value with a 'query', for example " + column.name() + "::text");
    }

    private int indexOf(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException("no column " + name);
    }

    @Override
    public void close() {
        server.close(first);
    }
}
