package dev.tarn.cdc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/** What PostgreSQL's catalogs say of the tables and of the replication slot. */
final class PostgresSource {

    /** The driver's class that asks Java for the authorities that it trusts. */
    static final String JAVA_TRUSTS = "org.postgresql.ssl.DefaultJavaSSLFactory";

    private final StreamSettings settings;

    PostgresSource(StreamSettings settings) {
        this.settings = settings;
    }

    Connection connect() throws SQLException {
        StreamSettings.Server server = settings.server();
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("ApplicationName", "tarn stream");
        properties.setProperty("sslmode", sslMode(server));
        server.certificate().ifPresent(file -> properties.setProperty("sslrootcert", file));
        if (server.tls().equals(Optional.of("verify")) && server.certificate().isEmpty()) {
            properties.setProperty("sslfactory", JAVA_TRUSTS);
        }
        return DriverManager.getConnection(settings.url(), properties);
    }

    /** As PostgreSQL's programs call it. */
    static String sslMode(StreamSettings.Server server) {
        return switch (server.tls().orElse("off")) {
            case "require" -> "require";
            case "verify" -> "verify-full";
            default -> "disable";
        };
    }

    List<SourceTable> tables() throws SQLException, StreamException {
        List<SourceTable> tables = new ArrayList<>();
        try (Connection connection = connect()) {
            String level = one(connection, "SHOW wal_level").orElse("");
            if (!level.equals("logical")) {
                throw new StreamException(
                        "the server's wal_level is " + level + ", so its changes cannot be followed",
                        "set wal_level = logical and restart the server");
            }
            for (String name : names(connection)) {
                SourceTable table = table(connection, name);
                for (SourceTable other : tables) {
                    if (other.folder()
                            .toString()
                            .equalsIgnoreCase(table.folder().toString())) {
                        throw new StreamException(
                                "tables '" + other.name() + "' and '" + name + "' would have one folder",
                                "let the name of the target have {schema} in it, or make two streams");
                    }
                }
                tables.add(table);
            }
        }
        return tables;
    }

    /** Those that are named and those that patterns mean, without those that are left out. */
    private List<String> names(Connection connection) throws SQLException, StreamException {
        List<String> all = new ArrayList<>();
        String sql =
                "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                all.add(rows.getString(1));
            }
        }
        Set<String> names = new LinkedHashSet<>();
        for (String wanted : settings.tables()) {
            List<String> found = all.stream()
                    .filter(name -> matches(wanted, name))
                    .filter(name -> settings.exclude().stream().noneMatch(out -> matches(out, name)))
                    .toList();
            if (found.isEmpty()) {
                throw new StreamException(
                        "there is no table '" + wanted + "'", "correct 'tables' and 'exclude' of the stream");
            }
            names.addAll(found);
        }
        return List.copyOf(names);
    }

    private static boolean matches(String pattern, String name) {
        return name.matches(pattern.replace(".", "[.]").replace("*", "[^.]*"));
    }

    /** What the table is now. */
    SourceTable table(String name) throws SQLException, StreamException {
        try (Connection connection = connect()) {
            return table(connection, name);
        }
    }

    private SourceTable table(Connection connection, String name) throws SQLException, StreamException {
        int dot = name.indexOf('.');
        if (!name.matches("[A-Za-z0-9_]+[.][A-Za-z0-9_]+")) {
            throw new StreamException(
                    "'" + name + "' is no name of a table that streams follow",
                    "write schema.table, of letters, digits and underscores");
        }
        String sql = "SELECT a.attname, t.typname, format_type(a.atttypid, a.atttypmod),"
                + " coalesce(a.attnum = ANY (i.indkey), false), a.attnum, a.atthasdef OR a.attidentity <> '', c.oid"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                + " JOIN pg_type t ON t.oid = a.atttypid"
                + " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
                + " WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'r' ORDER BY a.attnum";
        List<Column> columns = new ArrayList<>();
        List<String> key = new ArrayList<>();
        long id = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.substring(0, dot));
            statement.setString(2, name.substring(dot + 1));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(Column.of(
                            name,
                            rows.getString(1),
                            rows.getString(3),
                            new Column.Origin(rows.getString(2), rows.getInt(5), rows.getBoolean(6))));
                    id = rows.getLong(7);
                    if (rows.getBoolean(4)) {
                        key.add(rows.getString(1));
                    }
                }
            }
        }
        if (columns.isEmpty()) {
            throw new StreamException("there is no table '" + name + "'", "correct 'tables' of the stream");
        }
        if (columns.stream().anyMatch(column -> column.name().equals(TargetTable.DELETED.name()))) {
            throw new StreamException(
                    "table '" + name + "' has a column '" + TargetTable.DELETED.name()
                            + "', which streams use themselves",
                    "rename it, or leave the table out");
        }
        if (key.isEmpty()) {
            throw new StreamException(
                    "table '" + name + "' has no primary key, so its changes cannot be told apart",
                    "give it one, or leave it out");
        }
        return new SourceTable(
                name, columns, key, id, settings.folder(name.substring(0, dot), name.substring(dot + 1)));
    }

    /** Whether the slot is there, and still gives out all that comes after the tables' position. */
    void checkSlot(Map<String, Object> offset) throws SQLException, StreamException {
        try (Connection connection = connect();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT wal_status, (confirmed_flush_lsn - '0/0'::pg_lsn)::int8"
                                + " FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, settings.slot());
            try (ResultSet rows = statement.executeQuery()) {
                String slot = "replication slot '" + settings.slot() + "'";
                if (!rows.next()) {
                    throw lost(slot + " is gone, and with it the changes since the last batch");
                }
                if ("lost".equals(rows.getString(1))) {
                    throw lost("the server removed changes that " + slot + " had not given out (wal_status lost)");
                }
                long known = Stream.of("lsn", "lsn_proc", "lsn_commit")
                        .map(offset::get)
                        .filter(Number.class::isInstance)
                        .mapToLong(lsn -> ((Number) lsn).longValue())
                        .max()
                        .orElse(0);
                if (rows.getLong(2) > known) {
                    throw lost(slot + " is another than the one that was followed: it begins after the last batch");
                }
            }
        }
    }

    private StreamException lost(String what) {
        return new StreamException(what, settings.readAgain());
    }

    /** The slot of an earlier start that came to nothing, or of before a new beginning. */
    void dropSlot() throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement("SELECT pg_drop_replication_slot(slot_name)"
                        + " FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, settings.slot());
            statement.execute();
        }
    }

    /** Bytes of log that the server keeps for this stream. */
    long retained() throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::int8 FROM pg_replication_slots"
                                + " WHERE slot_name = ?")) {
            statement.setString(1, settings.slot());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    private static Optional<String> one(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        }
    }
}
