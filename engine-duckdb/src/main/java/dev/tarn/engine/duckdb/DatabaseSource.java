package dev.tarn.engine.duckdb;

import dev.tarn.connect.database.ColumnType;
import dev.tarn.connect.database.Databases;
import dev.tarn.connect.database.TableReader;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlRead;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads a table or query of a database into a table of the session. */
final class DatabaseSource {

    private final Database database;
    private final Databases databases;

    DatabaseSource(Database database, Databases databases) {
        this.database = database;
        this.databases = databases;
    }

    /** @param table name of a new table, with its schema */
    DuckDbDataset dataset(Read read, String table) {
        SqlRead sql = read.sql().orElse(SqlRead.TABLE);
        try (TableReader reader =
                databases.read(read.location().connection(), read.location().declared(), sql)) {
            return stored(reader, table);
        } catch (ConnectionException e) {
            throw ConnectionFailures.ofRead(e, read.location().span());
        }
    }

    private DuckDbDataset stored(TableReader reader, String table) throws ConnectionException {
        boolean complete = false;
        try {
            String columns = reader.columns().stream()
                    .map(column -> Literal.name(column.name()) + " " + type(column.type()))
                    .collect(Collectors.joining(", "));
            database.execute("CREATE TABLE " + table + " (" + columns + ")");
            long rows = reader.read(() -> AppenderSink.open(database, table, reader.columns()));
            complete = true;
            return DuckDbDataset.constant(SqlText.ours("FROM " + table), OptionalLong.of(rows), Map.of());
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a database was read", e);
        } finally {
            if (!complete) {
                drop(table);
            }
        }
    }

    private void drop(String table) {
        try {
            database.execute("DROP TABLE IF EXISTS " + table);
        } catch (SQLException e) {
            // The session ends, or nobody will look at the table: its name is not used again.
            return;
        }
    }

    private static String type(ColumnType type) {
        String name = switch (type.kind()) {
            case BOOLEAN -> "BOOLEAN";
            case BYTE -> "TINYINT";
            case SHORT -> "SMALLINT";
            case INTEGER -> "INTEGER";
            case LONG -> "BIGINT";
            case DECIMAL -> "DECIMAL(" + type.precision() + ", " + type.scale() + ")";
            case FLOAT -> "FLOAT";
            case DOUBLE -> "DOUBLE";
            case TEXT -> "VARCHAR";
            case BYTES -> "BLOB";
            case DATE -> "DATE";
            case TIME -> "TIME";
            case TIMESTAMP -> "TIMESTAMP";
            case INSTANT -> "TIMESTAMP WITH TIME ZONE";
            case UUID -> "UUID";
        };
        return name + (type.isList() ? "[]" : "");
    }
}
