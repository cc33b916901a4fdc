package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

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
     * @param discard gets after a failure what was written
     */
    static <R> List<R> write(
            Scratch scratch,
            List<List<AddFile>> bins,
            WorkBeside.Worker<List<AddFile>, R> writer,
            Consumer<List<R>> discard)
            throws SQLException {
        WorkBeside<List<AddFile>, R> work = new WorkBeside<>(scratch, bins);
        try {
            try (Connection duckdb = OwnDuckDb.beside(scratch, MemoryBudget.of(scratch))) {
                work.run(duckdb, Math.min(bins.size(), MOST_THREADS), writer);
            }
            return work.finish(writer);
        } catch (SQLException | RuntimeException failure) {
            discard.accept(work.results());
            throw failure;
        }
    }
}
