package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Deletes, updates and merges start from a version of a table and end in a commit in the same way.
 *
 * @param operation for messages, such as {@code delete}
 */
record TableEdit(DeltaTable table, TableState state, CommitOptions options, Clock clock, String operation) {
    /** Operations that give no row another value, so that no rule about values can be broken. */
    private static final Set<String> KEEPS_VALUES = Set.of("delete", "optimize");

    static TableEdit of(
            DeltaTable table, Optional<TableState> newest, CommitOptions options, Clock clock, String name) {
        TableState state = newest.orElseThrow(() -> new LakeException(
                Kind.TABLE_NOT_FOUND,
                "There is no Delta table at '" + table.path() + "'.",
                "Check the path of the table."));
        String path = table.path().toString();
        if (KEEPS_VALUES.contains(name)) {
            FeatureSupport.checkMayCopyRows(path, state);
        } else {
            FeatureSupport.checkWritable(path, state, false);
        }
        ChangeFeed.checkColumns(state.metadata());
        return new TableEdit(table, state, options, clock, name);
    }

    void checkMayRemove() {
        FeatureSupport.checkMayChangeRows(table.path().toString(), state, operation);
    }

    /** Whether the table has recorded the same transaction; the commit looks again. */
    boolean isDone() {
        return options.transaction()
                .map(ours -> {
                    OptionalLong last = state.lastTransaction(ours.appId());
                    return last.isPresent() && last.getAsLong() >= ours.version();
                })
                .orElse(false);
    }

    Target target(String alias, DeltaType.Struct... others) {
        DeltaType.Struct[] schemas = new DeltaType.Struct[others.length + 1];
        schemas[0] = state.metadata().schema();
        System.arraycopy(others, 0, schemas, 1, others.length);
        return new Target(table.path(), state, alias, Scratch.freePrefix(schemas));
    }

    /** The condition of a delete or update, if it means something for the table. */
    Optional<Expression> condition(Connection duckdb, Target target, Optional<String> where) throws SQLException {
        if (where.isEmpty()) {
            return Optional.empty();
        }
        String role = "condition of the " + operation;
        Expression condition = Expression.parse(duckdb, role, where.get());
        condition.checkCondition(duckdb, role, target.empty());
        return Optional.of(condition);
    }

    /** Commits what was written, or nothing if nothing changed; after a failure no file is left. */
    ChangeResult commit(
            RowOperation rows,
            Metadata metadata,
            Protocol protocol,
            Reads reads,
            String name,
            Map<String, Object> parameters,
            Map<String, Object> metrics) {
        Changes changes = new Changes().remove(rows.removed()).add(rows.added()).changeFiles(rows.changeFiles());
        if (KEEPS_VALUES.contains(operation)) {
            changes.withoutNewRows();
        }
        boolean evolves = !state.metadata().hasShapeOf(metadata);
        if (evolves) {
            changes.metadata(metadata);
        }
        if (!state.protocol().equals(protocol)) {
            changes.protocol(protocol);
        }
        boolean nothing = rows.added().isEmpty() && rows.removed().isEmpty() && !evolves;
        if (nothing && options.transaction().isEmpty()) {
            return result(rows, OptionalLong.empty());
        }
        Transaction transaction = table.transaction(Optional.of(state), options);
        try {
            Transaction.Outcome outcome = transaction.commit(reads, changes, new Operation(name, parameters, metrics));
            if (outcome.alreadyDone()) {
                rows.discard();
                return ChangeResult.ALREADY_DONE;
            }
            return result(rows, OptionalLong.of(outcome.version()));
        } catch (LakeException failure) {
            if (!failure.mayBeCommitted()) {
                rows.discard();
            }
            throw failure;
        }
    }

    private static ChangeResult result(RowOperation rows, OptionalLong version) {
        return new ChangeResult(
                version,
                rows.inserted(),
                rows.updated(),
                rows.deleted(),
                rows.copied(),
                rows.newFiles().size(),
                rows.goneFiles().size(),
                rows.changeFiles().size(),
                false);
    }

    /** The metrics that a delete and an update have in common, as Spark names them. */
    static Map<String, Object> metrics(RowOperation rows, long startedNanos) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("numRemovedFiles", rows.goneFiles().size());
        metrics.put("numRemovedBytes", RowOperation.bytes(rows.goneFiles()));
        metrics.put("numAddedFiles", rows.newFiles().size());
        metrics.put("numAddedBytes", RowOperation.bytes(rows.newFiles()));
        metrics.putAll(rows.vectorMetrics("num"));
        metrics.put("numCopiedRows", rows.copied());
        metrics.put("numAddedChangeFiles", rows.changeFiles().size());
        metrics.put("executionTimeMs", (System.nanoTime() - startedNanos) / 1_000_000);
        return metrics;
    }

    /** Spark's history has the condition as the text of a JSON array. */
    static Map<String, Object> predicate(Optional<Expression> condition) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(
                "predicate",
                Json.text(condition.map(where -> List.of(where.text())).orElse(List.of())));
        return parameters;
    }
}
