package dev.tarn.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names the parts of a change data feed (Delta protocol, "Change Data Files" and "Add CDC File"). */
final class ChangeFeed {
    static final String DIRECTORY = "_change_data";
    static final String TYPE_COLUMN = "_change_type";
    static final String VERSION_COLUMN = "_commit_version";
    static final String TIMESTAMP_COLUMN = "_commit_timestamp";

    private static final Set<String> COLUMNS = Set.of(TYPE_COLUMN, VERSION_COLUMN, TIMESTAMP_COLUMN);

    private ChangeFeed() {}

    /** What a file of changes has: the table's columns and the kind of the change. */
    static Metadata fileMetadata(Metadata metadata) {
        List<DeltaField> fields = new ArrayList<>(metadata.schema().fields());
        // With column mapping it is found by this name, and has no id.
        fields.add(new DeltaField(
                TYPE_COLUMN,
                DeltaType.Primitive.STRING,
                true,
                metadata.mapping() == ColumnMapping.NONE
                        ? Map.of()
                        : Map.of(ColumnMapping.PHYSICAL_NAME, TYPE_COLUMN)));
        return metadata.with(new DeltaType.Struct(fields), metadata.partitionColumns());
    }

    /** Refuses columns whose names the feed itself needs. */
    static void checkColumns(Metadata metadata) {
        if (!metadata.hasChangeFeed()) {
            return;
        }
        for (DeltaField field : metadata.schema().fields()) {
            if (COLUMNS.stream().anyMatch(field.name()::equalsIgnoreCase)) {
                throw NewSchema.invalid(
                        "Column '" + field.name()
                                + "' has a name that the change data feed of the table needs for itself.",
                        "Rename the column, or switch the feed off ('delta.enableChangeDataFeed').");
            }
        }
    }
}
