package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * How the columns of a table are found in a data file and made into values of the table's types. Files with equal layouts
 * are read by one SELECT.
 *
 * @param schema what DuckDB's reader takes as {@code schema}; empty to read the file as it is
 * @param columns SQL by the name of the column, without the partition columns
 * @param hasUnmarkedText whether text of the table is bytes in the file, as far as its footer was asked
 * @param hasUnmarkedVariant whether a variant of the table is only two columns of bytes in the file, as far as its footer was asked
 */
record FileLayout(
        Optional<String> schema, Map<String, String> columns, boolean hasUnmarkedText, boolean hasUnmarkedVariant) {
    /** DuckDB's reader tells the number of a row in its file by this name, unless a column has it. */
    static final String ROW_NUMBER = "file_row_number";

    /** Our own file of the present schema, which has exactly the columns of the table under their physical names. */
    static FileLayout own(Metadata metadata) {
        Builder builder = new Builder(metadata, false);
        Map<String, String> columns = new LinkedHashMap<>();
        for (DeltaField field : metadata.fileColumns()) {
            Stored stored = builder.stored(field.type(), Optional.empty(), 0);
            columns.put(
                    field.name(),
                    stored.value.apply(SqlText.name(metadata.mapping().physicalName(field))));
        }
        return new FileLayout(Optional.empty(), columns, false, false);
    }

    /**
     * A file whose columns are found by name.
     *
     * @param oldTimestamps whether its timestamps are in the 96-bit format, which DuckDB reads as TIMESTAMP without a zone
     */
    static FileLayout byName(Metadata metadata, boolean oldTimestamps) {
        return new Builder(metadata, oldTimestamps).layout(Optional.empty());
    }

    /** A file whose columns are found by its footer. */
    static FileLayout byFooter(Metadata metadata, ParquetNode footer) {
        return new Builder(metadata, false).layout(Optional.of(footer));
    }

    /**
     * How a value is stored.
     *
     * @param type as DuckDB's reader is to give it
     * @param value SQL of the table's value from SQL of the stored one
     */
    private record Stored(String type, boolean isAnother, UnaryOperator<String> value) {
        static Stored same(String type) {
            return new Stored(type, false, value -> value);
        }
    }

    private static final class Builder {
        private final Metadata metadata;
        private final ColumnMapping mapping;
        private final boolean oldTimestamps;
        private boolean hasUnmarkedText;
        private boolean hasUnmarkedVariant;

        Builder(Metadata metadata, boolean oldTimestamps) {
            this.metadata = metadata;
            this.mapping = metadata.mapping();
            this.oldTimestamps = oldTimestamps;
        }

        FileLayout layout(Optional<ParquetNode> footer) {
            List<String> schema = new ArrayList<>();
            Map<String, String> columns = new LinkedHashMap<>();
            for (DeltaField field : metadata.fileColumns()) {
                Optional<ParquetNode> node = footer.flatMap(file -> mapping.find(file, field));
                if (footer.isPresent() && node.isEmpty()) {
                    columns.put(field.name(), missing(field));
                    continue;
                }
                Stored stored = stored(field.type(), node, 0);
                String name = readName(field);
                schema.add(entry(node.map(ParquetNode::name).orElse(mapping.physicalName(field)), name, stored.type));
                columns.put(field.name(), stored.value.apply(SqlText.name(name)));
            }
            if (schema.isEmpty()) {
                // Some column must be read, so that there are as many rows as in the file.
                String any = footer.orElseThrow().children().get(0).name();
                schema.add(entry(any, metadata.freeName("_tarn_any"), "VARCHAR"));
            }
            return new FileLayout(
                    Optional.of("MAP {" + String.join(", ", schema) + "}"),
                    columns,
                    hasUnmarkedText,
                    hasUnmarkedVariant);
        }

        private static String entry(String inFile, String name, String type) {
            return SqlText.literal(inFile) + ": {name: " + SqlText.literal(name) + ", type: " + SqlText.literal(type)
                    + ", default_value: NULL}";
        }

        /** The name of a column where a file is read, which is its own but for the one that hides what DuckDB tells. */
        private String readName(DeltaField field) {
            return field.name().equalsIgnoreCase(ROW_NUMBER) ? metadata.freeName("_tarn_row_number") : field.name();
        }

        private static String missing(DeltaField field) {
            return "CAST(NULL AS " + field.type().duckSql() + ")";
        }

        private Stored stored(DeltaType type, Optional<ParquetNode> node, int depth) {
            if (type instanceof DeltaType.Struct struct) {
                return struct(struct, node, depth);
            }
            if (type instanceof DeltaType.Array array) {
                return array(array, node, depth);
            }
            if (type instanceof DeltaType.MapOf map) {
                return map(map, node, depth);
            }
            boolean old = node.map(leaf -> leaf.type().equals("INT96")).orElse(oldTimestamps);
            if (type == Primitive.TIMESTAMP && old) {
                // INT96 means UTC; a plain cast would take the session's zone.
                return new Stored(Primitive.TIMESTAMP_NTZ.duckSql(), true, value -> "timezone('UTC', " + value + ")");
            }
            if (type == Primitive.VARIANT) {
                hasUnmarkedVariant |=
                        node.map(group -> !group.duckType().equals("VARIANT")).orElse(false);
                return new Stored("VARIANT", true, value -> "CAST(CAST(" + value + " AS JSON) AS VARCHAR)");
            }
            hasUnmarkedText |= type == Primitive.STRING
                    && node.map(leaf -> leaf.duckType().equals("BLOB")).orElse(false);
            return Stored.same(type.duckSql());
        }

        private Stored struct(DeltaType.Struct struct, Optional<ParquetNode> node, int depth) {
            List<String> members = new ArrayList<>();
            Map<String, UnaryOperator<String>> values = new LinkedHashMap<>();
            boolean another = false;
            for (DeltaField field : struct.fields()) {
                Optional<ParquetNode> child = node.flatMap(group -> mapping.find(group, field));
                if (node.isPresent() && child.isEmpty()) {
                    another = true;
                    values.put(field.name(), value -> missing(field));
                    continue;
                }
                Stored stored = stored(field.type(), child, depth);
                String name = child.map(ParquetNode::name).orElse(mapping.physicalName(field));
                members.add(SqlText.name(name) + " " + stored.type);
                values.put(
                        field.name(),
                        value -> stored.value.apply("struct_extract(" + value + ", " + SqlText.literal(name) + ")"));
                another |= stored.isAnother || !name.equals(field.name());
            }
            if (members.isEmpty()) {
                // Some field must be read, so that a NULL is told from a value without any field of the table.
                members.add(SqlText.name(node.orElseThrow().children().get(0).name()) + " VARCHAR");
            }
            String type = "STRUCT(" + String.join(", ", members) + ")";
            return another ? new Stored(type, true, value -> pack(value, values)) : Stored.same(type);
        }

        private static String pack(String value, Map<String, UnaryOperator<String>> fields) {
            return fields.entrySet().stream()
                    .map(field -> SqlText.name(field.getKey()) + " := "
                            + field.getValue().apply(value))
                    .collect(Collectors.joining(
                            ", ", "CASE WHEN " + value + " IS NULL THEN NULL ELSE struct_pack(", ") END"));
        }

        private Stored array(DeltaType.Array array, Optional<ParquetNode> node, int depth) {
            Stored element = stored(array.element(), node.flatMap(ParquetNode::element), depth + 1);
            String item = "x" + depth;
            return new Stored(
                    element.type + "[]",
                    element.isAnother,
                    value -> element.isAnother
                            ? "list_transform(" + value + ", lambda " + item + ": " + element.value.apply(item) + ")"
                            : value);
        }

        private Stored map(DeltaType.MapOf map, Optional<ParquetNode> node, int depth) {
            Stored key = stored(map.key(), node.flatMap(ParquetNode::key), depth + 1);
            Stored content = stored(map.value(), node.flatMap(ParquetNode::value), depth + 1);
            String type = "MAP(" + key.type + ", " + content.type + ")";
            if (!key.isAnother && !content.isAnother) {
                return Stored.same(type);
            }
            String item = "x" + depth;
            return new Stored(
                    type,
                    true,
                    value -> "map_from_entries(list_transform(map_entries(" + value + "), lambda " + item
                            + ": struct_pack(k := " + key.value.apply(item + ".key") + ", v := "
                            + content.value.apply(item + ".value") + ")))");
        }
    }
}
