package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.project.SqlRead;
import dev.tarn.core.source.Names;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * By which column's ranges a table of MariaDB is read, and by how many connections.
 *
 * @param primary the columns of the primary key
 * @param splitBy the column that the user named
 * @param parallel the number of connections that the user named
 * @param rows as the server estimates them; 0 if several transactions could not see the table at one moment
 */
record MariaDbKeys(List<String> primary, Optional<String> splitBy, OptionalInt parallel, long rows) {

    /** Of a query. */
    static final MariaDbKeys NONE = new MariaDbKeys(List.of(), Optional.empty(), OptionalInt.of(1), 0);

    static MariaDbKeys of(Connection connection, SqlName name, SqlRead read) throws SQLException {
        return new MariaDbKeys(primary(connection, name), read.splitBy(), read.parallel(), rows(connection, name));
    }

    private static List<String> primary(Connection connection, SqlName name) throws SQLException {
        String sql = "SELECT column_name FROM information_schema.key_column_usage WHERE constraint_name = 'PRIMARY'"
                + " AND table_name = ? AND table_schema = coalesce(?, database()) ORDER BY ordinal_position";
        List<String> key = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.table());
            statement.setString(2, name.schema().orElse(null));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    key.add(rows.getString(1));
                }
            }
        }
        return List.copyOf(key);
    }

    /** Of a table of InnoDB's; views and other engines have no snapshots that could begin together. */
    private static long rows(Connection connection, SqlName name) throws SQLException {
        String sql = "SELECT greatest(table_rows, 1) FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
                + " AND engine = 'InnoDB' AND table_name = ? AND table_schema = coalesce(?, database())";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.table());
            statement.setString(2, name.schema().orElse(null));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    private static boolean isWhole(ReadColumn column) {
        return column.sourceType().toUpperCase(java.util.Locale.ROOT).matches("(TINY|SMALL|MEDIUM|BIG)?INT.*");
    }

    /** The column whose ranges are read. */
    private Optional<ReadColumn> split(List<ReadColumn> columns) {
        Optional<String> name = splitBy.or(() -> primary.size() == 1 ? Optional.of(primary.get(0)) : Optional.empty());
        return columns.stream()
                .filter(c -> isWhole(c) && name.equals(Optional.of(c.name())))
                .findFirst();
    }

    /** How many connections to read with. */
    int readers(List<ReadColumn> columns, String title) throws ConnectionException {
        boolean splits = split(columns).isPresent();
        if (splitBy.isPresent() && !splits) {
            throw noSplit(splitBy.get(), columns, title);
        }
        boolean asked = splitBy.isPresent() || parallel.isPresent();
        return !splits || rows == 0 ? 1 : parallel.orElse(asked || rows >= Readers.LARGE ? Readers.USUAL : 1);
    }

    private static ConnectionException noSplit(String column, List<ReadColumn> columns, String title) {
        Optional<ReadColumn> found =
                columns.stream().filter(c -> c.name().equals(column)).findFirst();
        List<String> whole = columns.stream()
                .filter(MariaDbKeys::isWhole)
                .map(ReadColumn::name)
                .toList();
        return new ConnectionException(
                Kind.SCHEMA,
                found.isPresent()
                        ? "split_by " + Names.quoted(column) + " is of type "
                                + found.get().sourceType() + ", and ranges are of whole numbers"
                        : "split_by " + Names.quoted(column) + " is no column of " + title,
                whole.isEmpty() ? "remove split_by" : "name one of " + String.join(", ", whole));
    }

    /** Conditions of which each row fulfils one. */
    List<String> ranges(Connection connection, List<ReadColumn> columns, String source, int wanted)
            throws SQLException {
        // If it was altered meanwhile, one range of all rows is as right.
        if (split(columns).isEmpty()) {
            return List.of("");
        }
        String column = "`" + split(columns).orElseThrow().name().replace("`", "``") + "`";
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT min(" + column + "), max(" + column + ") FROM " + source)) {
            row.next();
            return row.getString(1) == null
                    ? List.of("")
                    : KeyRanges.conditions(
                            column, new BigInteger(row.getString(1)), new BigInteger(row.getString(2)), wanted, "");
        }
    }
}
