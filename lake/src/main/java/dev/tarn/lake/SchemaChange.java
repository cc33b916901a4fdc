package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds, renames, drops, widens and moves columns, and fields inside of them, without touching a data file. */
final class SchemaChange {
    private final Alteration alteration;
    private final Metadata metadata;

    SchemaChange(DeltaTable table) {
        this.alteration = Alteration.of(table);
        this.metadata = alteration.metadata();
    }

    long add(String text, DeltaType type, Optional<String> comment, ColumnPlace place) {
        List<String> path = ColumnPath.of(text);
        List<String> parent = path.subList(0, path.size() - 1);
        DeltaField plain = new DeltaField(SchemaPart.last(path), ColumnIds.without(type));
        DeltaField field = comment.map(plain::withComment).orElse(plain);
        NewSchema.check(text, field, metadata.mapping());
        DeltaType.Struct schema = alteration.schema().inStruct(parent, struct -> {
            checkFree(text, struct, field.name());
            return place.insert(struct, field);
        });
        Map<String, Object> named = new LinkedHashMap<>(field.json());
        named.put("name", ColumnPath.text(path));
        Map<String, Object> column = new LinkedHashMap<>();
        column.put("column", named);
        place.sparkText().ifPresent(where -> column.put("position", where));
        return alteration
                .with("columns", Json.text(List.of(column)))
                .commit("ADD COLUMNS", ColumnIds.assign(metadata.with(schema, metadata.partitionColumns())));
    }

    private static void checkFree(String path, DeltaType.Struct struct, String name) {
        if (struct.field(name).isPresent()) {
            throw NewSchema.invalid("There is a column '" + path + "' already.", "Choose another name.");
        }
    }

    long rename(String text, String name) {
        List<String> path = ColumnPath.of(text);
        checkMapped("renamed");
        DeltaField old = alteration.schema().field(path);
        checkUnused(path, "renamed");
        NewSchema.checkName(name, name, metadata.mapping());
        List<String> parent = path.subList(0, path.size() - 1);
        List<String> renamed = new ArrayList<>(parent);
        renamed.add(name);
        DeltaType.Struct schema = alteration.schema().inStruct(parent, struct -> {
            if (!old.name().equalsIgnoreCase(name)) {
                checkFree(ColumnPath.text(renamed), struct, name);
            }
            List<DeltaField> fields = new ArrayList<>(struct.fields());
            fields.set(fields.indexOf(old), new DeltaField(name, old.type(), old.nullable(), old.metadata()));
            return new DeltaType.Struct(fields);
        });
        List<String> partitions = metadata.partitionColumns().stream()
                .map(column -> path.size() == 1 && column.equalsIgnoreCase(old.name()) ? name : column)
                .toList();
        return alteration
                .with("oldColumnPath", ColumnPath.text(path))
                .with("newColumnPath", ColumnPath.text(renamed))
                .commit("RENAME COLUMN", withStatistics(metadata.with(schema, partitions), path, Optional.of(name)));
    }

    long drop(String text) {
        List<String> path = ColumnPath.of(text);
        checkMapped("dropped");
        DeltaField old = alteration.schema().field(path);
        checkUnused(path, "dropped");
        if (path.size() == 1 && metadata.isPartitionColumn(old.name())) {
            throw NewSchema.invalid(
                    "Column '" + text + "' partitions the table, so it cannot be dropped.",
                    "Overwrite the table with a new schema.");
        }
        List<String> physical = physical(path);
        if (alteration.state().clusteringPaths().stream().anyMatch(column -> ColumnPath.begins(column, physical))) {
            throw NewSchema.invalid(
                    "Table '" + alteration.path() + "' is clustered by column '" + text + "', so it cannot be dropped.",
                    "Cluster it by other columns with Spark.");
        }
        DeltaType.Struct schema = alteration.schema().remove(path);
        checkLeft(text, new SchemaPart(alteration.path(), schema), path.subList(0, path.size() - 1));
        return alteration
                .with("columns", Json.text(List.of(ColumnPath.text(path))))
                .commit(
                        "DROP COLUMNS",
                        withStatistics(metadata.with(schema, metadata.partitionColumns()), path, Optional.empty()));
    }

    private void checkLeft(String text, SchemaPart schema, List<String> parent) {
        schema.inStruct(parent, struct -> {
            boolean onlyPartitions = parent.isEmpty()
                    && struct.fields().stream().allMatch(field -> metadata.isPartitionColumn(field.name()));
            if (struct.fields().isEmpty() || onlyPartitions) {
                throw NewSchema.invalid(
                        "Column '" + text + "' is the only one, so it cannot be dropped.", "Add another one first.");
            }
            return struct;
        });
    }

