package dev.tarn.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBConnection;

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

    private static final long PROBE_MILLIS = 1000;

    /** Who cancels the operation cancels statements of the caller's connection, which must have one to be cancelled then. */
    private static final String PROBE = "SELECT sleep_ms(30)";

    private final Scratch scratch;
    private final RowSelect select;
    private final Queue<FileRewrite> waiting;
    private final Map<Integer, FileRewrite.Result> results = new TreeMap<>();
    private Optional<RuntimeException> refused = Optional.empty();

    private SideBySide(Scratch scratch, RowSelect select, List<FileRewrite> files) {
        this.scratch = scratch;
        this.select = select;
        this.waiting = new ConcurrentLinkedQueue<>(files);
    }

    /** Writes all files, and gives what came of each in their order; after a failure none is left. */
    static List<FileRewrite.Result> rewrite(
            Scratch scratch, MemoryBudget budget, RowSelect select, List<FileRewrite> files, long changedRows)
            throws SQLException {
        SideBySide all = new SideBySide(scratch, select, files);
        try {
            int threads = all.threads(budget, files, changedRows);
            if (threads > 1) {
                all.rewriteBeside(budget, threads);
            }
            // All, or what a thread left that failed, for want of memory for example.
            all.rewriteWaiting(scratch.duckdb(), select);
            if (all.results.size() != files.size()) {
                // An error ended a thread; the rows of its file must not be lost.
                throw new IllegalStateException(
                        "rewrote " + all.results.keySet() + " of " + files.size() + " files of a table");
            }
            return List.copyOf(all.results.values());
        } catch (SQLException | RuntimeException failure) {
            all.results.values().forEach(result -> DataFiles.delete(result.written()));
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

    private void rewriteWaiting(Connection duckdb, RowSelect rows) throws SQLException {
        for (FileRewrite next = waiting.poll(); next != null; next = waiting.poll()) {
            try {
                FileRewrite.Result result = next.run(duckdb, rows);
                synchronized (results) {
                    results.put(next.number(), result);
                }
            } catch (SQLException failure) {
                waiting.add(next);
                throw failure;
            }
        }
    }

    private void rewriteBeside(MemoryBudget budget, int threads) throws SQLException {
        try (Connection duckdb = OwnDuckDb.open()) {
            RowSelect rows = select.withChanged(copyChanged(duckdb, budget));
            CountDownLatch running = new CountDownLatch(threads);
            for (int i = 0; i < threads; i++) {
                Thread thread = new Thread(() -> rewriteWaiting(duckdb, rows, running), "tarn-rewrite");
                thread.setDaemon(true);
                thread.start();
            }
            await(running);
        }
        if (refused.isPresent()) {
            throw refused.get();
        }
    }

    private void rewriteWaiting(Connection shared, RowSelect rows, CountDownLatch running) {
        try (Connection duckdb = shared.unwrap(DuckDBConnection.class).duplicate()) {
            rewriteWaiting(duckdb, rows);
        } catch (SQLException left) {
            // The caller's connection rewrites what is left, and meets the error itself if it is about the rows.
        } catch (RuntimeException failure) {
            waiting.clear();
            synchronized (results) {
                refused = Optional.of(failure);
            }
        } finally {
            running.countDown();
        }
    }

    /** The changed rows in another DuckDB, which has the settings on which the files depend. */
    private ChangedRows copyChanged(Connection duckdb, MemoryBudget budget) throws SQLException {
        ChangedRows changed = select.changed().orElseThrow();
        Path rows = select.target().table().resolve(DataFiles.PREFIX + UUID.randomUUID() + ".parquet");
        try {
            scratch.execute("COPY (FROM " + changed.rows() + " WHERE " + changed.clauseColumn() + " <> 0) TO "
                    + SqlText.literal(rows.toString()) + " (FORMAT parquet, COMPRESSION uncompressed)");
            execute(duckdb, "SET threads = 1");
            execute(duckdb, "SET async_threads = 0");
            execute(duckdb, "SET memory_limit = '" + budget.beside() + " bytes'");
            execute(duckdb, "SET GLOBAL TimeZone = " + SqlText.literal(setting("TimeZone")));
            execute(duckdb, "SET temp_directory = " + SqlText.literal(setting("temp_directory")));
            execute(
                    duckdb,
                    "CREATE TABLE changed AS FROM read_parquet(" + SqlText.files(List.of(rows.toString()))
                            + ", hive_partitioning = false)");
        } finally {
            DataFiles.delete(rows);
        }
        return new ChangedRows("changed", changed.clauses(), changed.columns(), changed.prefix());
    }

    private String setting(String name) throws SQLException {
        return scratch.rows("SELECT current_setting('" + name + "')").get(0).get(0);
    }

    private static void execute(Connection duckdb, String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new StatementException(sql, failure);
        }
    }

    /** Waits for all threads, also after a failure: they may be writing files that have to be discarded. */
    private void await(CountDownLatch running) throws SQLException {
        Optional<SQLException> cancelled = Optional.empty();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = running.await(PROBE_MILLIS, TimeUnit.MILLISECONDS);
                if (!ended && cancelled.isEmpty()) {
                    scratch.execute(PROBE);
                }
            } catch (InterruptedException later) {
                interrupted = true;
            } catch (SQLException cancel) {
                cancelled = Optional.of(cancel);
                waiting.clear();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (cancelled.isPresent()) {
            throw cancelled.get();
        }
    }
}
