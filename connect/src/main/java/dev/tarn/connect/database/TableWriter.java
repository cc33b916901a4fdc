package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import org.jspecify.annotations.Nullable;

/**
 * A write of rows to a table, of which others see nothing before {@link #commit} and everything after it. Closing it
 * without a commit, and the end of this process, leave the table as it was. Not thread-safe.
 */
public interface TableWriter extends AutoCloseable {

    /**
     * One more row.
     *
     * @param values for each column {@code null}, {@code byte[]} for bytes, and for all others the value as DuckDB's cast
     *     to VARCHAR writes it
     */
    void add(@Nullable Object[] values) throws ConnectionException;

    /** All rows are there: from here on only the commit can fail. */
    void finish() throws ConnectionException;

    void commit() throws ConnectionException;

    @Override
    void close();
}
