package dev.tarn.lake;

import dev.tarn.fs.LocalFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Changes rows of a table: finds the files that have some, writes each of these anew without the rows that are deleted and
 * with the new values of those that are updated, and writes the change data.
 *
 * <p>One output for one input keeps rows beside their neighbours, so that readers skip as many files as before. In a table with
 * deletion vectors the files stay, their changed rows are marked as deleted, and the updated ones go to new files.
 */
final class RowOperation {
    /** One row of so many is few. */
    private static final int FEW = 8;

    private final Scratch scratch;
    private final Target target;
    private final Metadata metadata;
    private final Clock clock;
    private final List<AddFile> candidates;
    private final List<RowClause> inPlace;
    private final Optional<ChangedRows> matched;
    private final boolean changeFeed;
    private final boolean marksRows;

    /** Rows to change in each file, by its number among the candidates and the clause. */
    private final Map<Integer, Map<Integer, Long>> touched = new TreeMap<>();

    private final List<DataFiles.Written> written = new ArrayList<>();
    private final List<AddFile> added = new ArrayList<>();
    private final List<AddFile> removed = new ArrayList<>();
    private final List<Map<String, Object>> changeFiles = new ArrayList<>();
    private final List<DataFiles.Written> writtenInserts = new ArrayList<>();
    private final List<AddFile> addedInserts = new ArrayList<>();

    /** Of the files that stay with rows marked as deleted, the number among the candidates and what the log says then. */
    private final Map<Integer, AddFile> marked = new TreeMap<>();

    private long copied;
    private boolean rewrites;

    /**
     * @param metadata of the table after the operation
     * @param candidates files that may have rows to change
     * @param inPlace clauses about the rows that are not among the matched ones, decided while a file is read
     */
    RowOperation(
            Scratch scratch,
            Target target,
            Metadata metadata,
            Clock clock,
            List<AddFile> candidates,
            List<RowClause> inPlace,
            Optional<ChangedRows> matched) {
        this.scratch = scratch;
        this.target = target;
        this.metadata = metadata;
        this.clock = clock;
        this.candidates = candidates;
        this.inPlace = inPlace;
        this.matched = matched;
        this.changeFeed = target.metadata().hasChangeFeed();
        this.marksRows = target.state().marksDeletedRows();
    }

    /** Writes all files; after a failure none of them is left. */
    void write(Optional<String> inserts) throws SQLException {
        try {
            findTouched();
            boolean decidesFirst = changeFeed || marksRows || changesFewRowsOfManyFiles();
            Optional<ChangedRows> rows = decidesFirst && !inPlace.isEmpty() ? materialized() : matched;
            List<RowClause> undecided = decidesFirst ? List.of() : inPlace;
            RowSelect select = new RowSelect(target, metadata, candidates, rows, undecided);
            if (marksRows) {
                markTouched(select);
            } else {
                rewriteTouched(select);
            }
            List<AddFile> insertedFiles = inserts.isPresent() ? insert(inserts.get()) : List.of();
            // Without files of changes, readers derive them: what left a file is deleted, what is in a new one
            // inserted.
            if (changeFeed && rewrites) {
                writeChangeFiles(select, insertedFiles);
            }
        } catch (SQLException | RuntimeException failure) {
            discard();
            throw failure;
        }
    }

    void discard() {
        DataFiles.delete(written);
    }

    /** Writes new rows only. */
    void writeInserts(String select) throws SQLException {
        try {
            insert(select);
        } catch (SQLException | RuntimeException failure) {
            discard();
            throw failure;
        }
    }

    /** Takes files out of the table whole, as the one clause wants it for all of their rows. */
    void removeWhole(List<AddFile> files) {
        Set<AddFile> whole = Collections.newSetFromMap(new IdentityHashMap<>());
        whole.addAll(files);
        for (int number = 0; number < candidates.size(); number++) {
            AddFile file = candidates.get(number);
            if (whole.contains(file)) {
                touched.put(number, Map.of(inPlace.get(0).number(), file.rows().orElse(0L)));
            }
        }
        removed.addAll(files);
    }

    private void findTouched() throws SQLException {
        if (candidates.isEmpty()) {
            return;
        }
        if (matched.isPresent()) {
            ChangedRows rows = matched.get();
            count("SELECT " + rows.fileColumn() + ", " + rows.clauseColumn() + ", count(*) FROM " + rows.rows()
                    + " WHERE " + rows.clauseColumn() + " <> 0 GROUP BY ALL");
        }
        if (!inPlace.isEmpty()) {
            count("SELECT " + name("file_number") + ", " + name("clause") + ", count(*) FROM (SELECT "
                    + name("file_number") + ", "
                    + name("row") + ", " + RowClause.choice(inPlace) + " AS " + name("clause") + " FROM ("
                    + target.rows(candidates, candidates) + ") AS " + SqlText.name(target.alias()) + anyInPlace()
                    + ") AS " + name("c") + " WHERE " + name("clause") + " <> 0" + notMatched() + " GROUP BY ALL");
        }
    }

