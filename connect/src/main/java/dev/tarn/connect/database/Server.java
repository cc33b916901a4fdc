package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.DatabaseConnection.Tls;
import dev.tarn.core.connection.LocalServices.Endpoint;
import dev.tarn.core.connection.SecretText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A database server as one connection of the project describes it. Thread-safe. */
final class Server {

    private static final String CONNECT_SECONDS = "10";

    private final DatabaseConnection declared;
    private final Connections connections;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    Server(DatabaseConnection declared, Connections connections) {
        this.declared = declared;
        this.connections = connections;
    }

    DatabaseConnection declared() {
        return declared;
    }

    /** A new connection, set up so that values come as they are. The caller closes it. */
    Connection connect() throws ConnectionException {
        Endpoint endpoint = endpoint();
        DatabaseErrors errors =
                new DatabaseErrors(declared, endpoint.host() + ":" + endpoint.port(), endpoint.database());
        if (cancelled) {
            throw new ConnectionException(Kind.STATEMENT, "the run was stopped", "");
        }
        try {
            // DriverManager would load every driver there is.
            Connection connection = driver().connect(url(endpoint), properties(endpoint));
            if (connection == null) {
                throw new IllegalStateException("the driver does not take its own address");
            }
            open.add(connection);
            prepare(connection);
            return connection;
        } catch (SQLException e) {
            throw errors.of(e);
        }
    }

    /** Ends it; what is not committed is gone. */
    void close(Connection connection) {
        open.remove(connection);
        try {
            connection.close();
        } catch (SQLException e) {
            // It was broken already, and whoever worked on it has heard.
            return;
        }
    }

    /** Breaks off all that goes on. */
    void cancel() {
        cancelled = true;
        open.forEach(Server::abort);
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // Ended by itself.
            return;
        }
    }

    DatabaseErrors errors() throws ConnectionException {
        Endpoint endpoint = endpoint();
        return new DatabaseErrors(declared, endpoint.host() + ":" + endpoint.port(), endpoint.database());
    }

    /** Not to be tried again: the rows could be stored twice. */
    static ConnectionException unknownCommit(SqlName table, SQLException e) {
        return new ConnectionException(
                Kind.STATEMENT,
                "the connection broke during the commit to '" + table + "' (" + DatabaseErrors.said(e)
                        + "): either all rows are stored or none",
                "look whether they are there before you run again",
                e);
    }

    /** Where it is, and how to get in. */
    Endpoint endpoint() throws ConnectionException {
        if (declared.service().isPresent()) {
            Endpoint found = connections.services().find(declared.service().get());
            return declared.database().isEmpty()
                    ? found
                    : new Endpoint(
                            found.host(), found.port(), reveal(declared.database()), found.user(), found.password());
        }
        Endpoint endpoint = new Endpoint(
                reveal(declared.host()),
                declared.port().orElse(declared.kind().port()),
                reveal(declared.database()),
                reveal(declared.user()),
                reveal(declared.password()));
        connections.redaction().add(endpoint.password());
        return endpoint;
    }

    private String reveal(Optional<SecretText> text) throws ConnectionException {
        return text.isPresent() ? text.get().reveal(connections.secrets()) : "";
    }

    private Driver driver() {
        return declared.kind() == DatabaseConnection.Kind.POSTGRES
                ? new org.postgresql.Driver()
                : new org.mariadb.jdbc.Driver();
    }

    private String url(Endpoint endpoint) throws ConnectionException {
        String host = endpoint.host();
        try {
            // The drivers' own messages about hosts that do not exist are hard to tell apart.
            InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ConnectionException(
                    Kind.UNREACHABLE,
                    "connection '" + declared.name() + "': there is no host '" + host + "'",
                    "correct 'host', or check the network's name service",
                    e);
        }
        if (host.matches(".*[/?&@#\\\\].*") || endpoint.database().matches(".*[?&#\\\\].*")) {
            throw new ConnectionException(
                    Kind.NOT_FOUND,
                    "connection '" + declared.name() + "': host or database has a character that no name has",
                    "settings of the driver go into 'properties'");
        }
        String scheme = declared.kind() == DatabaseConnection.Kind.POSTGRES ? "jdbc:postgresql" : "jdbc:mariadb";
        String address = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return scheme + "://" + address + ":" + endpoint.port() + "/" + endpoint.database();
    }

    private Properties properties(Endpoint endpoint) throws ConnectionException {
        Properties properties = new Properties();
        properties.setProperty("user", endpoint.user());
        properties.setProperty("password", endpoint.password());
        if (declared.kind() == DatabaseConnection.Kind.POSTGRES) {
            postgres(properties);
        } else {
            mariaDb(properties);
        }
        for (Map.Entry<String, SecretText> own : declared.properties().entrySet()) {
            properties.setProperty(own.getKey(), own.getValue().reveal(connections.secrets()));
        }
        return properties;
    }

    private void postgres(Properties properties) {
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "tarn");
        properties.setProperty(
                "sslmode",
                switch (declared.tls()) {
                    case OFF -> "disable";
                    case REQUIRE -> "require";
                    case VERIFY -> "verify-full";
                });
        if (declared.certificate().isPresent()) {
            properties.setProperty("sslrootcert", declared.certificate().get().toString());
        } else if (declared.tls() == Tls.VERIFY) {
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
    }

    private void mariaDb(Properties properties) {
        properties.setProperty("connectTimeout", CONNECT_SECONDS + "000");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("transformedBitIsBoolean", "false");
        properties.setProperty("yearIsDateType", "false");
        properties.setProperty("useBulkStmts", "true");
        properties.setProperty("allowLocalInfile", "false");
        properties.setProperty(
                "sslMode",
                switch (declared.tls()) {
                    case OFF -> "disable";
                    case REQUIRE -> "trust";
                    case VERIFY -> "verify-full";
                });
        declared.certificate().ifPresent(file -> properties.setProperty("serverSslCert", file.toString()));
    }

    private void prepare(Connection connection) throws SQLException {
        List<String> settings = declared.kind() == DatabaseConnection.Kind.POSTGRES
                ? List.of(
                        "SET TimeZone = 'UTC'",
                        "SET DateStyle = 'ISO, YMD'",
                        "SET IntervalStyle = 'iso_8601'",
                        "SET extra_float_digits = 3",
                        "SET client_encoding = 'UTF8'")
                : List.of(
                        "SET NAMES utf8mb4",
                        // Strict: a value that does not fit is an error and not another value.
                        "SET SESSION time_zone = '+00:00', sql_mode ="
                                + " 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO'",
                        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        try (Statement statement = connection.createStatement()) {
            for (String setting : settings) {
                statement.execute(setting);
            }
        }
    }
}
