package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Threads that read the ranges of one table. */
final class Readers {

    /** Rows of a table; below it further connections cost more than they gain. */
    static final long LARGE = 200_000;

    /** How many read a large table unless told otherwise. */
    static final int USUAL = 4;
    /** Ranges for each reader: keys are seldom spread evenly. */
    static final int RANGES = 4;

    private Readers() {}

    /** What each thread does: takes ranges until there are none. */
    @FunctionalInterface
    interface Reading {
        /**
         * Reads until no range is left.
         *
         * @param number from 0, which is the caller's thread
         * @return rows
         */
        long read(int number) throws ConnectionException, SQLException;
    }

    /** Runs all of them to their ends, and gives the sum of their rows. After a failure the others find no more ranges. */
    static long run(int readers, Queue<String> ranges, Reading reading)
            throws ConnectionException, SQLException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(readers - 1, Readers::thread);
        List<Future<Long>> others = new ArrayList<>();
        try {
            for (int i = 1; i < readers; i++) {
                int number = i;
                others.add(threads.submit(() -> reading.read(number)));
            }
            long rows = reading.read(0);
            for (Future<Long> other : others) {
                rows += other.get();
            }
            return rows;
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } finally {
            ranges.clear();
            threads.shutdown();
            for (Future<Long> other : others) {
                await(other);
            }
        }
    }

    /** What another reader threw, as it is. */
    private static RuntimeException rethrown(@Nullable Throwable cause)
            throws ConnectionException, SQLException, InterruptedException {
        if (cause instanceof ConnectionException e) {
            throw e;
        }
        if (cause instanceof SQLException e) {
            throw e;
        }
        if (cause instanceof InterruptedException e) {
            throw e;
        }
        return new IllegalStateException("a reader of a database failed", cause);
    }

    /** A sink must not be closed under a thread that fills it. */
    private static void await(Future<Long> other) throws InterruptedException {
        try {
            other.get();
        } catch (ExecutionException e) {
            // Thrown already, or less important than what was.
            return;
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "tarn-database-reader");
        thread.setDaemon(true);
        return thread;
    }
}
