package dev.tarn.engine.duckdb;

import dev.tarn.connect.database.ColumnType;
import dev.tarn.connect.database.ReadColumn;
import dev.tarn.connect.database.RowSink;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Appends rows to a table of the session. */
final class AppenderSink implements RowSink {

    /** The appender keeps all rows until it is flushed. */
    private static final int ROWS_AT_ONCE = 20_480;

    private final Connection connection;
    private final DuckDBAppender appender;
    private final ColumnType[] types;
    private int column;
    private int waiting;

    private AppenderSink(Connection connection, DuckDBAppender appender, List<ReadColumn> columns) {
        this.connection = connection;
        this.appender = appender;
        this.types = columns.stream().map(ReadColumn::type).toArray(ColumnType[]::new);
    }

    static AppenderSink open(Database database, String table, List<ReadColumn> columns) throws SQLException {
        Connection connection = database.connect();
        String[] name = table.replace("\"", "").split("\\.", -1);
        return new AppenderSink(
                connection,
                connection.unwrap(DuckDBConnection.class).createAppender(name[0], name[1], name[2]),
                columns);
    }

    @Override
    public void beginRow() throws SQLException {
        appender.beginRow();
        column = 0;
    }

    @Override
    public void endRow() throws SQLException {
        appender.endRow();
        if (++waiting == ROWS_AT_ONCE) {
            appender.flush();
            waiting = 0;
        }
    }

    @Override
    public void putNull() throws SQLException {
        appender.appendNull();
        column++;
    }

    @Override
    public void put(boolean value) throws SQLException {
        appender.append(value);
        column++;
    }

    @Override
    public void put(byte value) throws SQLException {
        appender.append(value);
        column++;
    }

    @Override
    public void put(short value) throws SQLException {
        appender.append(value);
        column++;
    }

    @Override
    public void put(int value) throws SQLException {
        appender.append(value);
        column++;
    }

    @Override
    public void put(long value) throws SQLException {
        appender.append(value);
        column++;
    }

    @Override
    public void put(float value) throws SQLException {
        appender.append(value);
        column++;
    }

    @Override
    public void put(double value) throws SQLException {
        appender.append(value);
        column++;
    }

    @Override
    public void put(String value) throws SQLException {
        appender.append(value);
        column++;
    }

    @Override
    public void put(byte[] value) throws SQLException {
        appender.append(value);
        column++;
    }

    /** DuckDB keeps small numbers in few bytes; the appender wants to be told which. */
    @Override
    public void put(BigDecimal value) throws SQLException {
        int precision = types[column++].precision();
        if (value.precision() > precision) {
            throw new IllegalStateException("a number of " + value.precision() + " digits for " + precision);
        }
        if (precision > 18) {
            appender.append(value);
            return;
        }
        long unscaled = value.unscaledValue().longValueExact();
        if (precision > 9) {
            appender.appendDecimal(unscaled);
        } else if (precision > 4) {
            appender.appendDecimal((int) unscaled);
        } else {
            appender.appendDecimal((short) unscaled);
        }
    }

    @Override
    public void putDate(int days) throws SQLException {
        appender.appendEpochDays(days);
        column++;
    }

    @Override
    public void putTime(long micros) throws SQLException {
        appender.appendDayMicros(micros);
        column++;
    }

    @Override
    public void putTimestamp(long micros) throws SQLException {
        appender.appendEpochMicros(micros);
        column++;
    }

    @Override
    public void putUuid(long most, long least) throws SQLException {
        appender.append(new java.util.UUID(most, least));
        column++;
    }

    @Override
    public void putList(List<@Nullable Object> values) throws SQLException {
        appender.append(values);
        column++;
    }

    @Override
    public void close() throws SQLException {
        try {
            appender.close();
        } finally {
            connection.close();
        }
    }
}
