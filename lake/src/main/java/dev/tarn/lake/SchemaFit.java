package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fits the columns of a query to the columns of a table: by name, ignoring case, and only into types that lose nothing. */
final class SchemaFit {
    private final boolean addColumns;
    private final ColumnMapping mapping;

    /**
     * @param addColumns whether what the table lacks becomes part of it
     * @param mapping of the table, which tells what names new columns may have
     */
    SchemaFit(boolean addColumns, ColumnMapping mapping) {
        this.addColumns = addColumns;
        this.mapping = mapping;
    }

    /** The table's schema after the write. */
    DeltaType.Struct fit(DeltaType.Struct table, DeltaType.Struct source) {
        return struct("", table, source);
    }

    private DeltaType.Struct struct(String path, DeltaType.Struct table, DeltaType.Struct source) {
        List<DeltaField> fields = new ArrayList<>();
        for (DeltaField field : table.fields()) {
            fields.add(field(path, field, source));
        }
        for (DeltaField extra : source.fields()) {
            if (table.field(extra.name()).isEmpty()) {
                fields.add(added(path, table, extra));
            }
        }
        return new DeltaType.Struct(fields);
    }

    private DeltaField field(String path, DeltaField field, DeltaType.Struct source) {
        String name = join(path, field.name());
        Optional<DeltaField> match = source.field(field.name());
        if (match.isEmpty() && !field.nullable()) {
            throw new LakeException(
                    Kind.SCHEMA_MISMATCH,
                    "Column '" + name + "' is missing, and the table forbids NULL in it.",
                    "Add the column to the query.");
        }
        return match.isEmpty()
                ? field
                : field.withType(type(name, field.type(), match.get().type()));
    }

    private DeltaField added(String path, DeltaType.Struct table, DeltaField extra) {
        String name = join(path, extra.name());
        if (!addColumns) {
            String columns = String.join(
                    "', '", table.fields().stream().map(DeltaField::name).toList());
            throw new LakeException(
                    Kind.SCHEMA_MISMATCH,
                    "Column '" + name + "' is not in the table, which has '" + columns + "'.",
                    "Take it out of the query, or allow new columns by merging the schema.");
        }
        NewSchema.check(name, extra, mapping);
        return extra;
    }

    private DeltaType type(String path, DeltaType table, DeltaType source) {
        if (source == Primitive.VOID || table.equals(source)) {
            return table;
        }
        if (table instanceof DeltaType.Struct to && source instanceof DeltaType.Struct from) {
            if (to.fields().stream().noneMatch(field -> from.field(field.name()).isPresent())) {
                throw mismatch(path, table, source);
            }
            return struct(path, to, from);
        }
        if (table instanceof DeltaType.Array to && source instanceof DeltaType.Array from) {
            return new DeltaType.Array(type(path + ".element", to.element(), from.element()), to.containsNull());
        }
        if (table instanceof DeltaType.MapOf to && source instanceof DeltaType.MapOf from) {
            return new DeltaType.MapOf(
                    type(path + ".key", to.key(), from.key()),
                    type(path + ".value", to.value(), from.value()),
                    to.valueContainsNull());
        }
        if (!holds(table, source)) {
            throw mismatch(path, table, source);
        }
        return table;
    }

    /** Whether every value of the source is a value of the table's type. */
    private static boolean holds(DeltaType table, DeltaType source) {
        int digits = integerDigits(source);
        if (table instanceof DeltaType.Decimal to) {
            return source instanceof DeltaType.Decimal from
                    ? to.scale() >= from.scale() && to.precision() - to.scale() >= from.precision() - from.scale()
                    : digits > 0 && to.precision() - to.scale() >= digits;
        }
        if (table == Primitive.DOUBLE) {
            return source == Primitive.FLOAT || (digits > 0 && digits <= 10);
        }
        if (table == Primitive.FLOAT) {
            return digits > 0 && digits <= 5;
        }
        return digits > 0 && integerDigits(table) >= digits;
    }

    private static int integerDigits(DeltaType type) {
        if (!(type instanceof Primitive primitive)) {
            return 0;
        }
        return switch (primitive) {
            case BYTE -> 3;
            case SHORT -> 5;
            case INTEGER -> 10;
            case LONG -> 19;
            default -> 0;
        };
    }

    private static LakeException mismatch(String path, DeltaType table, DeltaType source) {
        String help = table instanceof Primitive || table instanceof DeltaType.Decimal
                ? "Cast it in the query: " + cast(path, table, source) + "."
                : "Build a value of the table's type in the query.";
        return new LakeException(
                Kind.SCHEMA_MISMATCH,
                "Column '" + path + "' has the type '" + source.text() + "', but in the table it is '" + table.text()
                        + "'.",
                help);
    }

    private static String cast(String path, DeltaType table, DeltaType source) {
        boolean zone = (table == Primitive.TIMESTAMP && source == Primitive.TIMESTAMP_NTZ)
                || (table == Primitive.TIMESTAMP_NTZ && source == Primitive.TIMESTAMP);
        return zone
                ? "timezone('UTC', " + SqlText.name(path) + ")"
                : "CAST(" + SqlText.name(path) + " AS " + table.duckSql() + ")";
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
