package dev.tarn.engine.spark;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Names under which SQL finds rows, in all sessions of this Spark. Thread-safe. */
final class Views implements AutoCloseable {

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final SparkSession session;
    private final Queue<String> made = new ConcurrentLinkedQueue<>();

    Views(SparkSession session) {
        this.session = session;
    }

    /** A name for the rows, as SQL writes it. */
    String of(Dataset<Row> rows) {
        String name = "tarn_" + NUMBERS.incrementAndGet();
        rows.createOrReplaceGlobalTempView(name);
        made.add(name);
        return "global_temp." + name;
    }

    @Override
    public void close() {
        made.forEach(name -> session.catalog().dropGlobalTempView(name));
        made.clear();
    }
}
