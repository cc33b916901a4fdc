package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Does a merge: the source is kept, pairs of rows that match are found once, and all that is written follows from these. */
final class MergeRun {
    private final TableEdit edit;
    private final Merge merge;
    private final Connection duckdb;
    private final String query;
    private final List<MergeSource.Column> columns;
    private Target target;
    private final Expression on;
    private final ChangeableRows changeable;
    private final MergeSchema schema;
    private final List<RowClause> matched;
    private final List<RowClause> inserts;
    private final List<RowClause> notMatchedBySource;

    /** Refuses what makes no sense, before anything is written. */
    MergeRun(TableEdit edit, Merge merge) throws SQLException {
        this.edit = edit;
        this.merge = merge;
        this.duckdb = merge.duckdb();
        boolean changesRows = !merge.clauses(Merge.Kind.MATCHED).isEmpty()
                || !merge.clauses(Merge.Kind.NOT_MATCHED_BY_SOURCE).isEmpty();
        if (changesRows) {
            edit.checkMayRemove();
        }
        this.query = DeltaTable.withoutSemicolon(merge.query());
        this.columns = MergeSource.describe(duckdb, query);
        this.target = edit.target(merge.targetName(), MergeSource.names(columns));
        String source = MergeSource.empty(columns, merge.sourceName());
        String both = target.empty() + ", " + source;
        String role = "condition of the merge";
        this.on = Expression.parse(duckdb, role, merge.condition());
        on.checkCondition(duckdb, role, both);
        this.schema = new MergeSchema(edit, merge, columns);
        this.matched = clauses(Merge.Kind.MATCHED, 1, both);
        this.inserts = clauses(Merge.Kind.NOT_MATCHED, 1 + matched.size(), source);
        this.notMatchedBySource =
                clauses(Merge.Kind.NOT_MATCHED_BY_SOURCE, 1 + matched.size() + inserts.size(), target.empty());
        boolean onlyMatched = inserts.isEmpty() && notMatchedBySource.isEmpty();
        this.changeable = onlyMatched
                ? ChangeableRows.of(duckdb, merge.clauses(Merge.Kind.MATCHED), target, MergeSource.names(columns))
                : ChangeableRows.ALL;
    }

    private List<RowClause> clauses(Merge.Kind kind, int first, String from) throws SQLException {
        List<RowClause> clauses = new ArrayList<>();
        for (Merge.Clause clause : merge.clauses(kind)) {
            Optional<String> condition = Optional.empty();
            if (clause.condition().isPresent()) {
                String role = "condition of a '" + kind.sql() + "' clause";
                Expression parsed =
                        Expression.parse(duckdb, role, clause.condition().get());
                parsed.checkCondition(duckdb, role, from);
                condition = Optional.of(parsed.sql());
            }
            clauses.add(new RowClause(first + clauses.size(), condition, schema.values(duckdb, clause, from)));
        }
        return clauses;
    }

    ChangeResult run() throws SQLException {
        if (edit.isDone()) {
            return ChangeResult.ALREADY_DONE;
        }
        long started = System.nanoTime();
        try (Scratch scratch = new Scratch(duckdb)) {
            MergeSource source = MergeSource.of(scratch, query, columns, merge.sourceName(), target.prefix());
            FilePruning pruning = notMatchedBySource.isEmpty()
                    ? FilePruning.of(scratch, target, Optional.of(source), changeable.and(duckdb, on))
                    : FilePruning.none(scratch, target);
            List<AddFile> candidates = pruning.keep(edit.state().fileList());
            target = target.looking(scratch, candidates);
            RowOperation rows = matched.isEmpty() && notMatchedBySource.isEmpty()
                    ? insertOnly(scratch, source, candidates)
                    : change(scratch, source, candidates);
            return edit.commit(
                    rows,
                    schema.metadata(),
                    schema.protocol(),
                    Reads.of(candidates, pruning::mayMatch),
                    "MERGE",
                    parameters(),
                    metrics(rows, scratch.number("SELECT count(*) FROM " + source.rows()), started));
        }
    }

    private RowOperation insertOnly(Scratch scratch, MergeSource source, List<AddFile> candidates) throws SQLException {
        String matchedRows = scratch.table("SELECT DISTINCT " + sourceRow(source) + " AS "
                + SqlText.name(source.rowColumn()) + " FROM " + pairs(source, candidates));
        RowOperation rows = new RowOperation(
                scratch, target, schema.metadata(), edit.clock(), List.of(), List.of(), Optional.empty());
        rows.write(Optional.of(inserts(scratch, source, matchedRows)));
        return rows;
    }

