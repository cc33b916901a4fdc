package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives columns new values in the rows for which a condition holds. */
final class Update {
    private Update() {}

    static ChangeResult run(TableEdit edit, Connection duckdb, Map<String, String> set, Optional<String> where)
            throws SQLException {
        edit.checkMayRemove();
        if (edit.isDone()) {
            return ChangeResult.ALREADY_DONE;
        }
        long started = System.nanoTime();
        Target target = edit.target("target");
        Optional<Expression> condition = edit.condition(duckdb, target, where);
        Map<String, String> values =
                new Assignments("update", target.schema()).parse(duckdb, set, target.alias(), target.empty());
        try (Scratch scratch = new Scratch(duckdb)) {
            FilePruning pruning = condition.isEmpty()
                    ? FilePruning.none(scratch, target)
                    : FilePruning.of(scratch, target, Optional.empty(), condition.get());
            List<AddFile> candidates = pruning.keep(edit.state().fileList());
            RowOperation rows = new RowOperation(
                    scratch,
                    target.looking(scratch, candidates),
                    target.metadata(),
                    edit.clock(),
                    candidates,
                    List.of(new RowClause(1, condition.map(Expression::sql), Optional.of(values))),
                    Optional.empty());
            rows.write(Optional.empty());
            Map<String, Object> metrics = TableEdit.metrics(rows, started);
            metrics.put("numUpdatedRows", rows.updated());
            Map<String, Object> parameters = new LinkedHashMap<>();
            condition.ifPresent(expression -> parameters.put("predicate", expression.text()));
            return edit.commit(
                    rows,
                    target.metadata(),
                    edit.state().protocol(),
                    condition.isEmpty() ? Reads.all() : Reads.of(candidates, pruning::mayMatch),
                    "UPDATE",
                    parameters,
                    metrics);
        }
    }
}
