package dev.tarn.cdc;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table that is followed.
 *
 * @param name with its schema
 * @param key the columns of the primary key
 * @param id PostgreSQL's, which a table of the same name that is made later does not have
 * @param folder of the Delta table that follows it
 */
record SourceTable(String name, List<Column> columns, List<String> key, long id, Path folder) {

    SourceTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** What a table of this name was when its changes were first followed: to see later whether it is still that. */
    String identity() {
        return "table=" + id + " key=" + String.join(",", key) + " columns="
                + columns.stream()
                        .map(column -> column.name() + ":" + column.origin().number())
                        .collect(Collectors.joining(","));
    }

    boolean isKey(Column column) {
        return key.contains(column.name());
    }
}
