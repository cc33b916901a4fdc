package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import dev.tarn.lake.LakeException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the columns that a write brings into a table. */
final class NewSchema {
    /** Parquet and Spark refuse these in names unless the table uses column mapping. */
    private static final String FORBIDDEN = " ,;{}()\n\t=";

    private NewSchema() {}

    static void check(DeltaType.Struct schema, ColumnMapping mapping) {
        checkNamesDiffer("", schema);
        for (DeltaField field : schema.fields()) {
            check(field.name(), field, mapping);
        }
    }

    static void check(String path, DeltaField field, ColumnMapping mapping) {
        checkName(path, field.name(), mapping);
        checkType(path, field.type(), mapping);
    }

    /** With a mapping a file has other names, so that a column may be called anything. */
    static void checkName(String path, String name, ColumnMapping mapping) {
        boolean forbidden = mapping == ColumnMapping.NONE && name.chars().anyMatch(c -> FORBIDDEN.indexOf(c) >= 0);
        if (name.isEmpty() || forbidden) {
            String better = name.replaceAll("[ ,;{}()\\n\\t=]+", "_").replaceAll("^_+|_+$", "");
            throw new LakeException(
                    Kind.INVALID_WRITE,
                    "Column '" + path
                            + "' has a name that a Delta table cannot have: none of \" ,;{}()=\", tab and line"
                            + " break may be in it.",
                    "Rename it in the query, for example " + SqlText.name(name) + " AS "
                            + (better.isEmpty() ? "value" : better) + ".");
        }
    }

    private static void checkType(String path, DeltaType type, ColumnMapping mapping) {
        if (type == Primitive.VOID) {
            throw new LakeException(
                    Kind.UNSUPPORTED_TYPE,
                    "Column '" + path + "' is always NULL and has no type.",
                    "Give it one in the query, for example CAST(NULL AS VARCHAR).");
        }
        if (type == Primitive.VARIANT) {
            throw new LakeException(
                    Kind.UNSUPPORTED_TYPE,
                    "Column '" + path + "' has the type 'variant', which can be read but not written.",
                    "Make it a string with the JSON.");
        }
        if (type instanceof DeltaType.Struct struct) {
            checkNamesDiffer(path, struct);
            struct.fields().forEach(field -> check(path + "." + field.name(), field, mapping));
        } else if (type instanceof DeltaType.Array array) {
            checkType(path + ".element", array.element(), mapping);
        } else if (type instanceof DeltaType.MapOf map) {
            checkType(path + ".key", map.key(), mapping);
            checkType(path + ".value", map.value(), mapping);
        }
    }

    static void checkNamesDiffer(String path, DeltaType.Struct struct) {
        Set<String> seen = new HashSet<>();
        for (DeltaField field : struct.fields()) {
            if (!seen.add(fold(field.name()))) {
                String name = path.isEmpty() ? field.name() : path + "." + field.name();
                throw new LakeException(
                        Kind.INVALID_WRITE,
                        "The query has two columns named '" + name + "'; a Delta table does not tell names by case.",
                        "Rename one of them in the query, for example " + SqlText.name(field.name()) + " AS "
                                + field.name() + "_2.");
            }
        }
    }

    /** Equal for all names that {@link String#equalsIgnoreCase} takes for equal, which are more than lower case tells. */
    static String fold(String name) {
        StringBuilder folded = new StringBuilder();
        name.codePoints()
                .map(letter -> Character.toLowerCase(Character.toUpperCase(letter)))
                .forEach(folded::appendCodePoint);
        return folded.toString();
    }

    /** The partition columns as the schema spells them. */
    static List<String> partitionColumns(DeltaType.Struct schema, List<String> wanted) {
        List<String> columns = new ArrayList<>();
        for (String name : wanted) {
            DeltaField field = schema.field(name)
                    .orElseThrow(() -> invalid(
                            "Partition column '" + name + "' is not a column of the query.",
                            "It has '"
                                    + String.join(
                                            "', '",
                                            schema.fields().stream()
                                                    .map(DeltaField::name)
                                                    .toList())
                                    + "'."));
            if (!FeatureSupport.canPartitionBy(field.type())) {
                throw invalid(
                        "Column '" + field.name() + "' of the type '"
                                + field.type().text() + "' cannot be a partition column.",
                        "Partition by a column of a simple type, such as a date or a string.");
            }
            if (columns.contains(field.name())) {
                throw invalid(
                        "Partition column '" + field.name() + "' is given twice.", "Name each partition column once.");
            }
            columns.add(field.name());
        }
        if (!columns.isEmpty() && columns.size() == schema.fields().size()) {
            throw invalid(
                    "All columns are partition columns, so no column is left for the data files.",
                    "Partition by fewer columns.");
        }
        return columns;
    }

    static LakeException invalid(String message, String help) {
        return new LakeException(Kind.INVALID_WRITE, message, help);
    }
}
