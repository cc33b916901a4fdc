package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.NodeConnection;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.source.MappedText;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * A connection on which a node's own statements run. Each runs in a transaction that DuckDB holds to be read-only: it may
 * change what is temporary, which is this connection's, and nothing that other nodes read.
 */
final class DuckDbNodeConnection implements NodeConnection {

    private final Database own;
    private final Session session;

    DuckDbNodeConnection(Database own, Session session) {
        this.own = own;
        this.session = session;
    }

    @Override
    public void execute(MappedText statement) {
        SqlText sql = StatementText.of(statement).sql();
        try {
            own.work(connection -> {
                run(connection, "BEGIN TRANSACTION READ ONLY");
                boolean done = false;
                try {
                    run(connection, sql.text());
                    done = true;
                } finally {
                    run(connection, done ? "COMMIT" : "ROLLBACK");
                }
                return done;
            });
        } catch (SQLException e) {
            throw explained(Failures.of(e, sql).failure().at(statement.start()));
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static FailureException explained(Failure failure) {
        if (failure.message().contains("read-only mode")) {
            return again(
                    failure,
                    "the statement would change what is not this node's own",
                    "it may change temporary tables; rows are stored by 'write'");
        }
        boolean unknown = failure.message().startsWith("table with name")
                && failure.message().contains("not exist");
        return unknown
                ? again(
                        failure,
                        failure.message(),
                        "statements see temporary tables, files, and in 'post_sql' df; rows of other nodes are read by"
                                + " 'read', 'inputs' and the steps of 'transform'")
                : new FailureException(failure);
    }

    private static FailureException again(Failure failure, String message, String help) {
        return new FailureException(new Failure(
                failure.code(),
                message,
                Optional.of(help),
                failure.span(),
                failure.passing(),
                failure.cause(),
                failure.quotesRows()));
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public void name(String table, Dataset rows) {
        SqlText query = DuckDbDataset.of(rows).query();
        String before = "CREATE OR REPLACE TEMP VIEW " + Literal.name(table) + " AS ";
        try {
            own.execute(before + query.text());
        } catch (SQLException e) {
            throw Failures.of(e, query, before.length(), before + query.text());
        }
    }

    @Override
    public void close() {
        own.close();
    }
}
