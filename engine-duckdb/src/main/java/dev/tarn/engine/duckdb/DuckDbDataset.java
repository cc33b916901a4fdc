package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Dataset;
import java.util.OptionalLong;

/**
 * Rows as the query that computes them.
 *
 * @param stable whether the query gives the same rows each time: it reads a table or files and computes nothing
 */
record DuckDbDataset(SqlText query, OptionalLong rows, boolean stable) implements Dataset {

    static DuckDbDataset of(Dataset dataset) {
        if (dataset instanceof DuckDbDataset mine) {
            return mine;
        }
        throw new IllegalStateException("a dataset of another engine: " + dataset);
    }
}
