package dev.tarn.lake;

import dev.tarn.fs.LocalFiles;
import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Works on tables with a DuckDB of its own, for callers that have none: its errors are {@link LakeException}s.
 *
 * <p>For one thread. What does not fit into memory goes to a temporary folder, which closing deletes.
 */
public final class TableSession implements AutoCloseable {
    /** What is done with the connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection duckdb) throws SQLException;
    }

    private final Connection duckdb;
    private final Path temporary;

    private TableSession(Connection duckdb, Path temporary) {
        this.duckdb = duckdb;
        this.temporary = temporary;
    }

    /** Opens one. */
    public static TableSession open() {
        try {
            Path temporary = Files.createTempDirectory("tarn-table");
            Connection duckdb = OwnDuckDb.open();
            for (String setting : List.of(
                    "TimeZone = 'UTC'",
                    // With background threads a COPY that fails may never return (DuckDB 2.0.0).
                    "async_threads = 0",
                    "temp_directory = " + SqlText.literal(temporary.toString()))) {
                try (Statement statement = duckdb.createStatement()) {
                    statement.execute("SET " + setting);
                }
            }
            return new TableSession(duckdb, temporary);
        } catch (IOException failure) {
            throw LakeException.io("A temporary folder cannot be made", failure);
        } catch (SQLException failure) {
            throw new IllegalStateException("DuckDB does not open", failure);
        }
    }

    /** @param doing what was asked for, as in "the condition of the optimize" */
    <T> T run(String doing, Work<T> work) {
        try {
            return work.with(duckdb);
        } catch (SQLException refused) {
            String reason =
                    String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
            throw new LakeException(
                    Kind.INVALID_SQL, "DuckDB refuses " + doing + ": " + reason, "Correct it, or try another table.");
        }
    }

    /** Makes large files of small ones, with the options that are given to it; see {@link DeltaTable#optimize}. */
    public OptimizeResult optimize(DeltaTable table, UnaryOperator<Optimize> options) {
        return run(
                "the optimize",
                connection -> options.apply(table.optimize(connection)).execute());
    }

    /**
     * Some rows of a version.
     *
     * @param where DuckDB's SQL about the columns
     * @param columns their names; all if empty
     */
    public TableRows rows(Snapshot snapshot, Optional<String> where, List<String> columns) {
        String list = columns.isEmpty()
                ? "*"
                : columns.stream()
                        .map(name -> SqlText.name(column(snapshot, name).name()))
                        .collect(Collectors.joining(", "));
        String from = where.isEmpty()
                ? snapshot.toSql()
                : run("the condition", connection -> snapshot.toSql(connection, where.get()));
        return new TableRows(this, "SELECT " + list + " FROM (" + from + ")");
    }

    private static DeltaField column(Snapshot snapshot, String name) {
        return snapshot.schema().field(name).orElseThrow(() -> {
            List<String> names =
                    snapshot.schema().fields().stream().map(DeltaField::name).toList();
            return new LakeException(
                    Kind.INVALID_SQL,
                    "The table has no column '" + name + "'.",
                    "Its columns are '" + String.join("', '", names) + "'.");
        });
    }

    /** The changes of some versions, in the order of the versions. */
    public TableRows rows(TableChanges changes) {
        return new TableRows(
                this,
                "SELECT * FROM (" + changes.toSql() + ") ORDER BY " + ChangeFeed.VERSION_COLUMN + ", "
                        + ChangeFeed.TYPE_COLUMN + " <> 'update_preimage' AND " + ChangeFeed.TYPE_COLUMN
                        + " <> 'delete'");
    }

    /**
     * Compares two versions, of one table or of two.
     *
     * @param key columns that tell one row from all others; empty to compare rows as they are, counting equal ones
     */
    public TableDiff diff(Snapshot before, Snapshot after, List<String> key) {
        return diff(before, after, key, Set.of());
    }

    /**
     * The same without some columns.
     *
     * @param ignored columns whose values are not compared, if the tables have them
     */
    public TableDiff diff(Snapshot before, Snapshot after, List<String> key, Set<String> ignored) {
        return TableDiff.between(this, before, after, key, ignored);
    }

    @Override
    public void close() {
        try {
            duckdb.close();
            LocalFiles.deleteTree(temporary);
        } catch (SQLException | IOException leftover) {
            // In a temporary folder, and the work is done.
        }
    }
}