    private RowOperation change(Scratch scratch, MergeSource source, List<AddFile> candidates) throws SQLException {
        List<RowClause> clauses = withoutKeys(source);
        List<DeltaField> assigned =
                ChangedRows.assigned(clauses, schema.metadata().schema());
        String alias = SqlText.name(target.alias()) + ".";
        String table = scratch.table("SELECT " + alias + SqlText.name(target.fileColumn()) + ", " + alias
                + SqlText.name(target.rowColumn()) + ", " + sourceRow(source) + " AS "
                + SqlText.name(source.rowColumn()) + ", " + ChangedRows.select(clauses, assigned, target.prefix())
                + " FROM " + pairs(source, candidates));
        ChangedRows changed = new ChangedRows(table, clauses, assigned, target.prefix());
        List<List<String>> ambiguous = changed.ambiguous(scratch);
        if (!ambiguous.isEmpty() && !matched.isEmpty() && !isOnlyDelete()) {
            throw multipleMatches(scratch, source, ambiguous);
        }
        RowOperation rows = new RowOperation(
                scratch,
                target,
                schema.metadata(),
                edit.clock(),
                candidates,
                notMatchedBySource,
                Optional.of(ambiguous.isEmpty() ? changed : changed.distinct(scratch)));
        rows.write(inserts.isEmpty() ? Optional.empty() : Optional.of(inserts(scratch, source, table)));
        return rows;
    }

    /** The clauses for matched rows; updateAll need not write a key that the condition has found to be the same. */
    private List<RowClause> withoutKeys(MergeSource source) throws SQLException {
        Set<String> same = new HashSet<>();
        for (Map.Entry<String, String> key : keys(source).entrySet()) {
            DeltaField field = target.schema().field(key.getKey()).orElseThrow();
            source.column(field.name())
                    .filter(column -> isExact(field.type()) && column.type().equals(field.type()))
                    .map(column -> SqlText.name(source.alias()) + "." + SqlText.name(column.name()))
                    .filter(column -> isColumn(key.getValue(), field, source))
                    .ifPresent(
                            column -> same.add(field.key() + "\n" + StoreAssignment.sql(field, column, field.type())));
        }
        return matched.stream()
                .map(clause -> new RowClause(
                        clause.number(), clause.condition(), clause.values().map(values -> {
                            Map<String, String> others = new LinkedHashMap<>(values);
                            others.entrySet()
                                    .removeIf(value -> same.contains(value.getKey() + "\n" + value.getValue()));
                            return others;
                        })))
                .toList();
    }

    /** Equal texts can differ by a collation, equal floats by the sign of zero. */
    private static boolean isExact(DeltaType type) {
        return type == DeltaType.Primitive.LONG
                || type == DeltaType.Primitive.INTEGER
                || type == DeltaType.Primitive.SHORT
                || type == DeltaType.Primitive.BYTE
                || type == DeltaType.Primitive.DATE;
    }

    private static boolean isColumn(String value, DeltaField field, MergeSource source) {
        String text = value.strip().replaceAll("^\\(\\s*|\\s*\\)$", "").replace("\"", "");
        return text.equalsIgnoreCase(source.alias() + "." + field.name()) || text.equalsIgnoreCase(field.name());
    }

    /** Whatever source row decides, the row goes. */
    private boolean isOnlyDelete() {
        return matched.size() == 1
                && matched.get(0).deletes()
                && matched.get(0).condition().isEmpty();
    }

    private String sourceRow(MergeSource source) {
        return SqlText.name(source.alias()) + "." + SqlText.name(source.rowColumn());
    }

    private String pairs(MergeSource source, List<AddFile> candidates) {
        return "(" + target.rows(candidates, candidates) + ") AS " + SqlText.name(target.alias()) + " JOIN ("
                + source.select() + ") AS " + SqlText.name(source.alias()) + " ON " + on.sql() + changeable.sql();
    }

    private String inserts(Scratch scratch, MergeSource source, String matchedRows) throws SQLException {
        String select = insertSelect(source, matchedRows);
        long rows = scratch.number("SELECT count(*) FROM " + matchedRows);
        boolean small = MemoryBudget.of(scratch).parts(scratch, matchedRows, rows) == 1;
        return small ? select : "FROM " + scratch.table(select);
    }

    /** The rows that are new: of the source rows without a match those that a clause takes. */
    private String insertSelect(MergeSource source, String matchedRows) {
        String choice = SqlText.name(target.prefix() + "choice");
        String alias = SqlText.name(source.alias());
        String unmatched = "(" + source.select() + ") AS " + alias + " WHERE NOT EXISTS (SELECT 1 FROM " + matchedRows
                + " AS " + SqlText.name(target.prefix() + "m") + " WHERE " + SqlText.name(target.prefix() + "m") + "."
                + SqlText.name(source.rowColumn()) + " = " + sourceRow(source) + ")";
        String values = schema.metadata().schema().fields().stream()
                .map(column -> inserted(column, choice) + " AS " + SqlText.name(column.name()))
                .collect(Collectors.joining(", "));
        return "SELECT " + values + " FROM (SELECT *, " + RowClause.choice(inserts) + " AS " + choice + " FROM "
                + unmatched + ") AS " + alias + " WHERE " + choice + " <> 0";
    }

    private String inserted(DeltaField column, String choice) {
        String none = "CAST(NULL AS " + column.type().duckSql() + ")";
        return inserts.stream()
                .map(clause -> " WHEN " + clause.number() + " THEN "
                        + clause.value(column).orElse(none))
                .collect(Collectors.joining("", "CASE " + choice, " ELSE " + none + " END"));
    }

