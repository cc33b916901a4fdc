package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says which columns a table has after a merge, and what the clauses of the merge put into them. */
final class MergeSchema {
    private final Merge merge;
    private final List<MergeSource.Column> source;
    private final ColumnMapping mapping;
    private final Metadata metadata;
    private final Protocol protocol;

    MergeSchema(TableEdit edit, Merge merge, List<MergeSource.Column> source) {
        this.merge = merge;
        this.source = source;
        Metadata before = edit.state().metadata();
        this.mapping = before.mapping();
        DeltaType.Struct schema = merge.evolvesSchema() ? evolved(before.schema()) : before.schema();
        this.metadata = schema.equals(before.schema())
                ? before
                : ColumnIds.assign(before.with(schema, before.partitionColumns()));
        Protocol protocolBefore = edit.state().protocol();
        this.protocol = metadata.hasShapeOf(before) ? protocolBefore : protocolBefore.supporting(metadata);
        ChangeFeed.checkColumns(metadata);
    }

    Metadata metadata() {
        return metadata;
    }

    Protocol protocol() {
        return protocol;
    }

    private DeltaType.Struct evolved(DeltaType.Struct before) {
        List<DeltaField> fields = new ArrayList<>(before.fields());
        for (MergeSource.Column column : source) {
            Optional<DeltaField> field = before.field(column.name());
            if (field.isEmpty() && isTaken(column)) {
                DeltaField added = new DeltaField(column.name(), column.type());
                NewSchema.check(column.name(), added, mapping);
                fields.add(added);
            } else if (field.isPresent() && takesAll() && isNested(field.get().type())) {
                fields.set(fields.indexOf(field.get()), widened(field.get(), column));
            }
        }
        return new DeltaType.Struct(fields);
    }

    private boolean takesAll() {
        return clauses().stream()
                .anyMatch(clause ->
                        clause.action() == Merge.Action.UPDATE_ALL || clause.action() == Merge.Action.INSERT_ALL);
    }

    private boolean isTaken(MergeSource.Column column) {
        String qualified = merge.targetName() + "." + column.name();
        return takesAll()
                || clauses().stream()
                        .flatMap(clause -> clause.set().keySet().stream())
                        .anyMatch(name -> name.equalsIgnoreCase(column.name()) || name.equalsIgnoreCase(qualified));
    }

    private List<Merge.Clause> clauses() {
        List<Merge.Clause> all = new ArrayList<>();
        for (Merge.Kind kind : Merge.Kind.values()) {
            all.addAll(merge.clauses(kind));
        }
        return all;
    }

    private static boolean isNested(DeltaType type) {
        return !(type instanceof DeltaType.Primitive) && !(type instanceof DeltaType.Decimal);
    }

    private DeltaField widened(DeltaField field, MergeSource.Column column) {
        DeltaField given = new DeltaField(column.name(), column.type());
        return new SchemaFit(true, mapping)
                .fit(new DeltaType.Struct(List.of(field)), new DeltaType.Struct(List.of(given)))
                .fields()
                .get(0);
    }

    /** What a clause gives the columns; empty if it deletes. */
    Optional<Map<String, String>> values(Connection duckdb, Merge.Clause clause, String from) throws SQLException {
        return switch (clause.action()) {
            case DELETE -> Optional.empty();
            case UPDATE_ALL -> Optional.of(all(clause));
            case INSERT_ALL -> Optional.of(withDefaults(all(clause)));
            case UPDATE -> Optional.of(named(duckdb, clause, from));
            case INSERT -> Optional.of(withDefaults(named(duckdb, clause, from)));
        };
    }

    private Map<String, String> named(Connection duckdb, Merge.Clause clause, String from) throws SQLException {
        return new Assignments(clause.action().sparkName() + " of the merge", metadata.schema())
                .parse(duckdb, clause.set(), merge.targetName(), from);
    }

    private Map<String, String> withDefaults(Map<String, String> values) {
        Map<String, String> complete = new LinkedHashMap<>(values);
        for (DeltaField field : metadata.schema().fields()) {
            if (!values.containsKey(field.key())) {
                ColumnDefault.sql(field).ifPresent(value -> complete.put(field.key(), value));
            }
        }
        return complete;
    }

    private Map<String, String> all(Merge.Clause clause) {
        Map<String, String> values = new LinkedHashMap<>();
        for (DeltaField field : metadata.schema().fields()) {
            Optional<MergeSource.Column> column = source.stream()
                    .filter(each -> each.name().equalsIgnoreCase(field.name()))
                    .findFirst();
            if (column.isPresent()) {
                String value = SqlText.name(merge.sourceName()) + "."
                        + SqlText.name(column.get().name());
                values.put(
                        field.key(),
                        StoreAssignment.sql(field, value, column.get().type()));
            } else if (!merge.evolvesSchema()) {
                throw new LakeException(
                        Kind.SCHEMA_MISMATCH,
                        "Column '" + field.name() + "' is not in the source of the merge, so "
                                + (clause.action() == Merge.Action.INSERT_ALL ? "insertAll" : "updateAll")
                                + " has no value for it.",
                        "Add the column to the source query, name the columns in the clause, or allow the schemas to"
                                + " differ by withSchemaEvolution().");
            }
        }
        return values;
    }
}
