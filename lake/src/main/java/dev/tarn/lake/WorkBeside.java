package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
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
 * Does pieces of work, several at once, by threads with connections of another DuckDB, while the caller's waits.
 *
 * @param <P> a piece
 * @param <R> what comes of one
 */
final class WorkBeside<P, R> {
    private static final long PROBE_MILLIS = 1000;

    /** Who cancels the operation cancels statements of the caller's connection, which must have one to be cancelled then. */
    private static final String PROBE = "SELECT sleep_ms(30)";

    /** Does a piece with a connection. */
    @FunctionalInterface
    interface Worker<P, R> {
        R work(Connection duckdb, P piece) throws SQLException;
    }

    private record Numbered<P>(int number, P piece) {}

    private final Scratch scratch;
    private final int pieces;
    private final Queue<Numbered<P>> waiting = new ConcurrentLinkedQueue<>();
    private final Map<Integer, R> results = new TreeMap<>();
    private Optional<RuntimeException> refused = Optional.empty();

    WorkBeside(Scratch scratch, List<P> pieces) {
        this.scratch = scratch;
        this.pieces = pieces.size();
        for (P piece : pieces) {
            waiting.add(new Numbered<>(waiting.size(), piece));
        }
    }

    /** Does what threads can; what a thread failed at, for want of memory for example, is left for {@link #finish}. */
    void run(Connection duckdb, int threads, Worker<P, R> worker) throws SQLException {
        CountDownLatch running = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> workAlone(duckdb, worker, running), "tarn-beside");
            thread.setDaemon(true);
            thread.start();
        }
        await(running);
        if (refused.isPresent()) {
            throw refused.get();
        }
    }

    /** Does what is left with the caller's connection, and gives what came of all pieces in their order. */
    List<R> finish(Worker<P, R> worker) throws SQLException {
        workOff(scratch.duckdb(), worker);
        if (results.size() != pieces) {
            // An error ended a thread; the rows of its files must not be lost.
            throw new IllegalStateException("did " + results.keySet() + " of " + pieces + " pieces of work");
        }
        return results();
    }

    /** What came of the pieces that were done, of which nothing may stay after a failure. */
    List<R> results() {
        synchronized (results) {
            return List.copyOf(results.values());
        }
    }

    private void workAlone(Connection shared, Worker<P, R> worker, CountDownLatch running) {
        try (Connection duckdb = shared.unwrap(DuckDBConnection.class).duplicate()) {
            workOff(duckdb, worker);
        } catch (SQLException left) {
            // The caller's connection does what is left, and meets the error itself if it is about the rows.
        } catch (RuntimeException failure) {
            waiting.clear();
            synchronized (results) {
                refused = Optional.of(failure);
            }
        } finally {
            running.countDown();
        }
    }

    private void workOff(Connection duckdb, Worker<P, R> worker) throws SQLException {
        for (Numbered<P> next = waiting.poll(); next != null; next = waiting.poll()) {
            try {
                R result = worker.work(duckdb, next.piece);
                synchronized (results) {
                    results.put(next.number, result);
                }
            } catch (SQLException failure) {
                waiting.add(next);
                throw failure;
            }
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
