package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates an empty table: {@code DeltaTable.create(path).column("id", Primitive.LONG).create()}.
 *
 * <p>Nothing is written, and nothing checked, before {@link #create}.
 */
public final class TableBuilder {
    private enum IfExists {
        REFUSE,
        KEEP,
        REPLACE
    }

    private final DeltaTable table;
    private final Clock clock;
    private final List<DeltaField> columns = new ArrayList<>();
    private final List<String> partitionColumns = new ArrayList<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private Optional<String> name = Optional.empty();
    private Optional<String> description = Optional.empty();
    private CommitOptions options = CommitOptions.DEFAULT;
    private IfExists ifExists = IfExists.REFUSE;

    TableBuilder(DeltaTable table, Clock clock) {
        this.table = table;
        this.clock = clock;
    }

    /** A column that may be NULL. */
    public TableBuilder column(String columnName, DeltaType type) {
        return column(new DeltaField(columnName, type));
    }

    /** A column with all that can be said of it: see {@link DeltaField#notNull} and {@link DeltaField#withComment}. */
    public TableBuilder column(DeltaField column) {
        columns.add(column);
        return this;
    }

    /** All columns at once, such as another table's {@link Snapshot#schema}. */
    public TableBuilder columns(DeltaType.Struct schema) {
        columns.addAll(schema.fields());
        return this;
    }

    /** The columns by whose values the files are separated. */
    public TableBuilder partitionBy(String... columnNames) {
        partitionColumns.addAll(Arrays.asList(columnNames));
        return this;
    }

    /** A property, such as {@code delta.enableChangeDataFeed}; of the names in {@code delta.} only those that are obeyed. */
    public TableBuilder property(String propertyName, String value) {
        properties.put(propertyName, value);
        return this;
    }

    /** What the table is called, for who reads its details. */
    public TableBuilder name(String tableName) {
        name = Optional.of(tableName);
        return this;
    }

    /** What the table is about, for who reads its details. */
    public TableBuilder description(String text) {
        description = Optional.of(text);
        return this;
    }

    /** Who creates it, for its history. */
    public TableBuilder commit(CommitOptions commitOptions) {
        options = commitOptions;
        return this;
    }

    /** Keeps a table that is there as it is, whatever its columns. */
    public TableBuilder ifNotExists() {
        ifExists = IfExists.KEEP;
        return this;
    }

    /** Replaces a table that is there, rows and all; its history, and with it time travel, stays. */
    public TableBuilder orReplace() {
        ifExists = IfExists.REPLACE;
        return this;
    }

    /** Makes the table, as one version. */
    public DeltaTable create() {
        if (columns.isEmpty()) {
            throw NewSchema.invalid("A table without columns cannot be created.", "Give it at least one column.");
        }
        properties.forEach(TableProperties::check);
        Metadata metadata = metadata();
        ChangeFeed.checkColumns(metadata);
        while (true) {
            Optional<TableState> current = table.state();
            if (current.isPresent() && ifExists == IfExists.KEEP) {
                return table;
            }
            if (current.isPresent() && ifExists == IfExists.REFUSE) {
                throw WritePlan.exists(table.path().toString());
            }
            try {
                commit(current, metadata);
                return table;
            } catch (LakeException failure) {
                boolean anotherWasFirst = failure.kind() == Kind.TABLE_EXISTS && current.isEmpty();
                if (!anotherWasFirst || ifExists == IfExists.REFUSE) {
                    throw failure;
                }
            }
        }
    }

    private Metadata metadata() {
        DeltaType.Struct schema = ColumnIds.without(new DeltaType.Struct(columns));
        Metadata metadata = Metadata.forNewTable(schema, List.of(), clock.millis())
                .withConfiguration(properties)
                .withTexts(name, description);
        NewSchema.check(schema, metadata.mapping());
        return metadata.with(schema, NewSchema.partitionColumns(schema, partitionColumns));
    }

    private void commit(Optional<TableState> current, Metadata metadata) {
        Changes changes = new Changes().onlyCreate();
        if (current.isPresent()) {
            FeatureSupport.checkWritable(table.path().toString(), current.get(), true);
            Protocol protocol = current.get().protocol().supporting(metadata);
            if (!protocol.equals(current.get().protocol())) {
                changes.protocol(protocol);
            }
            Metadata before = current.get().metadata();
            changes.metadata(ColumnIds.assignAfter(before, metadata.withIdOf(before)))
                    .replace(file -> true);
            current.get().withoutClustering().ifPresent(changes::domain);
        } else {
            table.createDirectory();
            changes.protocol(Protocol.forNewTable(metadata)).metadata(ColumnIds.assign(metadata));
        }
        table.transaction(current, options).commit(Reads.nothing(), changes, operation(metadata));
    }

    private Operation operation(Metadata metadata) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("partitionBy", Json.text(metadata.partitionColumns()));
        description.ifPresent(text -> parameters.put("description", text));
        parameters.put("isManaged", "false");
        parameters.put("properties", Json.text(properties));
        String operation = ifExists == IfExists.REPLACE ? "CREATE OR REPLACE TABLE" : "CREATE TABLE";
        return new Operation(operation, parameters, Map.of());
    }
}