    private String name(String suffix) {
        return SqlText.name(target.prefix() + suffix);
    }

    /** A filter that DuckDB can push to the files, whose row groups tell what they have. */
    private String anyInPlace() {
        if (inPlace.stream().anyMatch(clause -> clause.condition().isEmpty())) {
            return "";
        }
        return inPlace.stream()
                .map(clause -> clause.condition().orElseThrow())
                .collect(Collectors.joining(" OR ", " WHERE ", ""));
    }

    private String notMatched() {
        return matched.map(rows -> " AND NOT EXISTS (SELECT 1 FROM " + rows.rows() + " AS " + name("m") + " WHERE "
                        + name("m") + "." + rows.fileColumn() + " = " + name("c") + "." + name("file_number") + " AND "
                        + name("m") + "." + rows.rowColumn() + " = " + name("c") + "." + name("row") + ")")
                .orElse("");
    }

    private void count(String sql) throws SQLException {
        for (List<String> row : scratch.rows(sql)) {
            touched.computeIfAbsent(Integer.parseInt(row.get(0)), file -> new TreeMap<>())
                    .merge(Integer.parseInt(row.get(1)), Long.parseLong(row.get(2)), Long::sum);
        }
    }

    /** All rows that change with their new values, so that the files of changes get the same as the data files. */
    private Optional<ChangedRows> materialized() throws SQLException {
        List<RowClause> clauses =
                new ArrayList<>(matched.map(ChangedRows::clauses).orElse(List.of()));
        clauses.addAll(inPlace);
        List<DeltaField> columns = ChangedRows.assigned(clauses, metadata.schema());
        List<AddFile> files = touchedFiles();
        String rows = scratch.table("SELECT * EXCLUDE (" + name("c_any") + ") FROM (SELECT " + name("file_number")
                + ", "
                + name("row") + ", CAST(NULL AS BIGINT) AS " + name("source_row") + ", "
                + ChangedRows.select(inPlace, columns, target.prefix()) + ", 1 AS " + name("c_any") + " FROM ("
                + target.rows(files, candidates) + ") AS " + SqlText.name(target.alias()) + anyInPlace() + ") AS "
                + name("c") + " WHERE " + name("clause") + " <> 0" + notMatched());
        ChangedRows all = new ChangedRows(rows, clauses, columns, target.prefix());
        if (matched.isPresent()) {
            ChangedRows before = matched.get();
            String values = columns.stream()
                    .map(column -> before.valueColumn(column)
                            .orElse("CAST(NULL AS " + column.type().duckSql() + ")"))
                    .map(value -> ", " + value)
                    .collect(Collectors.joining());
            scratch.execute("INSERT INTO " + rows + " SELECT " + before.fileColumn() + ", " + before.rowColumn() + ", "
                    + before.sourceColumn() + ", " + before.clauseColumn() + values + " FROM " + before.rows());
        }
        return Optional.of(all);
    }

    /** Then it is cheaper to look for the rows first and to rewrite several files at once than one after the other. */
    private boolean changesFewRowsOfManyFiles() throws SQLException {
        if (inPlace.isEmpty() || !SideBySide.isWorth(touchedFiles())) {
            return false;
        }
        long all = rowsOfFile().values().stream().mapToLong(Long::longValue).sum();
        return (updated() + deleted()) * FEW < all;
    }

    private List<AddFile> touchedFiles() {
        return touched.keySet().stream().map(candidates::get).toList();
    }

    private void rewriteTouched(RowSelect select) throws SQLException {
        Map<String, Long> rowsOfFile = rowsOfFile();
        MemoryBudget budget = MemoryBudget.of(scratch);
        List<FileRewrite> rewritten = new ArrayList<>();
        for (Map.Entry<Integer, Map<Integer, Long>> each : touched.entrySet()) {
            AddFile file = candidates.get(each.getKey());
            long rows = rows(rowsOfFile, file);
            long deleted = sum(each.getValue(), true);
            long updated = sum(each.getValue(), false);
            long left = rows - deleted - deletedBefore(file);
            if (left > 0) {
                copied += left - updated;
                rewritten.add(new FileRewrite(
                        each.getKey(), file, ranges(budget, select, rows, deleted + updated), clock.millis()));
            }
            removed.add(file);
        }
        rewrites = !rewritten.isEmpty();
        for (FileRewrite.Result result :
                SideBySide.rewrite(scratch, budget, select, rewritten, updated() + deleted())) {
            written.addAll(result.written());
            added.addAll(result.added());
        }
        if (rewrites) {
            DataFiles.syncNames(target.table());
        }
    }

