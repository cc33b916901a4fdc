package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import java.sql.SQLException;
import java.util.List;

/**
 * Rows of a table or a query as they are at one moment. Which columns there are is known before the first row. Closing
 * ends the connections.
 */
public interface TableReader extends AutoCloseable {

    /** Makes the sinks of one table. */
    @FunctionalInterface
    interface Sinks {
        RowSink open() throws SQLException;
    }

    List<ReadColumn> columns();

    /**
     * Hands over all rows, and gives their number. A sink's own exception comes out as it is.
     *
     * @throws ConnectionException also for a value that cannot be carried over
     */
    long read(Sinks sinks) throws ConnectionException, SQLException, InterruptedException;

    @Override
    void close();
}
