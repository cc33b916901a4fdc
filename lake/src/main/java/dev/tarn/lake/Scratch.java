package dev.tarn.lake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What an operation of several statements holds in the caller's DuckDB while it runs: temporary tables, and one transaction,
 * so that all statements see the same rows and the same {@code now()}.
 *
 * <p>If the caller is in a transaction already, that one is used and stays open.
 */
final class Scratch implements AutoCloseable {
    private final Connection duckdb;
    private final boolean ownTransaction;
    private final List<String> tables = new ArrayList<>();
    private final Map<String, Long> rowBytes = new HashMap<>();

    Scratch(Connection duckdb) throws SQLException {
        this.duckdb = duckdb;
        this.ownTransaction = !transactionId().equals(transactionId());
        if (ownTransaction) {
            execute("BEGIN TRANSACTION");
        }
    }

    /** Without a transaction, each statement has its own; JDBC's auto-commit does not tell of a BEGIN in SQL. */
    private String transactionId() throws SQLException {
        return rows("SELECT current_transaction_id()").get(0).get(0);
    }

    Connection duckdb() {
        return duckdb;
    }

    /** Keeps the rows of a query, in memory or in DuckDB's temporary directory. */
    String table(String select) throws SQLException {
        String name = "temp.main."
                + SqlText.name("_tarn_" + UUID.randomUUID().toString().replace("-", ""));
        execute("CREATE TEMPORARY TABLE " + name.substring("temp.main.".length()) + " AS " + select);
        tables.add(name);
        return name;
    }

    /** How many bytes a row of a temporary table takes, if someone has looked. */
    OptionalLong rowBytes(String table) {
        Long bytes = rowBytes.get(table);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    void noteRowBytes(String table, long bytes) {
        rowBytes.put(table, bytes);
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new StatementException(sql, failure);
        }
    }

    /** The rows as texts; a NULL is the text "null". */
    List<List<String>> rows(String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row);
            }
        } catch (SQLException failure) {
            throw new StatementException(sql, failure);
        }
        return rows;
    }

    long number(String sql) throws SQLException {
        return Long.parseLong(rows(sql).get(0).get(0));
    }

    /** A beginning that no column has, so that names with it are free. */
    static String freePrefix(DeltaType.Struct... schemas) {
        String prefix = "_tarn_";
        for (DeltaType.Struct schema : schemas) {
            for (DeltaField field : schema.fields()) {
                while (field.name().toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    prefix = "_" + prefix;
                }
            }
        }
        return prefix;
    }

    /** Ends the transaction as it was begun; what is left of an aborted one of the caller is the caller's to roll back. */
    @Override
    public void close() {
        for (String table : tables) {
            try {
                execute("DROP TABLE IF EXISTS " + table);
            } catch (SQLException aborted) {
                break;
            }
        }
        if (ownTransaction && !tryExecute("COMMIT")) {
            tryExecute("ROLLBACK");
        }
    }

    private boolean tryExecute(String sql) {
        try {
            execute(sql);
            return true;
        } catch (SQLException failure) {
            return false;
        }
    }
}