    private static long deletedBefore(AddFile file) {
        return file.deletionVector().map(DeletionVector::cardinality).orElse(0L);
    }

    private void markTouched(RowSelect select) throws SQLException {
        if (touched.isEmpty()) {
            return;
        }
        Map<String, Long> rowsOfFile = rowsOfFile();
        Map<Integer, BitSet> changed = select.changed().orElseThrow().places(scratch.duckdb());
        Map<Integer, BitSet> vectors = new TreeMap<>();
        for (Map.Entry<Integer, Map<Integer, Long>> each : touched.entrySet()) {
            AddFile file = candidates.get(each.getKey());
            BitSet deleted = file.deletionVector()
                    .map(vector -> vector.rows(target.table()))
                    .orElseGet(BitSet::new);
            deleted.or(Objects.requireNonNull(changed.get(each.getKey())));
            long rows = rows(rowsOfFile, file);
            long counted =
                    each.getValue().values().stream().mapToLong(Long::longValue).sum();
            if (deleted.cardinality() != deletedBefore(file) + counted || deleted.length() > rows) {
                throw new IllegalStateException(deleted.cardinality() + " of " + rows + " rows of '" + file.path()
                        + "' are to be marked, but " + counted + " change");
            }
            removed.add(file);
            if (deleted.cardinality() < rows) {
                vectors.put(each.getKey(), deleted);
            }
        }
        if (!vectors.isEmpty()) {
            DeletionVectorFile<Integer> file = DeletionVectorFile.write(target.table(), vectors);
            written.add(new DataFiles.Written(file.file(), 0, 0, Map.of(), Map.of()));
            file.vectors().forEach((number, vector) -> {
                AddFile before = candidates.get(number);
                marked.put(number, before.withDeletionVector(vector, rows(rowsOfFile, before)));
            });
        }
        rewrites = !vectors.isEmpty() || updated() > 0;
        if (updated() > 0) {
            writeUpdated(select, rowsOfFile);
        }
    }

    /** All together, unless they take too much of DuckDB's memory. */
    private void writeUpdated(RowSelect select, Map<String, Long> rowsOfFile) throws SQLException {
        MemoryBudget budget = MemoryBudget.of(scratch);
        if (budget.parts(scratch, select.changed().orElseThrow().rows(), updated()) == 1) {
            writeUpdated(select.updated(touchedFiles(), Optional.empty()));
            return;
        }
        for (Map.Entry<Integer, Map<Integer, Long>> each : touched.entrySet()) {
            AddFile file = candidates.get(each.getKey());
            long updated = sum(each.getValue(), false);
            if (updated > 0) {
                for (Optional<RowSelect.RowRange> range : ranges(budget, select, rows(rowsOfFile, file), updated)) {
                    writeUpdated(select.updated(List.of(file), range));
                }
            }
        }
    }

    private void writeUpdated(String select) throws SQLException {
        DataFiles dataFiles = new DataFiles(target.table(), metadata);
        List<DataFiles.Written> files = dataFiles.write(scratch.duckdb(), select);
        written.addAll(files);
        files.forEach(each -> added.add(dataFiles.add(each, clock.millis())));
    }

    private long rows(Map<String, Long> rowsOfFile, AddFile file) {
        return Objects.requireNonNull(rowsOfFile.get(file.locate(target.table()).toString()));
    }

    /** All of a file at once, unless so many of its rows change that they take too much of DuckDB's memory. */
    private List<Optional<RowSelect.RowRange>> ranges(MemoryBudget budget, RowSelect select, long rows, long changed)
            throws SQLException {
        long parts = select.changed().isPresent()
                ? budget.parts(scratch, select.changed().get().rows(), changed)
                : 1;
        if (parts == 1) {
            return List.of(Optional.empty());
        }
        List<Optional<RowSelect.RowRange>> ranges = new ArrayList<>();
        long step = Math.max(1, (rows + parts - 1) / parts);
        for (long from = 0; from < rows; from += step) {
            ranges.add(Optional.of(new RowSelect.RowRange(from, from + step)));
        }
        return ranges;
    }

    /** By the footers: the log may not tell, and a file must not be taken for one that has no other rows. */
    private Map<String, Long> rowsOfFile() throws SQLException {
        Map<String, Long> rows = new LinkedHashMap<>();
        if (!touched.isEmpty()) {
            List<String> paths = touchedFiles().stream()
                    .map(file -> file.locate(target.table()).toString())
                    .toList();
            scratch.rows("SELECT file_name, num_rows FROM parquet_file_metadata(" + SqlText.files(paths) + ")")
                    .forEach(row -> rows.put(row.get(0), Long.parseLong(row.get(1))));
        }
        return rows;
    }

