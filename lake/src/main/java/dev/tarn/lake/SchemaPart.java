package dev.tarn.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Changes a column of a schema or a field somewhere in it, and leaves all others as they are. */
record SchemaPart(String table, DeltaType.Struct schema) {

    /** The field at a path; the parts of lists and maps are not fields. */
    DeltaField field(List<String> path) {
        DeltaType.Struct[] parent = new DeltaType.Struct[1];
        inStruct(path.subList(0, path.size() - 1), struct -> parent[0] = struct);
        return parent[0].field(last(path)).orElseThrow(() -> missing(path));
    }

    static String last(List<String> path) {
        return path.get(path.size() - 1);
    }

    private LakeException missing(List<String> path) {
        return new LakeException(
                LakeException.Kind.SCHEMA_MISMATCH,
                "Table '" + table + "' has no column '" + ColumnPath.text(path) + "'.",
                "It has '"
                        + String.join(
                                "', '",
                                schema.fields().stream().map(DeltaField::name).toList())
                        + "'.");
    }

    /** The schema with another field in the place of one. */
    DeltaType.Struct replace(List<String> path, UnaryOperator<DeltaField> change) {
        return inStruct(path.subList(0, path.size() - 1), struct -> {
            DeltaField old = struct.field(last(path)).orElseThrow(() -> missing(path));
            List<DeltaField> fields = new ArrayList<>(struct.fields());
            fields.set(fields.indexOf(old), change.apply(old));
            return new DeltaType.Struct(fields);
        });
    }

    DeltaType.Struct remove(List<String> path) {
        return inStruct(path.subList(0, path.size() - 1), struct -> {
            DeltaField old = struct.field(last(path)).orElseThrow(() -> missing(path));
            List<DeltaField> fields = new ArrayList<>(struct.fields());
            fields.remove(old);
            return new DeltaType.Struct(fields);
        });
    }

    /** The schema with a change of the struct at a path; the empty path leads to the schema itself. */
    DeltaType.Struct inStruct(List<String> path, UnaryOperator<DeltaType.Struct> change) {
        return (DeltaType.Struct) at(schema, path, 0, type -> {
            if (type instanceof DeltaType.Struct struct) {
                return change.apply(struct);
            }
            throw missing(path);
        });
    }

    /** The schema with another type in the place of one, which may be that of a list's elements or a map's values. */
    DeltaType.Struct retype(List<String> path, UnaryOperator<DeltaType> change) {
        return (DeltaType.Struct) at(schema, path, 0, change);
    }

    private DeltaType at(DeltaType type, List<String> path, int depth, UnaryOperator<DeltaType> change) {
        if (depth == path.size()) {
            return change.apply(type);
        }
        String name = path.get(depth);
        if (type instanceof DeltaType.Struct struct) {
            DeltaField old = struct.field(name).orElseThrow(() -> missing(path));
            List<DeltaField> fields = new ArrayList<>(struct.fields());
            fields.set(fields.indexOf(old), old.withType(at(old.type(), path, depth + 1, change)));
            return new DeltaType.Struct(fields);
        }
        if (type instanceof DeltaType.Array array && name.equalsIgnoreCase("element")) {
            return new DeltaType.Array(at(array.element(), path, depth + 1, change), array.containsNull());
        }
        if (type instanceof DeltaType.MapOf map && name.equalsIgnoreCase("key")) {
            return new DeltaType.MapOf(at(map.key(), path, depth + 1, change), map.value(), map.valueContainsNull());
        }
        if (type instanceof DeltaType.MapOf map && name.equalsIgnoreCase("value")) {
            return new DeltaType.MapOf(map.key(), at(map.value(), path, depth + 1, change), map.valueContainsNull());
        }
        throw missing(path);
    }
}
