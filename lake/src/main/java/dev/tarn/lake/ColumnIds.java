package dev.tarn.lake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives columns the ids and physical names by which column mapping finds them (Delta protocol, "Writer Requirements for
 * Column Mapping").
 */
final class ColumnIds {
    private final boolean namedAsNow;
    private long last;

    private ColumnIds(boolean namedAsNow, long last) {
        this.namedAsNow = namedAsNow;
        this.last = last;
    }

    /** New columns get theirs if the table has a mapping; those that have some keep them. */
    static Metadata assign(Metadata metadata) {
        return metadata.mapping() == ColumnMapping.NONE ? metadata : assign(metadata, false);
    }

    /** The same for columns that replace others, whose ids must not come again. */
    static Metadata assignAfter(Metadata before, Metadata metadata) {
        String known = before.configuration().get(ColumnMapping.MAX_COLUMN_ID);
        if (known == null || metadata.mapping() == ColumnMapping.NONE) {
            return assign(metadata);
        }
        Map<String, String> properties = new LinkedHashMap<>(metadata.configuration());
        properties.put(ColumnMapping.MAX_COLUMN_ID, known);
        return assign(metadata.withConfiguration(properties));
    }

    /** The same for a table that had no mapping and has files with the names that its columns have now. */
    static Metadata assignPresentNames(Metadata metadata) {
        return assign(metadata, true);
    }

    private static Metadata assign(Metadata metadata, boolean namedAsNow) {
        long known = number(metadata.configuration().get(ColumnMapping.MAX_COLUMN_ID));
        ColumnIds ids = new ColumnIds(namedAsNow, Math.max(known, greatest(metadata.schema())));
        DeltaType.Struct schema = ids.struct(metadata.schema());
        Map<String, String> properties = new LinkedHashMap<>(metadata.configuration());
        properties.put(ColumnMapping.MAX_COLUMN_ID, String.valueOf(ids.last));
        return metadata.with(schema, metadata.partitionColumns()).withConfiguration(properties);
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    private static long greatest(DeltaType type) {
        if (type instanceof DeltaType.Struct struct) {
            return struct.fields().stream()
                    .mapToLong(field -> Math.max(ColumnMapping.id(field).orElse(0L), greatest(field.type())))
                    .max()
                    .orElse(0);
        }
        if (type instanceof DeltaType.Array array) {
            return greatest(array.element());
        }
        return type instanceof DeltaType.MapOf map ? Math.max(greatest(map.key()), greatest(map.value())) : 0;
    }

    private DeltaType.Struct struct(DeltaType.Struct struct) {
        List<DeltaField> fields = struct.fields().stream().map(this::field).toList();
        return new DeltaType.Struct(fields);
    }

    private DeltaField field(DeltaField field) {
        Map<String, Object> metadata = new LinkedHashMap<>(field.metadata());
        if (!metadata.containsKey(ColumnMapping.COLUMN_ID)) {
            last++;
            metadata.put(ColumnMapping.COLUMN_ID, Math.toIntExact(last));
        }
        if (!metadata.containsKey(ColumnMapping.PHYSICAL_NAME)) {
            metadata.put(ColumnMapping.PHYSICAL_NAME, namedAsNow ? field.name() : "col-" + UUID.randomUUID());
        }
        return new DeltaField(field.name(), type(field.type()), field.nullable(), metadata);
    }

    private DeltaType type(DeltaType type) {
        if (type instanceof DeltaType.Struct struct) {
            return struct(struct);
        }
        if (type instanceof DeltaType.Array array) {
            return new DeltaType.Array(type(array.element()), array.containsNull());
        }
        return type instanceof DeltaType.MapOf map
                ? new DeltaType.MapOf(type(map.key()), type(map.value()), map.valueContainsNull())
                : type;
    }

    /** The schema as it would be without a mapping. */
    static DeltaType.Struct without(DeltaType.Struct schema) {
        return (DeltaType.Struct) without((DeltaType) schema);
    }

    static DeltaType without(DeltaType type) {
        if (type instanceof DeltaType.Struct struct) {
            return new DeltaType.Struct(
                    struct.fields().stream().map(ColumnIds::without).toList());
        }
        if (type instanceof DeltaType.Array array) {
            return new DeltaType.Array(without(array.element()), array.containsNull());
        }
        return type instanceof DeltaType.MapOf map
                ? new DeltaType.MapOf(without(map.key()), without(map.value()), map.valueContainsNull())
                : type;
    }

    private static DeltaField without(DeltaField field) {
        Map<String, Object> metadata = new LinkedHashMap<>(field.metadata());
        metadata.keySet().removeIf(key -> key.startsWith("delta.columnMapping."));
        return new DeltaField(field.name(), without(field.type()), field.nullable(), metadata);
    }
}
