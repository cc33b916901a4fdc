package dev.tarn.core.project;

import java.util.Set;

/**
 * Where rejected rows go. Its mode follows the node's write: overwritten with an overwrite, appended to with an append,
 * so that a second run gives the same tables.
 *
 * @param write the target; format Delta for a table, Parquet for a path
 * @param columns what is added to each rejected row
 */
public record Quarantine(Write write, Set<RejectionColumn> columns) {

    public Quarantine {
        columns = Set.copyOf(columns);
    }

    /** A column that says why and when a row was rejected. */
    public enum RejectionColumn {
        /** Text: what is wrong with the row, one sentence a failed check. */
        REJECTION_REASON,
        /** Timestamp of the run's start. */
        REJECTED_AT,
        /** The run's id. */
        SOURCE_BATCH_ID,
        /** Names of the failed checks, separated by commas. */
        FAILED_TESTS,
        /** The node's name. */
        ORIGINAL_NODE;

        /** The key in {@code add_columns}. */
        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** The column's name in the quarantine table. */
        public String column() {
            return "_" + id();
        }
    }
}
