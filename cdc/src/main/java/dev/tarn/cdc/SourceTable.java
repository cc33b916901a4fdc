package dev.tarn.cdc;

import java.nio.file.Path;
import java.util.List;

/**
 * A table that is followed.
 *
 * @param name with its schema
 * @param key the columns of the primary key
 * @param folder of the Delta table that follows it
 */
record SourceTable(String name, List<Column> columns, List<String> key, Path folder) {

    SourceTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    boolean isKey(Column column) {
        return key.contains(column.name());
    }
}