    private List<String> physical(List<String> path) {
        List<String> physical = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            boolean part = i > 0 && List.of("element", "key", "value").contains(path.get(i));
            physical.add(
                    part
                            ? path.get(i)
                            : metadata.mapping()
                                    .physicalName(alteration.schema().field(path.subList(0, i + 1))));
        }
        return physical;
    }

    long move(String text, ColumnPlace place) {
        List<String> path = ColumnPath.of(text);
        DeltaField field = alteration.schema().field(path);
        List<String> parent = path.subList(0, path.size() - 1);
        DeltaType.Struct schema = new SchemaPart(
                        alteration.path(), alteration.schema().remove(path))
                .inStruct(parent, struct -> place.insert(struct, field));
        return alteration
                .with("column", Json.text(field.json()))
                .with("path", parent.isEmpty() ? Optional.empty() : Optional.of(ColumnPath.text(parent)))
                .with("position", place.sparkText())
                .commit("CHANGE COLUMN", metadata.with(schema, metadata.partitionColumns()));
    }

    /** Delta protocol, "Type Widening": each change is recorded at the field that the type is of or in. */
    long widen(String text, DeltaType wide) {
        List<String> path = ColumnPath.of(text);
        if (!TableProperties.isTrue(metadata.configuration(), TableProperties.TYPE_WIDENING)) {
            throw NewSchema.invalid(
                    "The type of column '" + text + "' cannot be changed, because table '" + alteration.path()
                            + "' does not allow it.",
                    "Set the property '" + TableProperties.TYPE_WIDENING + "' to 'true' first.");
        }
        int last = path.size();
        while (last > 1 && isPart(path, last)) {
            last--;
        }
        List<String> owner = path.subList(0, last);
        List<String> inside = path.subList(last, path.size());
        checkUnused(owner, "widened");
        DeltaType[] narrow = new DeltaType[1];
        DeltaType.Struct retyped = alteration.schema().retype(path, type -> {
            narrow[0] = type;
            return wide;
        });
        boolean isPartition = metadata.isPartitionColumn(path.get(0));
        if (!TypeChanges.isWidening(narrow[0], wide) || (isPartition && !(wide instanceof Primitive))) {
            throw NewSchema.invalid(
                    "Column '" + text + "' of the type '" + narrow[0].text() + "' cannot become '" + wide.text() + "'.",
                    "Integers become wider ones, decimals or doubles, floats doubles, decimals wider ones, and dates"
                            + " timestamps without a zone; columns that partition the table only wider integers.");
        }
        DeltaType.Struct schema = new SchemaPart(alteration.path(), retyped)
                .replace(owner, field -> recorded(field, narrow[0], wide, inside));
        DeltaField changed = new SchemaPart(alteration.path(), schema).field(owner);
        return alteration
                .with("column", Json.text(changed.json()))
                .with(
                        "path",
                        path.size() == 1
                                ? Optional.empty()
                                : Optional.of(ColumnPath.text(path.subList(0, path.size() - 1))))
                .commit("CHANGE COLUMN", metadata.with(schema, metadata.partitionColumns()));
    }

    /** Whether the last of some first names is a part of a list or map, and no field. */
    private boolean isPart(List<String> path, int size) {
        DeltaType[] parent = new DeltaType[1];
        alteration.schema().retype(path.subList(0, size - 1), type -> parent[0] = type);
        return !(parent[0] instanceof DeltaType.Struct);
    }

    private static DeltaField recorded(DeltaField field, DeltaType from, DeltaType to, List<String> inside) {
        Map<String, Object> change = new LinkedHashMap<>();
        change.put("toType", to.json());
        change.put("fromType", from.json());
        if (!inside.isEmpty()) {
            change.put("fieldPath", String.join(".", inside));
        }
        List<Map<String, Object>> changes =
                new ArrayList<>(Json.objects(field.metadata().get(TypeChanges.KEY)));
        changes.add(change);
        Map<String, Object> recorded = new LinkedHashMap<>(field.metadata());
        recorded.put(TypeChanges.KEY, changes);
        return new DeltaField(field.name(), field.type(), field.nullable(), recorded);
    }

    private void checkMapped(String what) {
        if (metadata.mapping() == ColumnMapping.NONE) {
            throw NewSchema.invalid(
                    "Columns of table '" + alteration.path() + "' cannot be " + what
                            + ", because its data files know them by their names.",
                    "Set the property '" + ColumnMapping.PROPERTY + "' to 'name' first; readers must then know column"
                            + " mapping.");
        }
    }

    /** As Spark: an expression that names the column would mean something else. */
    private void checkUnused(List<String> path, String what) {
        new NamedIn(metadata).expression(SchemaPart.last(path)).ifPresent(user -> {
            throw NewSchema.invalid(
                    "Column '" + ColumnPath.text(path) + "' cannot be " + what + ", because " + user + " may need it.",
                    "Drop the constraint, change the column and add the constraint again.");
        });
    }

    /** The property that names columns names this one as it is called now, or not any more. */
    private static Metadata withStatistics(Metadata changed, List<String> path, Optional<String> name) {
        String named = changed.configuration().get(StatisticsColumns.NAMED);
        if (named == null) {
            return changed;
        }
        List<String> columns = new ArrayList<>();
        for (List<String> column : ColumnPath.list(named)) {
            List<String> now = new ArrayList<>(column);
            boolean concerned = ColumnPath.begins(column, path);
            name.filter(other -> concerned).ifPresent(other -> now.set(path.size() - 1, other));
            if (!concerned || name.isPresent()) {
                columns.add(ColumnPath.text(now));
            }
        }
        Map<String, String> properties = new LinkedHashMap<>(changed.configuration());
        if (columns.isEmpty()) {
            properties.remove(StatisticsColumns.NAMED);
        } else {
            properties.put(StatisticsColumns.NAMED, String.join(",", columns));
        }
        return changed.withConfiguration(properties);
    }
}
