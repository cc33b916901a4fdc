package dev.tarn.it.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A merge that each writer can be asked for; rows are called {@code target} and {@code source}.
 *
 * @param evolve columns that the target lacks are added to it
 */
record Merge(String on, List<Clause> clauses, boolean evolve) {

    /** Which rows a clause is for, and what becomes of them. */
    enum Kind {
        UPDATE("WHEN MATCHED", "when_matched_update"),
        UPDATE_ALL("WHEN MATCHED", "when_matched_update_all"),
        DELETE("WHEN MATCHED", "when_matched_delete"),
        INSERT("WHEN NOT MATCHED", "when_not_matched_insert"),
        INSERT_ALL("WHEN NOT MATCHED", "when_not_matched_insert_all"),
        UPDATE_MISSING("WHEN NOT MATCHED BY SOURCE", "when_not_matched_by_source_update"),
        DELETE_MISSING("WHEN NOT MATCHED BY SOURCE", "when_not_matched_by_source_delete");

        final String sql;
        final String deltaRs;

        Kind(String sql, String deltaRs) {
            this.sql = sql;
            this.deltaRs = deltaRs;
        }
    }

    record Clause(Kind kind, Optional<String> condition, Map<String, String> set) {}

    static Merge on(String condition) {
        return new Merge(condition, List.of(), false);
    }

    Merge with(Kind kind) {
        return with(new Clause(kind, Optional.empty(), Map.of()));
    }

    Merge with(Kind kind, String condition) {
        return with(new Clause(kind, Optional.of(condition), Map.of()));
    }

    Merge with(Kind kind, Map<String, String> set) {
        return with(new Clause(kind, Optional.empty(), set));
    }

    Merge with(Kind kind, String condition, Map<String, String> set) {
        return with(new Clause(kind, Optional.of(condition), set));
    }

    private Merge with(Clause clause) {
        List<Clause> more = new ArrayList<>(clauses);
        more.add(clause);
        return new Merge(on, List.copyOf(more), evolve);
    }

    Merge evolving() {
        return new Merge(on, clauses, true);
    }

    /** The statement for Spark, whose source is a view of that name. */
    String sql(String target) {
        StringBuilder sql = new StringBuilder("MERGE ")
                .append(evolve ? "WITH SCHEMA EVOLUTION " : "")
                .append("INTO ")
                .append(target)
                .append(" AS target USING source ON ")
                .append(on);
        for (Clause clause : clauses) {
            sql.append(' ').append(clause.kind.sql);
            clause.condition.ifPresent(condition ->
                    sql.append(" AND ").append('(').append(condition).append(')'));
            sql.append(" THEN ").append(action(clause));
        }
        return sql.toString();
    }

    private static String action(Clause clause) {
        return switch (clause.kind) {
            case UPDATE, UPDATE_MISSING -> {
                List<String> sets = new ArrayList<>();
                clause.set.forEach((column, value) -> sets.add("target." + column + " = " + value));
                yield "UPDATE SET " + String.join(", ", sets);
            }
            case UPDATE_ALL -> "UPDATE SET *";
            case INSERT ->
                "INSERT (" + String.join(", ", clause.set.keySet()) + ") VALUES ("
                        + String.join(", ", clause.set.values()) + ")";
            case INSERT_ALL -> "INSERT *";
            case DELETE, DELETE_MISSING -> "DELETE";
        };
    }
}
