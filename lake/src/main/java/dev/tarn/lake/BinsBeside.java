package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBConnection;

/**
 * Writes bins of small files in a DuckDB of our own, in which each thread writes a file alone.
 *
 * <p>Several threads that keep the order of rows in one file hold a buffer for each of its small parts until the parts before
 * it are written: with 10,000 files of 100 rows DuckDB 2.0.0 needed 380 MB and 5.9 s of processor time, most of it to spill
 * at a limit of 300 MB; one thread needed 210 MB and 1.3 s.
 */
final class BinsBeside {
    /** Files of fewer bytes on average hold so few rows that the buffers for them count. */
    private static final long SMALL = 256 << 10;

    /** With fewer files, or fewer bins, opening the other DuckDB costs more than it gains. */
    private static final int MANY_FILES = 100;

    private static final int MANY_BINS = 8;
    private static final int MOST_THREADS = 2;

    private static final long PROBE_MILLIS = 1000;

    /** Who cancels the operation cancels statements of the caller's connection, which must have one to be cancelled then. */
    private static final String PROBE = "SELECT sleep_ms(30)";

    /** Writes a bin with a connection. */
    @FunctionalInterface
    interface Writer<R> {
        R write(Connection duckdb, List<AddFile> bin) throws SQLException;
    }

    private record Waiting(int number, List<AddFile> bin) {}

    private BinsBeside() {}

    /** Whether it is worth it. */
    static boolean isFor(List<List<AddFile>> bins) {
        return bins.size() >= MANY_BINS || bins.stream().anyMatch(BinsBeside::hasManySmallFiles);
    }

    private static boolean hasManySmallFiles(List<AddFile> bin) {
        return bin.size() >= MANY_FILES && bin.stream().mapToLong(AddFile::size).sum() / bin.size() < SMALL;
    }

    /**
     * Writes all bins, and gives what came of each in their order.
     *
     * @param written gets each result as soon as it is there, so that after a failure nothing of it is forgotten
     */
    static <R> List<R> write(Scratch scratch, List<List<AddFile>> bins, Writer<R> writer, List<R> written)
            throws SQLException {
        Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < bins.size(); i++) {
            waiting.add(new Waiting(i, bins.get(i)));
        }
        Run<R> run = new Run<>(scratch, writer, waiting, written, new TreeMap<>(), new ArrayList<>());
        run.beside(Math.min(bins.size(), MOST_THREADS));
        // What a thread left that failed, for want of memory for example, is written as if there were no other DuckDB.
        run.rest(scratch.duckdb());
        return List.copyOf(run.byNumber.values());
    }

    private record Run<R>(
            Scratch scratch,
            Writer<R> writer,
            Queue<Waiting> waiting,
            List<R> written,
            Map<Integer, R> byNumber,
            List<RuntimeException> refused) {

        void beside(int threads) throws SQLException {
            try (Connection duckdb = OwnDuckDb.open()) {
                set(duckdb, "threads", "1");
                set(duckdb, "async_threads", "0");
                set(
                        duckdb,
                        "memory_limit",
                        SqlText.literal(MemoryBudget.of(scratch).beside() + " bytes"));
                set(duckdb, "temp_directory", SqlText.literal(setting("temp_directory")));
                set(duckdb, "GLOBAL TimeZone", SqlText.literal(setting("TimeZone")));
                CountDownLatch running = new CountDownLatch(threads);
                for (int i = 0; i < threads; i++) {
                    Thread thread = new Thread(() -> work(duckdb, running), "tarn-optimize");
                    thread.setDaemon(true);
                    thread.start();
                }
                await(running);
            }
            if (!refused.isEmpty()) {
                throw refused.get(0);
            }
        }

        private String setting(String name) throws SQLException {
            return scratch.rows("SELECT current_setting('" + name + "')").get(0).get(0);
        }

        private static void set(Connection duckdb, String name, String value) throws SQLException {
            try (Statement statement = duckdb.createStatement()) {
                statement.execute("SET " + name + " = " + value);
            }
        }

        void rest(Connection duckdb) throws SQLException {
            for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
                try {
                    R result = writer.write(duckdb, next.bin);
                    synchronized (byNumber) {
                        byNumber.put(next.number, result);
                        written.add(result);
                    }
                } catch (SQLException failure) {
                    waiting.add(next);
                    throw failure;
                }
            }
        }

        private void work(Connection shared, CountDownLatch running) {
            try (Connection duckdb = shared.unwrap(DuckDBConnection.class).duplicate()) {
                rest(duckdb);
            } catch (SQLException left) {
                // The caller's connection writes what is left, and meets the error itself if it is about the rows.
            } catch (RuntimeException failure) {
                waiting.clear();
                synchronized (byNumber) {
                    refused.add(failure);
                }
            } finally {
                running.countDown();
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
}
