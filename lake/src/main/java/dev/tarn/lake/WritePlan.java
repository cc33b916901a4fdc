package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a write will make of a table: which version it starts from, and what the table is after it.
 *
 * @param base the version that the write was planned on; empty for a new table
 */
record WritePlan(Optional<TableState> base, Metadata metadata, Protocol protocol, DeltaType.Struct source) {

    static WritePlan of(
            String table, Optional<TableState> base, DeltaType.Struct source, WriteOptions options, long now) {
        checkOptions(options);
        if (source.fields().isEmpty()) {
            throw NewSchema.invalid("The query has no columns.", "Select at least one column.");
        }
        NewSchema.checkNamesDiffer("", source);
        if (base.isEmpty()) {
            NewSchema.check(source, ColumnMapping.NONE);
            List<String> partitions = NewSchema.partitionColumns(source, options.partitionBy());
            Metadata metadata = Metadata.forNewTable(source, partitions, now);
            return new WritePlan(base, metadata, Protocol.forNewTable(metadata), source);
        }
        FeatureSupport.checkWritable(table, base.get(), options.mode() == WriteMode.OVERWRITE);
        Metadata metadata = options.overwriteSchema()
                ? replaced(base.get().metadata(), source, options)
                : fitted(base.get().metadata(), source, options);
        ChangeFeed.checkColumns(metadata);
        if (options.overwriteSchema()) {
            checkClustering(table, base.get(), metadata);
        }
        Protocol protocol = base.get().protocol();
        boolean same = metadata.hasShapeOf(base.get().metadata());
        if (!same) {
            FeatureSupport.checkRules(table, metadata);
        }
        return new WritePlan(base, metadata, same ? protocol : protocol.supporting(metadata), source);
    }

    /** A clustered table needs its columns ("Clustered Table"). */
    private static void checkClustering(String table, TableState base, Metadata metadata) {
        for (List<String> path : base.clusteringPaths()) {
            boolean stays = metadata.schema().fields().stream()
                    .anyMatch(field -> metadata.mapping().physicalName(field).equals(path.get(0)));
            if (!stays || !metadata.partitionColumns().isEmpty()) {
                throw FeatureSupport.unwritable(
                        table, "feature 'clustering' (column '" + String.join(".", path) + "')");
            }
        }
    }

    static LakeException exists(String table) {
        return new LakeException(
                Kind.TABLE_EXISTS,
                "There is a table at '" + table + "' already.",
                "Append to it or overwrite it, or choose another path.");
    }

    private static void checkOptions(WriteOptions options) {
        if (options.overwriteSchema() && options.mode() != WriteMode.OVERWRITE) {
            throw NewSchema.invalid(
                    "Only an overwrite can replace the schema, not the mode '"
                            + options.mode().sparkName() + "'.",
                    "Use the mode 'Overwrite', or merge the schema.");
        }
        boolean partly = options.replaceWhere().isPresent() || options.replacePartitions();
        if (partly && (options.overwriteSchema() || options.mode() != WriteMode.OVERWRITE)) {
            throw NewSchema.invalid(
                    "Only an overwrite that keeps the schema can replace a part of a table.",
                    "Use the mode 'Overwrite', without replacing the schema.");
        }
    }

    private static Metadata replaced(Metadata current, DeltaType.Struct source, WriteOptions options) {
        NewSchema.check(source, current.mapping());
        List<String> partitions = NewSchema.partitionColumns(source, options.partitionBy());
        // Columns that are the same in all but ids keep these.
        boolean same = source.equals(ColumnIds.without(current.schema()))
                && current.partitionColumns().equals(partitions);
        return same ? current : ColumnIds.assign(current.with(source, partitions));
    }

    private static Metadata fitted(Metadata current, DeltaType.Struct source, WriteOptions options) {
        checkPartitioning(current.partitionColumns(), options.partitionBy());
        DeltaType.Struct schema = new SchemaFit(options.mergeSchema(), current.mapping()).fit(current.schema(), source);
        return current.schema().equals(schema)
                ? current
                : ColumnIds.assign(current.with(schema, current.partitionColumns()));
    }

    private static void checkPartitioning(List<String> current, List<String> wanted) {
        boolean same = current.size() == wanted.size();
        for (int i = 0; same && i < current.size(); i++) {
            same = current.get(i).equalsIgnoreCase(wanted.get(i));
        }
        if (!wanted.isEmpty() && !same) {
            throw new LakeException(
                    Kind.SCHEMA_MISMATCH,
                    "The table is partitioned by " + names(current) + ", not by " + names(wanted) + ".",
                    "Leave the partition columns out, or overwrite the table with a new schema.");
        }
    }

    private static String names(List<String> columns) {
        return columns.isEmpty() ? "no column" : "'" + String.join("', '", columns) + "'";
    }

    boolean changesMetadata() {
        return base.isEmpty() || !base.get().metadata().hasShapeOf(metadata);
    }

    boolean changesProtocol() {
        return base.isEmpty() || !base.get().protocol().equals(protocol);
    }

    /** The SELECT whose rows are the table's: its columns in its order and types. */
    String select(String query) {
        return metadata.schema().fields().stream()
                .map(this::column)
                .collect(Collectors.joining(", ", "SELECT ", " FROM (" + query + "\n) AS _q"));
    }

    private String column(DeltaField field) {
        String value = source.field(field.name())
                .map(column -> "_q." + SqlText.name(column.name()))
                .or(() -> ColumnDefault.sql(field))
                .orElse("NULL");
        return "CAST(" + value + " AS " + field.type().duckSql() + ") AS " + SqlText.name(field.name());
    }
}
