package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collects what a merge does, then does it: rows of a source query meet the rows of the table by a condition, and clauses say
 * what becomes of those that match, of source rows that match nothing and of table rows that nothing matches.
 *
 * <p>Conditions and values are DuckDB's SQL; they call the table {@code target} and the query {@code source}, unless
 * {@link #as} gives other names. Of the clauses of one kind the first whose condition holds decides about a row; a condition
 * that is NULL does not hold. Only the last clause of a kind can be without a condition.
 */
public final class Merge {
    /** What a clause is about. */
    enum Kind {
        MATCHED("WHEN MATCHED"),
        NOT_MATCHED("WHEN NOT MATCHED"),
        NOT_MATCHED_BY_SOURCE("WHEN NOT MATCHED BY SOURCE");

        private final String sql;

        Kind(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }
    }

    /** What a clause does. */
    enum Action {
        UPDATE("update"),
        UPDATE_ALL("update"),
        DELETE("delete"),
        INSERT("insert"),
        INSERT_ALL("insert");

        private final String sparkName;

        Action(String sparkName) {
            this.sparkName = sparkName;
        }

        String sparkName() {
            return sparkName;
        }
    }

    /** A clause as the user gave it. */
    record Clause(Kind kind, Optional<String> condition, Action action, Map<String, String> set) {}

    private final DeltaTable table;
    private final Connection duckdb;
    private final String query;
    private final String condition;
    private final List<Clause> clauses = new ArrayList<>();
    private String targetName = "target";
    private String sourceName = "source";
    private boolean schemaEvolution;
    private CommitOptions options = CommitOptions.DEFAULT;

    Merge(DeltaTable table, Connection duckdb, String query, String condition) {
        this.table = table;
        this.duckdb = duckdb;
        this.query = query;
        this.condition = condition;
    }

    /** Gives the table and the query other names for the conditions and values. */
    public Merge as(String target, String source) {
        if (target.isBlank() || source.isBlank() || target.equalsIgnoreCase(source)) {
            throw NewSchema.invalid(
                    "The names '" + target + "' and '" + source + "' do not tell table and source of a merge apart.",
                    "Give two different names.");
        }
        targetName = target;
        sourceName = source;
        return this;
    }

    /** Begins a clause about rows of the table that a source row matches. */
    public WhenMatched whenMatched() {
        return new WhenMatched(this, Optional.empty());
    }

    /** Begins a clause about rows of the table that a source row matches, if a condition holds for the two. */
    public WhenMatched whenMatched(String clauseCondition) {
        return new WhenMatched(this, Optional.of(clauseCondition));
    }

    /** Begins a clause about source rows that match no row of the table. */
    public WhenNotMatched whenNotMatched() {
        return new WhenNotMatched(this, Optional.empty());
    }

    /** Begins a clause about source rows that match no row of the table, if a condition about the source row holds. */
    public WhenNotMatched whenNotMatched(String clauseCondition) {
        return new WhenNotMatched(this, Optional.of(clauseCondition));
    }

    /** Begins a clause about rows of the table that no source row matches. */
    public WhenNotMatchedBySource whenNotMatchedBySource() {
        return new WhenNotMatchedBySource(this, Optional.empty());
    }

    /** Begins a clause about rows of the table that no source row matches, if a condition about the row holds. */
    public WhenNotMatchedBySource whenNotMatchedBySource(String clauseCondition) {
        return new WhenNotMatchedBySource(this, Optional.of(clauseCondition));
    }

    /** Adds columns to the table that the source has and the table lacks, if a clause takes them over. */
    public Merge withSchemaEvolution() {
        schemaEvolution = true;
        return this;
    }

    /** Commits in another way. */
    public Merge withCommit(CommitOptions other) {
        options = other;
        return this;
    }

    /**
     * Merges. The source query runs once. If no row changes, no version is made.
     *
     * @throws LakeException of the kind {@code MULTIPLE_MATCHES} if two source rows match one row of the table, unless all
     *     that can become of it is to be deleted; of the kind {@code CONFLICT} if another writer changed what this has read.
     *     The table is as before then
     */
    public ChangeResult execute() throws SQLException {
        checkClauses();
        return new MergeRun(table.edit("merge", options), this).run();
    }

    private void checkClauses() {
        if (clauses.isEmpty()) {
            throw NewSchema.invalid(
                    "The merge has no clause, so it would do nothing.",
                    "Say what becomes of rows, for example whenMatched().updateAll().");
        }
        for (Kind kind : Kind.values()) {
            List<Clause> same = clauses(kind);
            for (int i = 0; i + 1 < same.size(); i++) {
                if (same.get(i).condition().isEmpty()) {
                    throw NewSchema.invalid(
                            "Only the last '" + kind.sql() + "' clause of a merge can be without a condition.",
                            "Give the others conditions, or put this one last.");
                }
            }
        }
    }

    Connection duckdb() {
        return duckdb;
    }

    String query() {
        return query;
    }

    String condition() {
        return condition;
    }

    String targetName() {
        return targetName;
    }

    String sourceName() {
        return sourceName;
    }

    boolean evolvesSchema() {
        return schemaEvolution;
    }

    List<Clause> clauses(Kind kind) {
        return clauses.stream().filter(clause -> clause.kind() == kind).toList();
    }

    private Merge with(Kind kind, Optional<String> clauseCondition, Action action, Map<String, String> set) {
        clauses.add(new Clause(kind, clauseCondition, action, Map.copyOf(set)));
        return this;
    }

    /** Says what becomes of rows of the table that a source row matches. */
    public static final class WhenMatched {
        private final Merge merge;
        private final Optional<String> condition;

        WhenMatched(Merge merge, Optional<String> condition) {
            this.merge = merge;
            this.condition = condition;
        }

        /** Gives columns new values, which are SQL about both rows. */
        public Merge update(Map<String, String> set) {
            return merge.with(Kind.MATCHED, condition, Action.UPDATE, set);
        }

        /** Gives each column the value that the source has under the same name. */
        public Merge updateAll() {
            return merge.with(Kind.MATCHED, condition, Action.UPDATE_ALL, Map.of());
        }

        /** Deletes the row. */
        public Merge delete() {
            return merge.with(Kind.MATCHED, condition, Action.DELETE, Map.of());
        }
    }

    /** Says what becomes of source rows that match no row of the table. */
    public static final class WhenNotMatched {
        private final Merge merge;
        private final Optional<String> condition;

        WhenNotMatched(Merge merge, Optional<String> condition) {
            this.merge = merge;
            this.condition = condition;
        }

        /** Adds a row with these values, which are SQL about the source row; other columns are NULL. */
        public Merge insert(Map<String, String> values) {
            return merge.with(Kind.NOT_MATCHED, condition, Action.INSERT, values);
        }

        /** Adds the source row, column by column under the same name. */
        public Merge insertAll() {
            return merge.with(Kind.NOT_MATCHED, condition, Action.INSERT_ALL, Map.of());
        }
    }

    /** Says what becomes of rows of the table that no source row matches. */
    public static final class WhenNotMatchedBySource {
        private final Merge merge;
        private final Optional<String> condition;

        WhenNotMatchedBySource(Merge merge, Optional<String> condition) {
            this.merge = merge;
            this.condition = condition;
        }

        /** Gives columns new values, which are SQL about the row. */
        public Merge update(Map<String, String> set) {
            return merge.with(Kind.NOT_MATCHED_BY_SOURCE, condition, Action.UPDATE, set);
        }

        /** Deletes the row. */
        public Merge delete() {
            return merge.with(Kind.NOT_MATCHED_BY_SOURCE, condition, Action.DELETE, Map.of());
        }
    }
}