    private LakeException multipleMatches(Scratch scratch, MergeSource source, List<List<String>> ambiguous)
            throws SQLException {
        Map<String, String> keys = keys(source);
        List<String> examples = new ArrayList<>();
        for (List<String> places : ambiguous) {
            String values = keys.values().stream()
                    .map(key -> "CAST(" + key + " AS VARCHAR)")
                    .collect(Collectors.joining(", "));
            List<String> row = scratch.rows("SELECT " + (keys.isEmpty() ? "NULL" : values) + " FROM ("
                            + source.select() + ") AS " + SqlText.name(source.alias()) + " WHERE " + sourceRow(source)
                            + " = " + places.get(2))
                    .get(0);
            List<String> names = List.copyOf(keys.keySet());
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                texts.add(names.get(i) + " = " + row.get(i));
            }
            examples.add(String.join(" and ", texts));
        }
        String named = keys.isEmpty() ? "" : ", for example where " + String.join("; ", examples);
        return new LakeException(
                Kind.MULTIPLE_MATCHES,
                "Several rows of the source match the same row of table '" + target.table() + "'" + named + ".",
                "Leave one source row for each row of the table, for example by QUALIFY row_number() OVER (PARTITION BY"
                        + " the key ORDER BY what tells the newest DESC) = 1.");
    }

    /** What the condition compares with columns of the table, by the names of these. */
    private Map<String, String> keys(MergeSource source) throws SQLException {
        Map<String, String> keys = new LinkedHashMap<>();
        for (Expression conjunct : on.conjuncts(duckdb)) {
            if (conjunct.kind().equals("COMPARE_EQUAL")) {
                Expression left = conjunct.side(duckdb, "left");
                Expression right = conjunct.side(duckdb, "right");
                addKey(keys, left, right, source);
                addKey(keys, right, left, source);
            }
        }
        return keys;
    }

    private void addKey(Map<String, String> keys, Expression column, Expression value, MergeSource source) {
        boolean ofSource = !value.hasSubquery()
                && !value.columns().isEmpty()
                && value.columns().stream().allMatch(name -> source.column(name).isPresent());
        if (ofSource && column.kind().equals("COLUMN_REF")) {
            target.column(column.columns().get(0)).ifPresent(field -> keys.put(field.name(), value.sql()));
        }
    }

    private Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("predicate", Json.text(List.of(on.text())));
        parameters.put("matchedPredicates", predicates(Merge.Kind.MATCHED));
        parameters.put("notMatchedPredicates", predicates(Merge.Kind.NOT_MATCHED));
        parameters.put("notMatchedBySourcePredicates", predicates(Merge.Kind.NOT_MATCHED_BY_SOURCE));
        return parameters;
    }

    private String predicates(Merge.Kind kind) {
        return Json.text(merge.clauses(kind).stream()
                .map(clause -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    clause.condition().ifPresent(text -> json.put("predicate", text));
                    json.put("actionType", clause.action().sparkName());
                    return json;
                })
                .toList());
    }

    /** Readers of the change feed on Spark skip a merge whose rows inserted, updated and deleted are all "0". */
    private Map<String, Object> metrics(RowOperation rows, long sourceRows, long started) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("numSourceRows", sourceRows);
        metrics.put("numTargetRowsInserted", rows.inserted());
        metrics.put("numTargetRowsUpdated", rows.updated());
        metrics.put("numTargetRowsDeleted", rows.deleted());
        metrics.put("numTargetRowsMatchedUpdated", changed(rows, matched, false));
        metrics.put("numTargetRowsMatchedDeleted", changed(rows, matched, true));
        metrics.put("numTargetRowsNotMatchedBySourceUpdated", changed(rows, notMatchedBySource, false));
        metrics.put("numTargetRowsNotMatchedBySourceDeleted", changed(rows, notMatchedBySource, true));
        metrics.put("numTargetRowsCopied", rows.copied());
        metrics.put("numOutputRows", rows.inserted() + rows.updated() + rows.copied());
        metrics.put("numTargetFilesAdded", rows.newFiles().size());
        metrics.put("numTargetFilesRemoved", rows.goneFiles().size());
        metrics.put("numTargetBytesAdded", RowOperation.bytes(rows.newFiles()));
        metrics.put("numTargetBytesRemoved", RowOperation.bytes(rows.goneFiles()));
        metrics.putAll(rows.vectorMetrics("numTarget"));
        metrics.put("numTargetChangeFilesAdded", rows.changeFiles().size());
        metrics.put("executionTimeMs", (System.nanoTime() - started) / 1_000_000);
        return metrics;
    }

    private static long changed(RowOperation rows, List<RowClause> clauses, boolean deletes) {
        return clauses.stream()
                .filter(clause -> clause.deletes() == deletes)
                .mapToLong(clause -> rows.changed(clause.number()))
                .sum();
    }
}
