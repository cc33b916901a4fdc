package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Dataset;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Rows as the query that computes them.
 *
 * @param stable whether the query gives the same rows each time: it reads a table or files and computes nothing
 * @param versions for each Delta table, by its path, that the rows were computed from at its newest version, that
 *     version: a write back to the table must not lose what others wrote since
 */
record DuckDbDataset(SqlText query, OptionalLong rows, boolean stable, Map<Path, Long> versions) implements Dataset {

    DuckDbDataset {
        versions = Map.copyOf(versions);
    }

    /** Rows that come from no table. */
    DuckDbDataset(SqlText query, OptionalLong rows, boolean stable) {
        this(query, rows, stable, Map.of());
    }

    static DuckDbDataset of(Dataset dataset) {
        if (dataset instanceof DuckDbDataset mine) {
            return mine;
        }
        throw new IllegalStateException("a dataset of another engine: " + dataset);
    }
}
