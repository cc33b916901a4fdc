package dev.tarn.lake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What becomes of rows for which a condition holds.
 *
 * @param number tells it from the others of the operation; from 1
 * @param condition SQL; empty for all rows
 * @param values SQL of the column's type by the column's name in lower case; empty to delete the row
 */
record RowClause(int number, Optional<String> condition, Optional<Map<String, String>> values) {
    boolean deletes() {
        return values.isEmpty();
    }

    Optional<String> value(DeltaField column) {
        return values.flatMap(all -> Optional.ofNullable(all.get(column.key())));
    }

    /** The number of the first clause that applies, or 0. */
    static String choice(List<RowClause> clauses) {
        return clauses.stream()
                .map(clause -> "WHEN " + clause.condition.orElse("true") + " THEN " + clause.number)
                .collect(Collectors.joining(" ", "CASE ", " ELSE 0 END"));
    }

    static String numbers(List<RowClause> clauses) {
        return clauses.stream().map(clause -> String.valueOf(clause.number)).collect(Collectors.joining(", "));
    }
}