    private List<AddFile> insert(String select) throws SQLException {
        DataFiles dataFiles = new DataFiles(target.table(), metadata);
        List<DataFiles.Written> files = dataFiles.write(scratch.duckdb(), select);
        written.addAll(files);
        List<AddFile> adds =
                files.stream().map(each -> dataFiles.add(each, clock.millis())).toList();
        writtenInserts.addAll(files);
        addedInserts.addAll(adds);
        added.addAll(adds);
        return adds;
    }

    /** Delta protocol, "Change Data Files". */
    private void writeChangeFiles(RowSelect select, List<AddFile> insertedFiles) throws SQLException {
        Path directory = target.table().resolve(ChangeFeed.DIRECTORY);
        try {
            LocalFiles.createDirectories(directory);
        } catch (IOException failure) {
            throw LakeException.io("The directory '" + directory + "' cannot be created", failure);
        }
        DataFiles files = new DataFiles(directory, ChangeFeed.fileMetadata(metadata));
        List<DataFiles.Written> changes = files.write(scratch.duckdb(), select.changes(touchedFiles(), insertedFiles));
        written.addAll(changes);
        changes.forEach(each -> changeFiles.add(files.changeFile(each, ChangeFeed.DIRECTORY)));
    }

    private long sum(Map<Integer, Long> byClause, boolean deletes) {
        return byClause.entrySet().stream()
                .filter(each -> clause(each.getKey()).deletes() == deletes)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private RowClause clause(int number) {
        List<RowClause> all = new ArrayList<>(inPlace);
        matched.ifPresent(rows -> all.addAll(rows.clauses()));
        return all.stream()
                .filter(clause -> clause.number() == number)
                .findFirst()
                .orElseThrow();
    }

    /** How many rows a clause changed. */
    long changed(int clause) {
        return touched.values().stream()
                .mapToLong(byClause -> byClause.getOrDefault(clause, 0L))
                .sum();
    }

    long updated() {
        return touched.values().stream().mapToLong(each -> sum(each, false)).sum();
    }

    long deleted() {
        return touched.values().stream().mapToLong(each -> sum(each, true)).sum();
    }

    long copied() {
        return copied;
    }

    long inserted() {
        return writtenInserts.stream().mapToLong(DataFiles.Written::rows).sum();
    }

    List<DataFiles.Written> writtenInserts() {
        return writtenInserts;
    }

    List<AddFile> addedInserts() {
        return addedInserts;
    }

    /** What was written beside the new rows, and the files of changes. */
    Replacement replacement(Reads reads) {
        List<AddFile> kept = new ArrayList<>(added());
        kept.removeAll(addedInserts);
        List<DataFiles.Written> others = new ArrayList<>(written);
        others.removeAll(writtenInserts);
        return new Replacement(reads, Optional.empty(), removed, kept, changeFiles, others);
    }

    /** All that the log adds, also those that stay with other rows marked. */
    List<AddFile> added() {
        List<AddFile> all = new ArrayList<>(added);
        all.addAll(marked.values());
        return all;
    }

    /** All that the log removes, also those that come back with other rows marked. */
    List<AddFile> removed() {
        return removed;
    }

    List<AddFile> newFiles() {
        return added;
    }

    /** The removed files that do not come back. */
    List<AddFile> goneFiles() {
        Set<String> stay = marked.values().stream().map(AddFile::decodedPath).collect(Collectors.toSet());
        return removed.stream()
                .filter(file -> !stay.contains(file.decodedPath()))
                .toList();
    }

    /** What happened to deletion vectors, as Spark counts it; one that is replaced is added, removed and updated. */
    Map<String, Object> vectorMetrics(String prefix) {
        long before = removed.stream().filter(AddFile::hasDeletionVector).count();
        long updated = marked.keySet().stream()
                .filter(number -> candidates.get(number).hasDeletionVector())
                .count();
        Map<String, Object> metrics = new LinkedHashMap<>();
        if (marksRows || before > 0) {
            metrics.put(prefix + "DeletionVectorsAdded", marked.size());
            metrics.put(prefix + "DeletionVectorsRemoved", before);
            metrics.put(prefix + "DeletionVectorsUpdated", updated);
        }
        return metrics;
    }

    List<Map<String, Object>> changeFiles() {
        return changeFiles;
    }

    static long bytes(List<AddFile> files) {
        return files.stream().mapToLong(AddFile::size).sum();
    }
}
