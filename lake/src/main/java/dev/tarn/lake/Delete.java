package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deletes rows: whole files where the log alone tells that all of their rows go. */
final class Delete {
    private Delete() {}

    static ChangeResult run(TableEdit edit, Connection duckdb, Optional<String> where) throws SQLException {
        edit.checkMayRemove();
        if (edit.isDone()) {
            return ChangeResult.ALREADY_DONE;
        }
        long started = System.nanoTime();
        Target target = edit.target("target");
        Optional<Expression> condition = edit.condition(duckdb, target, where);
        try (Scratch scratch = new Scratch(duckdb)) {
            List<AddFile> files = edit.state().fileList();
            boolean whole = condition.isEmpty() || FilePruning.isAboutPartitions(target, condition.get());
            FilePruning pruning = condition.isEmpty()
                    ? FilePruning.none(scratch, target)
                    : FilePruning.of(scratch, target, Optional.empty(), condition.get());
            List<AddFile> candidates = pruning.keep(files);
            RowOperation rows = new RowOperation(
                    scratch,
                    target.looking(scratch, candidates),
                    target.metadata(),
                    edit.clock(),
                    candidates,
                    List.of(new RowClause(1, condition.map(Expression::sql), Optional.empty())),
                    Optional.empty());
            if (condition.isEmpty()) {
                rows.removeWhole(files);
            } else if (whole) {
                rows.removeWhole(FilePruning.matching(scratch, target, candidates, condition.get()));
            } else {
                rows.write(Optional.empty());
            }
            Map<String, Object> metrics = TableEdit.metrics(rows, started);
            metrics.put("numDeletedRows", rows.deleted());
            return edit.commit(
                    rows,
                    target.metadata(),
                    edit.state().protocol(),
                    condition.isEmpty() ? Reads.all() : Reads.of(candidates, pruning::mayMatch),
                    "DELETE",
                    TableEdit.predicate(condition),
                    metrics);
        }
    }
}
