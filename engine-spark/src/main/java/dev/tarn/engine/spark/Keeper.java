package dev.tarn.engine.spark;

import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Keeps rows that must not be computed twice. In one process Spark's own cache does that. On a cluster a lost worker takes its
 * part of the cache with it, and what Spark then computes anew may be other rows: there they are stored as files. Thread-safe.
 */
final class Keeper implements AutoCloseable {

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Path folder;
    private final boolean local;
    private final Queue<Dataset<Row>> cached = new ConcurrentLinkedQueue<>();

    Keeper(Path folder, boolean local) {
        this.folder = folder;
        this.local = local;
    }

    /** The same rows; they are computed at the latest when they are first read. */
    Dataset<Row> keep(Dataset<Row> rows) {
        if (!local) {
            String files = Source.url(folder.resolve("kept-" + NUMBERS.incrementAndGet()));
            rows.write().parquet(files);
            return rows.sparkSession().read().schema(rows.schema()).parquet(files);
        }
        Dataset<Row> kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
        cached.add(kept);
        return kept;
    }

    void drop(Dataset<Row> kept) {
        if (cached.remove(kept)) {
            kept.unpersist();
        }
    }

    @Override
    public void close() {
        cached.forEach(Dataset::unpersist);
        cached.clear();
    }
}
