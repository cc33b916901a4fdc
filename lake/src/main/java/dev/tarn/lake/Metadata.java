package dev.tarn.lake;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a table is (Delta protocol, "Change Metadata").
 *
 * @param json the action as the log has it; what we do not understand in it is kept
 */
record Metadata(Map<String, Object> json, DeltaType.Struct schema, List<String> partitionColumns) {
    Metadata {
        Map<String, Object> values = new LinkedHashMap<>(json);
        // A checkpoint has NULL where a commit has nothing, and means the same.
        values.values().removeIf(Objects::isNull);
        json = Collections.unmodifiableMap(values);
        partitionColumns = List.copyOf(partitionColumns);
    }

    static Metadata parse(String table, Map<String, Object> json) {
        String schema = Json.string(json, "schemaString")
                .orElseThrow(() -> LakeException.corrupt("The log of table '" + table + "' has no schema."));
        return new Metadata(json, SchemaJson.parse(table, schema), Json.strings(json.get("partitionColumns")));
    }

    static Metadata forNewTable(DeltaType.Struct schema, List<String> partitionColumns, long now) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", UUID.randomUUID().toString());
        Map<String, Object> format = new LinkedHashMap<>();
        format.put("provider", "parquet");
        format.put("options", Map.of());
        json.put("format", format);
        json.put("schemaString", SchemaJson.text(schema));
        json.put("partitionColumns", partitionColumns);
        json.put("configuration", Map.of());
        json.put("createdTime", now);
        return new Metadata(json, schema, partitionColumns);
    }

    Metadata with(DeltaType.Struct newSchema, List<String> newPartitionColumns) {
        Map<String, Object> changed = new LinkedHashMap<>(json);
        changed.put("schemaString", SchemaJson.text(newSchema));
        changed.put("partitionColumns", newPartitionColumns);
        return new Metadata(changed, newSchema, newPartitionColumns);
    }

    Metadata withConfiguration(Map<String, String> configuration) {
        Map<String, Object> changed = new LinkedHashMap<>(json);
        changed.put("configuration", new LinkedHashMap<>(configuration));
        return new Metadata(changed, schema, partitionColumns);
    }

    Metadata withTexts(Optional<String> name, Optional<String> description) {
        Map<String, Object> changed = new LinkedHashMap<>(json);
        name.ifPresent(text -> changed.put("name", text));
        description.ifPresent(text -> changed.put("description", text));
        return new Metadata(changed, schema, partitionColumns);
    }

    Metadata withIdOf(Metadata other) {
        Map<String, Object> changed = new LinkedHashMap<>(json);
        Json.string(other.json, "id").ifPresent(id -> changed.put("id", id));
        return new Metadata(changed, schema, partitionColumns);
    }

    /** Names the columns and types that a data file written now has; two schemas with the same name have the same files. */
    String fileSchema() {
        StringBuilder columns = new StringBuilder();
        fileColumns()
                .forEach(field -> columns.append(mapping().physicalName(field))
                        .append('\u0000')
                        .append(mapping().physical(field.type()).duckSql())
                        .append('\n'));
        return UUID.nameUUIDFromBytes(columns.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    boolean hasShapeOf(Metadata other) {
        return schema.equals(other.schema) && partitionColumns.equals(other.partitionColumns);
    }

    Map<String, String> configuration() {
        Map<String, String> configuration = new LinkedHashMap<>();
        Json.child(json, "configuration")
                .orElse(Map.of())
                .forEach((key, value) -> configuration.put(key, String.valueOf(value)));
        return configuration;
    }

    /** The features that a protocol must support so that this means something. */
    Set<String> neededFeatures() {
        Map<String, String> properties = configuration();
        Set<String> needed = new TreeSet<>();
        TableProperties.FEATURES.forEach((property, feature) -> {
            if (TableProperties.isTrue(properties, property)) {
                needed.add(feature);
            }
        });
        if (needed.contains("rowTracking")) {
            needed.add("domainMetadata");
        }
        if (mapping() != ColumnMapping.NONE) {
            needed.add(Protocol.COLUMN_MAPPING);
        }
        if (properties.keySet().stream().anyMatch(name -> name.startsWith(TableProperties.CONSTRAINT))) {
            needed.add("checkConstraints");
        }
        if (TableProperties.hasV2Checkpoints(properties)) {
            needed.add("v2Checkpoint");
        }
        if (schema.contains(DeltaType.Primitive.TIMESTAMP_NTZ)) {
            needed.add(Protocol.NTZ);
        }
        return needed;
    }

    /** Whether each change of a row must be kept for readers (Delta protocol, "Add CDC File"). */
    boolean hasChangeFeed() {
        return TableProperties.isTrue(configuration(), TableProperties.CHANGE_DATA_FEED);
    }

    StatisticsColumns statisticsColumns() {
        return StatisticsColumns.of(configuration());
    }

    /** By what the columns are found in files; a table whose mapping is unknown is never read. */
    ColumnMapping mapping() {
        return ColumnMapping.of(configuration().getOrDefault(ColumnMapping.PROPERTY, "none"))
                .orElse(ColumnMapping.NONE);
    }

    /** The name by which the log has the values of a partition column. */
    String partitionKey(DeltaField column) {
        return mapping() != ColumnMapping.NONE
                ? mapping().physicalName(column)
                : partitionColumns.stream()
                        .filter(column.name()::equalsIgnoreCase)
                        .findFirst()
                        .orElseThrow();
    }

    /** A name that no column has, neither for users nor in files: this one, or with underscores before it. */
    String freeName(String name) {
        String free = name;
        while (isTaken(free)) {
            free = "_" + free;
        }
        return free;
    }

    /** Whether a column has that name, for users or in files. */
    boolean isTaken(String name) {
        return schema.fields().stream()
                .anyMatch(field -> field.name().equalsIgnoreCase(name)
                        || mapping().physicalName(field).equalsIgnoreCase(name));
    }

    boolean isPartitionColumn(String name) {
        return partitionColumns.stream().anyMatch(name::equalsIgnoreCase);
    }

    /** The columns that are in the data files: all but the partition columns. */
    List<DeltaField> fileColumns() {
        return schema.fields().stream()
                .filter(field -> !isPartitionColumn(field.name()))
                .toList();
    }
}
