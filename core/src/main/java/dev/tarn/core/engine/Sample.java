package dev.tarn.core.engine;

import java.util.List;
import java.util.Optional;

/**
 * A few rows to look at.
 *
 * @param rows for each column a value as text; empty for NULL
 */
public record Sample(List<Column> columns, List<List<Optional<String>>> rows) {

    public static final Sample NONE = new Sample(List.of(), List.of());

    public Sample {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }
}
