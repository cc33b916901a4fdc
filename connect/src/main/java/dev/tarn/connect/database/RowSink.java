package dev.tarn.connect.database;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows, value by value, in the order of the columns. Each sink is used by one thread; several fill one table.
 *
 * <p>Methods throw what the engine throws.
 */
public interface RowSink extends AutoCloseable {

    void beginRow() throws SQLException;

    void endRow() throws SQLException;

    void putNull() throws SQLException;

    void put(boolean value) throws SQLException;

    void put(byte value) throws SQLException;

    void put(short value) throws SQLException;

    void put(int value) throws SQLException;

    void put(long value) throws SQLException;

    void put(float value) throws SQLException;

    void put(double value) throws SQLException;

    void put(String value) throws SQLException;

    void put(byte[] value) throws SQLException;

    /** An exact number with the column's scale. */
    void put(BigDecimal value) throws SQLException;

    /** Days since 1970-01-01. */
    void putDate(int days) throws SQLException;

    /** Microseconds since midnight, of one day. */
    void putTime(long micros) throws SQLException;

    /** Microseconds since 1970-01-01T00:00, with or without a zone as the column is. */
    void putTimestamp(long micros) throws SQLException;

    void putUuid(long most, long least) throws SQLException;

    /** Values of the column's kind, or null. */
    void putList(List<@Nullable Object> values) throws SQLException;

    /** The rows so far are complete. */
    @Override
    void close() throws SQLException;
}
