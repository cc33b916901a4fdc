package dev.tarn.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Gives rows the names and ids that the files of a table with column mapping have (Delta protocol, "Writer Requirements for
 * Column Mapping"); the way back is {@link FileLayout}.
 */
record FileColumns(ColumnMapping mapping) {
    private static final String ROWS = "_q";

    /** The rows of a SELECT of some columns, under the names of these in files. */
    String select(List<DeltaField> columns, String select) {
        return mapping == ColumnMapping.NONE
                ? select
                : columns.stream()
                        .map(column -> value(column.type(), 0).apply(ROWS + "." + SqlText.name(column.name())) + " AS "
                                + SqlText.name(mapping.physicalName(column)))
                        .collect(Collectors.joining(", ", "SELECT ", " FROM (" + select + ") AS " + ROWS));
    }

    private UnaryOperator<String> value(DeltaType type, int depth) {
        if (mapping.physical(type).duckSql().equals(type.duckSql())) {
            return value -> value;
        }
        String item = "x" + depth;
        if (type instanceof DeltaType.Struct struct) {
            return value -> struct.fields().stream()
                    .map(field -> SqlText.name(mapping.physicalName(field)) + " := "
                            + value(field.type(), depth)
                                    .apply("struct_extract(" + value + ", " + SqlText.literal(field.name()) + ")"))
                    .collect(Collectors.joining(
                            ", ", "CASE WHEN " + value + " IS NULL THEN NULL ELSE struct_pack(", ") END"));
        }
        if (type instanceof DeltaType.Array array) {
            return value -> "list_transform(" + value + ", lambda " + item + ": "
                    + value(array.element(), depth + 1).apply(item) + ")";
        }
        DeltaType.MapOf map = (DeltaType.MapOf) type;
        return value -> "map_from_entries(list_transform(map_entries(" + value + "), lambda " + item
                + ": struct_pack(k := " + value(map.key(), depth + 1).apply(item + ".key") + ", v := "
                + value(map.value(), depth + 1).apply(item + ".value") + ")))";
    }

    /** What a COPY takes as {@code FIELD_IDS}. */
    String ids(List<DeltaField> columns) {
        return columns.stream()
                .filter(column -> ColumnMapping.id(column).isPresent())
                .map(this::id)
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private String id(DeltaField field) {
        long id = ColumnMapping.id(field).orElseThrow();
        List<String> inner = inner(field.type());
        return SqlText.literal(mapping.physicalName(field)) + ": "
                + (inner.isEmpty() ? id : "{__duckdb_field_id: " + id + ", " + String.join(", ", inner) + "}");
    }

    private List<String> inner(DeltaType type) {
        List<String> ids = new ArrayList<>();
        if (type instanceof DeltaType.Struct struct) {
            struct.fields().forEach(field -> ids.add(id(field)));
        } else if (type instanceof DeltaType.Array array) {
            addPart(ids, "element", array.element());
        } else if (type instanceof DeltaType.MapOf map) {
            addPart(ids, "key", map.key());
            addPart(ids, "value", map.value());
        }
        return ids;
    }

    private void addPart(List<String> ids, String name, DeltaType type) {
        List<String> inner = inner(type);
        if (!inner.isEmpty()) {
            ids.add(name + ": {" + String.join(", ", inner) + "}");
        }
    }
}
