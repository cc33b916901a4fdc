package dev.tarn.engine.spark;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows as Spark's plan of them.
 *
 * @param kept whether they are stored and never change: to look at some of them computes nothing
 * @param versions for each Delta table, by its path, that the rows were computed from at its newest version, that
 *     version: a write back to the table must not lose what others wrote since
 */
record SparkDataset(Dataset<Row> frame, OptionalLong rows, boolean kept, Map<Path, Long> versions)
        implements dev.tarn.core.engine.Dataset {

    SparkDataset {
        versions = Map.copyOf(versions);
    }

    /** Rows that are computed when they are needed. */
    static SparkDataset computed(Dataset<Row> frame, Map<Path, Long> versions) {
        return new SparkDataset(frame, OptionalLong.empty(), false, versions);
    }

    static SparkDataset of(dev.tarn.core.engine.Dataset dataset) {
        if (dataset instanceof SparkDataset mine) {
            return mine;
        }
        if (dataset instanceof LaterDataset later) {
            return later.get();
        }
        throw new IllegalStateException("a dataset of another engine: " + dataset);
    }
}
