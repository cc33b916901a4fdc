package dev.tarn.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/**
 * Rewrites files of a table, several at once, each by one thread of a DuckDB of our own that gets a copy of the changed rows.
 *
 * <p>While one thread of DuckDB 2.0.0 works at the COPY of a file, the one that waits for its end spins: 16 files of 125,000
 * rows, one after the other, took 1.15 s of processor time with two threads and 0.63 s with one.
 */
final class SideBySide {
    private static final int MOST = 4;

    /** With fewer files for each thread, or smaller ones, the other DuckDB costs more than it gains. */
    private static final int LEAST_FILES = 2;

    private static final long LEAST_BYTES = 16 << 20;

    private final Scratch scratch;
    private final RowSelect select;

    private SideBySide(Scratch scratch, RowSelect select) {
        this.scratch = scratch;
        this.select = select;
    }

    /** Writes all files, and gives what came of each in their order; after a failure none is left. */
    static List<FileRewrite.Result> rewrite(
            Scratch scratch, MemoryBudget budget, RowSelect select, List<FileRewrite> files, long changedRows)
            throws SQLException {
        SideBySide all = new SideBySide(scratch, select);
        WorkBeside<FileRewrite, FileRewrite.Result> work = new WorkBeside<>(scratch, files);
        try {
            int threads = all.threads(budget, files, changedRows);
            if (threads > 1) {
                try (Connection duckdb = OwnDuckDb.beside(scratch, budget)) {
                    RowSelect rows = select.withChanged(all.copyChanged(duckdb));
                    work.run(duckdb, threads, (connection, file) -> file.run(connection, rows));
                }
            }
            return work.finish((connection, file) -> file.run(connection, select));
        } catch (SQLException | RuntimeException failure) {
            work.results().forEach(result -> DataFiles.delete(result.written()));
            throw failure;
        }
    }

    /** Whether files are enough for it, if their changed rows are known. */
    static boolean isWorth(List<AddFile> files) {
        return files.size() >= 2 * LEAST_FILES && RowOperation.bytes(files) >= LEAST_BYTES;
    }

    private int threads(MemoryBudget budget, List<FileRewrite> files, long changedRows) throws SQLException {
        // What is decided while a file is read is the user's SQL, and may name what only the user's connection has.
        boolean able = select.inPlace().isEmpty() && select.changed().isPresent();
        boolean whole = files.stream().allMatch(each -> each.ranges().size() == 1);
        if (!able || !whole || !isWorth(files.stream().map(FileRewrite::file).toList())) {
            return 1;
        }
        long threads = Math.min(files.size() / LEAST_FILES, scratch.number("SELECT current_setting('threads')"));
        String rows = select.target().rows(List.of(files.get(0).file()), select.candidates());
        long fitting = budget.threads(
                scratch, rows, select.target().schema(), select.changed().get().rows(), changedRows);
        return (int) Math.min(fitting, Math.min(threads, MOST));
    }

    /** The changed rows in another DuckDB. */
    private ChangedRows copyChanged(Connection duckdb) throws SQLException {
        ChangedRows changed = select.changed().orElseThrow();
        Path rows = select.target().table().resolve(DataFiles.PREFIX + UUID.randomUUID() + ".parquet");
        String copied = "CREATE TABLE changed AS FROM read_parquet(" + SqlText.files(List.of(rows.toString()))
                + ", hive_partitioning = false)";
        try (Statement statement = duckdb.createStatement()) {
            scratch.execute("COPY (FROM " + changed.rows() + " WHERE " + changed.clauseColumn() + " <> 0) TO "
                    + SqlText.literal(rows.toString()) + " (FORMAT parquet, COMPRESSION uncompressed)");
            statement.execute(copied);
        } finally {
            DataFiles.delete(rows);
        }
        return new ChangedRows("changed", changed.clauses(), changed.columns(), changed.prefix());
    }
}
