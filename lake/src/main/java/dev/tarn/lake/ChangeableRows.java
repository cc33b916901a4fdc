package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a row of the table must be, by one of some conditions, so that a clause of a merge can change it, whatever source row it
 * meets. Where a merge is about matched rows only, others need not be looked at.
 *
 * <p>Spark skips files by the same conditions, and several matches in such a file are no error for it.
 *
 * @param conditions about the table alone; none if each row may change
 */
record ChangeableRows(List<Expression> conditions) {
    static final ChangeableRows ALL = new ChangeableRows(List.of());

    static ChangeableRows of(Connection duckdb, List<Merge.Clause> clauses, Target target, DeltaType.Struct source)
            throws SQLException {
        List<Expression> conditions = new ArrayList<>();
        for (Merge.Clause clause : clauses) {
            Optional<Expression> condition = aboutTarget(duckdb, clause, target, source);
            if (condition.isEmpty()) {
                return ALL;
            }
            conditions.add(condition.get());
        }
        return new ChangeableRows(conditions);
    }

    private static Optional<Expression> aboutTarget(
            Connection duckdb, Merge.Clause clause, Target target, DeltaType.Struct source) throws SQLException {
        if (clause.condition().isEmpty()) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        for (Expression part : parse(duckdb, clause.condition().get()).conjuncts(duckdb)) {
            if (!part.hasSubquery()
                    && part.columns().stream().allMatch(name -> isOfTarget(name, target, source))
                    && canBeTried(duckdb, part, target)) {
                parts.add(part.sql());
            }
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(parse(duckdb, String.join(" AND ", parts)));
    }

    private static Expression parse(Connection duckdb, String condition) throws SQLException {
        return Expression.parse(duckdb, "condition of a clause", condition);
    }

    private static boolean isOfTarget(List<String> name, Target target, DeltaType.Struct source) {
        return target.column(name).isPresent()
                && (name.size() > 1 || source.field(name.get(0)).isEmpty());
    }

    private static boolean canBeTried(Connection duckdb, Expression part, Target target) {
        try {
            Expression.prepare(duckdb, "SELECT " + tried(part) + " FROM " + target.empty());
            return true;
        } catch (SQLException refused) {
            return false;
        }
    }

    /** The condition is asked of rows, too, that match nothing, and an error of these is none of the merge. */
    private static String tried(Expression condition) {
        return "TRY(" + condition.sql() + ") IS NOT FALSE";
    }

    /** A condition and, if files can be chosen by it, this. */
    Expression and(Connection duckdb, Expression on) throws SQLException {
        return conditions.size() == 1
                ? Expression.parse(
                        duckdb,
                        "condition of the merge",
                        on.sql() + " AND " + conditions.get(0).sql())
                : on;
    }

    /** Goes on after a condition. */
    String sql() {
        return conditions.isEmpty()
                ? ""
                : conditions.stream().map(ChangeableRows::tried).collect(Collectors.joining(" OR ", " AND (", ")"));
    }
}
