package dev.tarn.cdc;

import java.util.List;

/**
 * A table that is followed.
 *
 * @param name with its schema
 * @param key the columns of the primary key
 */
record SourceTable(String name, List<Column> columns, List<String> key) {

    SourceTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** Without its schema. */
    String shortName() {
        return name.substring(name.indexOf('.') + 1);
    }

    boolean isKey(Column column) {
        return key.contains(column.name());
    }
}
