package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.LocalServices;
import dev.tarn.core.project.SqlRead;
import dev.tarn.core.project.WriteMode;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The databases of a project. Thread-safe; nothing is connected before it is used. */
public final class Databases {

    private final Connections connections;
    private final Map<String, Server> servers = new ConcurrentHashMap<>();

    public Databases(Connections connections) {
        this.connections = connections;
    }

    private Server server(String name) {
        return servers.computeIfAbsent(
                name,
                n -> new Server(
                        connections
                                .database(n)
                                .orElseThrow(() -> new IllegalStateException("no database connection '" + n + "'")),
                        connections));
    }

    /**
     * Opens a table or a query for reading.
     *
     * @param table {@code table} or {@code schema.table}; not looked at if there is a query
     */
    public TableReader read(String connection, String table, SqlRead read) throws ConnectionException {
        Server server = server(connection);
        return server.declared().kind() == DatabaseConnection.Kind.POSTGRES
                ? PostgresReader.open(server, table, read)
                : MariaDbReader.open(server, table, read);
    }

    /**
     * Begins to write to a table; one that does not exist is made.
     *
     * @param keys of an upsert: the columns by which rows are the same
     */
    public TableWriter write(
            String connection, String table, WriteMode mode, List<String> keys, List<WriteColumn> columns)
            throws ConnectionException {
        Server server = server(connection);
        return server.declared().kind() == DatabaseConnection.Kind.POSTGRES
                ? PostgresWriter.begin(server, table, mode, keys, columns)
                : MariaDbWriter.begin(server, table, mode, keys, columns);
    }

    /** Connects and says who answers, such as {@code PostgreSQL 17.11}. */
    public String test(String connection) throws ConnectionException {
        Server server = server(connection);
        Connection opened = server.connect();
        try {
            String version = opened.getMetaData().getDatabaseProductVersion();
            return server.declared().kind().title() + " " + version.replaceFirst("^5\\.5\\.5-", "");
        } catch (java.sql.SQLException e) {
            throw server.errors().of(e);
        } finally {
            server.close(opened);
        }
    }

    /** Where a database is, and how to get in; nothing is connected. */
    public LocalServices.Endpoint endpoint(String connection) throws ConnectionException {
        return server(connection).endpoint();
    }

    /** Breaks off all reading and writing; what was not committed is gone. */
    public void cancel() {
        servers.values().forEach(Server::cancel);
    }
}
