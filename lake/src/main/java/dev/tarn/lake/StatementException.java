package dev.tarn.lake;

import java.sql.SQLException;

/**
 * DuckDB's error together with the statement that it speaks of, which holds the caller's query as it was given: positions
 * in the error are positions in this statement.
 */
public final class StatementException extends SQLException {

    private final String statement;

    StatementException(String statement, SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
        this.statement = statement;
    }

    /** The statement as it was sent. */
    public String statement() {
        return statement;
    }
}
