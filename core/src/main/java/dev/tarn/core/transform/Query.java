package dev.tarn.core.transform;

import java.util.List;
import java.util.Optional;

/**
 * What a transformer becomes.
 *
 * @param columns the names of the columns that it gives, where they are known
 */
record Query(String sql, Optional<List<String>> columns) {

    static Query of(String sql, List<String> columns) {
        return new Query(sql, Optional.of(List.copyOf(columns)));
    }

    /** Gives the columns that it takes. */
    static Query same(String sql, Table table) {
        return new Query(sql, table.names());
    }
}
