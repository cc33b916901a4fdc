package dev.tarn.engine.duckdb;

import dev.tarn.connect.database.ColumnType;
import dev.tarn.connect.database.Databases;
import dev.tarn.connect.database.TableWriter;
import dev.tarn.connect.database.WriteColumn;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Profile;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.ProblemCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A staged write to a table of a database. The rows are computed into a table of the session first, which dependents read
 * afterwards, and sent from there in a transaction of the database that stays open until the commit.
 */
final class DatabaseTarget implements StagedWrite {

    /** A result is in memory as a whole, so it is asked for in parts. */
    private static final long ROWS_AT_ONCE = 50_000;

    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");

    private final Database database;
    private final Write target;
    private final String table;
    private final long rows;
    private final TableWriter writer;

    private DatabaseTarget(Database database, Write target, String table, long rows, TableWriter writer) {
        this.database = database;
        this.target = target;
        this.table = table;
        this.rows = rows;
        this.writer = writer;
    }

    /** @param table name of a new table, with its schema */
    static DatabaseTarget stage(
            Database database, Databases databases, DuckDbDataset data, Write target, String table) {
        String before = "CREATE TABLE " + table + " AS ";
        String statement = before + data.query().text();
        long rows;
        try {
            rows = database.execute(statement);
        } catch (SQLException e) {
            throw Failures.of(e, data.query(), before.length(), statement);
        }
        TableWriter writer = null;
        boolean staged = false;
        try {
            List<Database.Column> columns = database.describe("FROM " + table);
            writer = databases.write(
                    target.location().connection(),
                    target.location().declared(),
                    target.mode(),
                    target.keys(),
                    columns.stream().map(c -> writeColumn(c, target)).toList());
            for (long from = 0; from < rows; from += ROWS_AT_ONCE) {
                send(database, table, columns, from, writer);
            }
            writer.finish();
            staged = true;
            return new DatabaseTarget(database, target, table, rows, writer);
        } catch (ConnectionException e) {
            throw ConnectionFailures.ofWrite(e, target.location().span());
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        } finally {
            if (!staged && writer != null) {
                writer.close();
            }
        }
    }

    private static void send(
            Database database, String table, List<Database.Column> columns, long from, TableWriter writer)
            throws SQLException, ConnectionException {
        String selected = columns.stream()
                .map(c -> c.type().equals("BLOB")
                        ? Literal.name(c.name())
                        : "CAST(" + Literal.name(c.name()) + " AS VARCHAR)")
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + selected + " FROM " + table + " WHERE rowid >= " + from + " AND rowid < "
                + (from + ROWS_AT_ONCE);
        Optional<ConnectionException> refused = database.work(connection -> {
            try {
                send(connection, sql, columns, writer);
                return Optional.empty();
            } catch (ConnectionException e) {
                return Optional.of(e);
            }
        });
        if (refused.isPresent()) {
            throw refused.get();
        }
    }

    private static void send(Connection connection, String sql, List<Database.Column> columns, TableWriter writer)
            throws SQLException, ConnectionException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                @Nullable Object[] values = new Object[columns.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = columns.get(i).type().equals("BLOB") ? row.getBytes(i + 1) : row.getString(i + 1);
                }
                writer.add(values);
            }
        }
    }

    private static WriteColumn writeColumn(Database.Column column, Write target) {
        String type = column.type().toUpperCase(Locale.ROOT);
        boolean isList = type.endsWith("]");
        Matcher decimal = DECIMAL.matcher(type);
        if (decimal.matches()) {
            return new WriteColumn(
                    column.name(),
                    new ColumnType(
                            ColumnType.Kind.DECIMAL,
                            Integer.parseInt(decimal.group(1)),
                            Integer.parseInt(decimal.group(2)),
                            false));
        }
        return new WriteColumn(
                column.name(),
                switch (type.startsWith("ENUM") && !isList ? "ENUM" : type) {
                    case "BOOLEAN" -> of(ColumnType.Kind.BOOLEAN);
                    case "TINYINT" -> of(ColumnType.Kind.BYTE);
                    case "SMALLINT", "UTINYINT" -> of(ColumnType.Kind.SHORT);
                    case "INTEGER", "USMALLINT" -> of(ColumnType.Kind.INTEGER);
                    case "BIGINT", "UINTEGER" -> of(ColumnType.Kind.LONG);
                    case "UBIGINT" -> new ColumnType(ColumnType.Kind.DECIMAL, 20, 0, false);
                    case "HUGEINT", "UHUGEINT" -> new ColumnType(ColumnType.Kind.DECIMAL, 39, 0, false);
                    case "FLOAT" -> of(ColumnType.Kind.FLOAT);
                    case "DOUBLE" -> of(ColumnType.Kind.DOUBLE);
                    case "VARCHAR", "JSON", "ENUM" -> of(ColumnType.Kind.TEXT);
                    case "BLOB" -> of(ColumnType.Kind.BYTES);
                    case "DATE" -> of(ColumnType.Kind.DATE);
                    case "TIME" -> of(ColumnType.Kind.TIME);
                    case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS" -> of(ColumnType.Kind.TIMESTAMP);
                    case "TIMESTAMP WITH TIME ZONE" -> of(ColumnType.Kind.INSTANT);
                    case "UUID" -> of(ColumnType.Kind.UUID);
                    default -> throw unsupported(column, target);
                });
    }

    private static ColumnType of(ColumnType.Kind kind) {
        return new ColumnType(kind, 0, 0, false);
    }

    private static FailureException unsupported(Database.Column column, Write target) {
        return new FailureException(new Failure(
                ProblemCode.UNSUPPORTED_TYPE,
                "column '" + column.name() + "' has the type '" + column.type() + "', which a database is not given",
                Optional.of("cast it in SQL, for example CAST(" + Literal.name(column.name()) + " AS VARCHAR)"),
                Optional.of(target.location().span()),
                false,
                null));
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public Dataset written() {
        return DuckDbDataset.constant(SqlText.ours("FROM " + table), OptionalLong.of(rows), Map.of());
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public OptionalLong commit() {
        try {
            writer.commit();
            return OptionalLong.empty();
        } catch (ConnectionException e) {
            throw ConnectionFailures.ofWrite(e, target.location().span());
        }
    }

    @Override
    public Profile profile(int count) {
        try {
            return new Profile(database.sample("SELECT * FROM " + table + " LIMIT " + count), Map.of());
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    @Override
    public void discard() {
        writer.close();
    }
}
