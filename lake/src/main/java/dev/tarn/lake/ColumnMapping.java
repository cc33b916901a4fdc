package dev.tarn.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** By what the columns of a table are found in its data files (Delta protocol, "Reader Requirements for Column Mapping"). */
enum ColumnMapping {
    /** By the names that the schema shows. */
    NONE,
    /** By physical names, which stay when a column is renamed. */
    NAME,
    /** By the field ids of Parquet. */
    ID;

    static final String PROPERTY = "delta.columnMapping.mode";
    static final String MAX_COLUMN_ID = "delta.columnMapping.maxColumnId";
    static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
    static final String COLUMN_ID = "delta.columnMapping.id";

    /** The mapping of a mode as the table's property has it; empty if it is unknown. */
    static Optional<ColumnMapping> of(String mode) {
        for (ColumnMapping mapping : values()) {
            if (mapping.name().toLowerCase(Locale.ROOT).equals(mode.toLowerCase(Locale.ROOT))) {
                return Optional.of(mapping);
            }
        }
        return Optional.empty();
    }

    /** The name by which partition values, statistics and files know a field. */
    String physicalName(DeltaField field) {
        return this == NONE
                ? field.name()
                : Json.string(field.metadata(), PHYSICAL_NAME)
                        .orElseThrow(() -> new IllegalStateException("no physical name of " + field));
    }

    /** The id of a field; empty for one that is not the table's, such as the kind of a change. */
    static Optional<Long> id(DeltaField field) {
        return Json.number(field.metadata(), COLUMN_ID);
    }

    /** The field in a file or a group of it; empty if the file lacks it. */
    Optional<ParquetNode> find(ParquetNode group, DeltaField field) {
        Optional<Long> id = id(field);
        return this == ID && id.isPresent() ? group.withId(id.get()) : group.named(physicalName(field));
    }

    /** The fields with the names that files have. */
    List<DeltaField> physical(List<DeltaField> fields) {
        return fields.stream()
                .map(field ->
                        new DeltaField(physicalName(field), physical(field.type()), field.nullable(), field.metadata()))
                .toList();
    }

    /** The type with the names that files have. */
    DeltaType physical(DeltaType type) {
        if (type instanceof DeltaType.Struct struct) {
            return new DeltaType.Struct(physical(struct.fields()));
        }
        if (type instanceof DeltaType.Array array) {
            return new DeltaType.Array(physical(array.element()), array.containsNull());
        }
        if (type instanceof DeltaType.MapOf map) {
            return new DeltaType.MapOf(physical(map.key()), physical(map.value()), map.valueContainsNull());
        }
        return type;
    }

    /** The names that the schema shows for a path of those that files have; what it does not know stays. */
    List<String> logical(DeltaType type, List<String> path) {
        if (path.isEmpty()) {
            return path;
        }
        String first = path.get(0);
        Optional<DeltaField> field = type instanceof DeltaType.Struct struct
                ? struct.fields().stream()
                        .filter(each -> physicalName(each).equals(first))
                        .findFirst()
                : Optional.empty();
        List<String> names = new ArrayList<>(List.of(field.map(DeltaField::name).orElse(first)));
        List<String> rest = path.subList(1, path.size());
        names.addAll(field.map(each -> logical(each.type(), rest)).orElse(rest));
        return names;
    }

    /** A field of the type that lacks what the mapping needs, by its path; empty if there is none. */
    Optional<String> findIncomplete(DeltaType type, String path) {
        if (this == NONE) {
            return Optional.empty();
        }
        if (type instanceof DeltaType.Struct struct) {
            return struct.fields().stream()
                    .flatMap(field -> {
                        String name = path.isEmpty() ? field.name() : path + "." + field.name();
                        boolean complete = Json.string(field.metadata(), PHYSICAL_NAME)
                                        .isPresent()
                                && Json.number(field.metadata(), COLUMN_ID).isPresent();
                        return (complete ? findIncomplete(field.type(), name) : Optional.of(name)).stream();
                    })
                    .findFirst();
        }
        if (type instanceof DeltaType.Array array) {
            return findIncomplete(array.element(), path + ".element");
        }
        if (type instanceof DeltaType.MapOf map) {
            return findIncomplete(map.key(), path + ".key").or(() -> findIncomplete(map.value(), path + ".value"));
        }
        return Optional.empty();
    }
}
