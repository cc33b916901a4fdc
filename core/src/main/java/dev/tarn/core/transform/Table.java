package dev.tarn.core.transform;

import java.util.List;
import java.util.Optional;

/**
 * Rows that a query may name.
 *
 * @param columns empty where they are not known before the run
 */
public record Table(String name, Optional<List<Column>> columns) {

    public Table {
        columns = columns.map(List::copyOf);
    }

    Optional<List<String>> names() {
        return columns.map(all -> all.stream().map(Column::name).toList());
    }
}
