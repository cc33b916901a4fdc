package dev.tarn.core.check;

import dev.tarn.core.source.Counted;

/**
 * What a check found.
 *
 * @param violations rows that break the rule; 0 for a check that is not of rows
 * @param rows rows looked at
 */
public record CheckResult(Check check, Status status, long violations, long rows) {

    /** How a check ended. */
    public enum Status {
        PASSED,
        WARNED,
        QUARANTINED,
        FAILED
    }

    /** Judges a check by what was counted. */
    public static CheckResult of(Check check, long violations, long rows) {
        return new CheckResult(check, holds(check, violations, rows) ? Status.PASSED : broken(check), violations, rows);
    }

    /** What was found, for a failure: {@code not_null_origin: 3 of 20 rows break the rule: 'origin' must not be NULL}. */
    public String sentence() {
        return check instanceof Check.RowCount
                ? check.name() + ": " + check.rule() + ", and is " + rows
                : check.name() + ": " + Counted.part(violations, rows, "break") + " the rule: " + check.rule();
    }

    private static boolean holds(Check check, long violations, long rows) {
        if (check instanceof Check.RowCount count) {
            return rows >= count.min().orElse(0) && rows <= count.max().orElse(Long.MAX_VALUE);
        }
        if (check instanceof Check.CustomSql sql && !sql.quarantines()) {
            return violations <= sql.threshold() * rows;
        }
        return violations == 0;
    }

    private static Status broken(Check check) {
        return switch (check.onFail()) {
            case FAIL -> Status.FAILED;
            case WARN -> Status.WARNED;
            case QUARANTINE -> Status.QUARANTINED;
        };
    }
}
