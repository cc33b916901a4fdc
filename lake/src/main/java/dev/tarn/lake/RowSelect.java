package dev.tarn.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the SELECTs that give the rows of a file as an operation leaves them, and the changes that it makes.
 *
 * @param changed rows that change and their new values
 * @param inPlace clauses about all other rows, decided while they are read
 */
record RowSelect(
        Target target,
        Metadata metadata,
        List<AddFile> candidates,
        Optional<ChangedRows> changed,
        List<RowClause> inPlace) {

    /** The same for another connection, which has the changed rows in a table of its own. */
    RowSelect withChanged(ChangedRows other) {
        return new RowSelect(target, metadata, candidates, Optional.of(other), inPlace);
    }

    private String name(String suffix) {
        return SqlText.name(target.prefix() + suffix);
    }

    private String alias() {
        return SqlText.name(target.alias());
    }

    /** Whether a row may come into another partition. */
    boolean movesRows() {
        return metadata.partitionColumns().stream()
                .map(column -> metadata.schema().field(column).orElseThrow())
                .anyMatch(column -> inPlace.stream()
                                .anyMatch(clause -> clause.value(column).isPresent())
                        || changed.map(rows -> !rows.setting(column).isEmpty()).orElse(false));
    }

    /** The rows that a file has after the operation, in its order; without partition columns if these stay the same. */
    String data(int number, AddFile file, Optional<RowRange> range) {
        List<DeltaField> columns = movesRows() ? metadata.schema().fields() : metadata.fileColumns();
        return columns.stream()
                .map(column -> after(column) + " AS " + SqlText.name(column.name()))
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + from(number, file, range) + remaining()));
    }

    /** Some rows of a file, by their numbers; the last is not among them. */
    record RowRange(long from, long until) {
        private String sql(String column) {
            return column + " >= " + from + " AND " + column + " < " + until;
        }
    }

    private String from(int number, AddFile file, Optional<RowRange> range) {
        String some = range.map(part -> " WHERE " + part.sql(name("row"))).orElse("");
        String rows = range.isEmpty()
                ? "(" + target.rows(List.of(file), candidates) + ") AS " + alias()
                : "(FROM (" + target.rows(List.of(file), candidates) + ")" + some + ") AS " + alias();
        String decided = inPlace.isEmpty()
                ? rows
                : "(SELECT *, " + RowClause.choice(inPlace) + " AS " + name("choice") + " FROM " + rows + ") AS "
                        + alias();
        return decided
                + changed.map(changes -> " LEFT JOIN (FROM " + changes.rows() + " WHERE " + changes.fileColumn()
                                + " = " + number + (inPlace.isEmpty() ? " AND " + changes.clauseColumn() + " <> 0" : "")
                                + ") AS " + name("m") + " ON " + name("m") + "." + changes.rowColumn() + " = " + alias()
                                + "."
                                + name("row"))
                        .orElse("");
    }

    private String after(DeltaField column) {
        List<String> cases = new ArrayList<>();
        changed.ifPresent(changes -> changedValue(changes, column).ifPresent(cases::add));
        for (RowClause clause : inPlace) {
            clause.value(column)
                    .ifPresent(value ->
                            cases.add("WHEN " + unmatched() + choice() + " = " + clause.number() + " THEN " + value));
        }
        return cases.isEmpty()
                ? before(column)
                : "CASE " + String.join(" ", cases) + " ELSE " + before(column) + " END";
    }

    private Optional<String> changedValue(ChangedRows changes, DeltaField column) {
        List<RowClause> setting = changes.setting(column);
        return setting.isEmpty()
                ? Optional.empty()
                : Optional.of("WHEN " + isChangedBy(changes, setting) + " THEN " + name("m") + "."
                        + changes.valueColumn(column).orElseThrow());
    }

    private String isChangedBy(ChangedRows changes, List<RowClause> setting) {
        // With one clause, and no others to tell apart, a row that is there was changed by it.
        return setting.size() == changes.clauses().size() && inPlace.isEmpty()
                ? name("m") + "." + changes.rowColumn() + " IS NOT NULL"
                : name("m") + "." + changes.clauseColumn() + " IN (" + RowClause.numbers(setting) + ")";
    }

    private String choice() {
        return alias() + "." + name("choice");
    }

    private String unmatched() {
        return changed.map(changes -> name("m") + "." + changes.rowColumn() + " IS NULL AND ")
                .orElse("");
    }

    private String before(DeltaField column) {
        Optional<DeltaField> old = target.schema().field(column.name());
        String type = column.type().duckSql();
        if (old.isEmpty()) {
            return "CAST(NULL AS " + type + ")";
        }
        String value = alias() + "." + SqlText.name(old.get().name());
        return old.get().type().equals(column.type()) ? value : "CAST(" + value + " AS " + type + ")";
    }

    /** Not deleted; a row of no clause has NULL here. */
    private String remaining() {
        List<String> deleted = new ArrayList<>();
        changed.ifPresent(changes -> {
            if (!changes.deletes().isEmpty()) {
                deleted.add(name("m") + "." + changes.clauseColumn() + " IN (" + RowClause.numbers(changes.deletes())
                        + ")");
            }
        });
        List<RowClause> deletes = inPlace.stream().filter(RowClause::deletes).toList();
        if (!deletes.isEmpty()) {
            deleted.add(unmatched() + choice() + " IN (" + RowClause.numbers(deletes) + ")");
        }
        return deleted.isEmpty()
                ? ""
                : deleted.stream()
                        .map(condition -> "(" + condition + ") IS NOT TRUE")
                        .collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    /** The rows of some files that are updated, as they are after the operation. */
    String updated(List<AddFile> files, Optional<RowRange> range) {
        ChangedRows changes = changed.orElseThrow();
        String updates = RowClause.numbers(
                changes.clauses().stream().filter(clause -> !clause.deletes()).toList());
        String some = range.map(part -> " WHERE " + part.sql(name("row"))).orElse("");
        return metadata.schema().fields().stream()
                        .map(column -> after(column) + " AS " + SqlText.name(column.name()))
                        .collect(Collectors.joining(", ", "SELECT ", " FROM (FROM ("))
                + target.rows(files, candidates) + ")" + some + ") AS " + alias() + " JOIN (FROM " + changes.rows()
                + " WHERE " + changes.clauseColumn() + " IN (" + updates + ")) AS " + name("m") + " ON " + name("m")
                + "." + changes.fileColumn() + " = " + alias() + "." + name("file_number") + " AND " + name("m") + "."
                + changes.rowColumn() + " = " + alias() + "." + name("row");
    }

    /** All changes of the commit, with their kind as the last column (Delta protocol, "Change Data Files"). */
    String changes(List<AddFile> files, List<AddFile> inserted) {
        ChangedRows changes = changed.orElseThrow();
        String kind = name("k") + "." + name("kind");
        String columns = metadata.schema().fields().stream()
                .map(column -> changedValue(changes, column)
                                .map(value -> "CASE WHEN " + kind + " <> 'update_postimage' THEN " + before(column)
                                        + " " + value + " ELSE " + before(column) + " END")
                                .orElse(before(column))
                        + " AS " + SqlText.name(column.name()))
                .collect(Collectors.joining(", "));
        String deletes = changes.deletes().isEmpty()
                ? "false"
                : name("m") + "." + changes.clauseColumn() + " IN (" + RowClause.numbers(changes.deletes()) + ")";
        String sql = "SELECT " + columns + ", " + kind + " AS " + SqlText.name(ChangeFeed.TYPE_COLUMN) + " FROM ("
                + target.rows(files, candidates) + ") AS " + alias() + " JOIN (FROM " + changes.rows() + " WHERE "
                + changes.clauseColumn() + " <> 0) AS " + name("m") + " ON " + name("m") + "." + changes.fileColumn()
                + " = " + alias() + "." + name("file_number") + " AND " + name("m") + "." + changes.rowColumn() + " = "
                + alias() + "." + name("row")
                + " JOIN (VALUES ('update_preimage', false), ('update_postimage', false), ('delete', true)) AS "
                + name("k") + "(" + name("kind") + ", " + name("deletes") + ") ON " + name("k") + "." + name("deletes")
                + " = (" + deletes + ")";
        return inserted.isEmpty()
                ? sql
                : sql + " UNION ALL SELECT *, 'insert' FROM (" + new Scan(target.table(), metadata).sql(inserted) + ")";
    }
}
