package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.SqlText;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Rows as the query that computes them.
 *
 * @param kind how far the query can be trusted to give the same rows again
 * @param depth how many queries are nested in this one
 * @param versions for each Delta table, by its path, that the rows were computed from at its newest version, that
 *     version: a write back to the table must not lose what others wrote since
 */
record DuckDbDataset(SqlText query, OptionalLong rows, Kind kind, int depth, Map<Path, Long> versions)
        implements Dataset {

    /** What may change the rows of a query. */
    enum Kind {
        /** Nothing: a version of a Delta table, or a table that this session keeps. */
        CONSTANT,
        /** A write to the files that it reads. */
        FILES,
        /** Computing it again: it may hold {@code random()}. */
        COMPUTED
    }

    DuckDbDataset {
        versions = Map.copyOf(versions);
    }

    /** Rows that never change. */
    static DuckDbDataset constant(SqlText query, OptionalLong rows, Map<Path, Long> versions) {
        return new DuckDbDataset(query, rows, Kind.CONSTANT, 0, versions);
    }

    static DuckDbDataset of(Dataset dataset) {
        if (dataset instanceof DuckDbDataset mine) {
            return mine;
        }
        throw new IllegalStateException("a dataset of another engine: " + dataset);
    }
}
