package dev.tarn.core.engine;

import dev.tarn.core.check.Check;
import dev.tarn.core.transform.SqlDialect;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a rule as the SQL condition that its violations meet; the condition is never NULL. */
final class BrokenRule {

    private final SqlDialect dialect;

    private BrokenRule(SqlDialect dialect) {
        this.dialect = dialect;
    }

    /** The condition under which a row breaks the rule. {@code Unique} has none: it needs the other rows. */
    static SqlText of(Check.OfRows check, SqlDialect dialect) {
        return new BrokenRule(dialect).condition(check);
    }

    private SqlText condition(Check.OfRows check) {
        if (check instanceof Check.NotNull rule) {
            return SqlText.ours(rule.columns().stream()
                    .map(column -> dialect.name(column) + " IS NULL")
                    .collect(Collectors.joining(" OR ", "(", ")")));
        }
        if (check instanceof Check.AcceptedValues rule) {
            return notTrue(dialect.name(rule.column()) + " IN " + list(rule.values()));
        }
        if (check instanceof Check.Range rule) {
            return notTrue(range(rule));
        }
        if (check instanceof Check.RegexMatch rule) {
            return SqlText.ours("(NOT coalesce("
                    + dialect.begins(dialect.name(rule.column()), rule.pattern().text()) + ", true))");
        }
        if (check instanceof Check.CustomSql rule) {
            return new SqlText.Builder()
                    .add("((")
                    .add(rule.condition(), rule.condition().text().length())
                    .add("\n) IS NOT TRUE)")
                    .build();
        }
        throw new IllegalStateException("no condition for " + check);
    }

    private static SqlText notTrue(String condition) {
        return SqlText.ours("((" + condition + ") IS NOT TRUE)");
    }

    private String list(List<Object> values) {
        return values.stream().map(dialect::value).collect(Collectors.joining(", ", "(", ")"));
    }

    /** NaN is above all numbers for the engines, so without an upper bound it needs a word of its own. */
    private String range(Check.Range rule) {
        String column = dialect.name(rule.column());
        String lower = bound(column, ">=", rule.min());
        String upper = rule.max() == null && isNumber(rule.min())
                ? "CAST(" + column + " AS DOUBLE) <= " + dialect.value(Double.POSITIVE_INFINITY)
                : bound(column, "<=", rule.max());
        return lower + " AND " + upper;
    }

    private static boolean isNumber(@Nullable Object value) {
        return value instanceof Number;
    }

    private String bound(String column, String operator, @Nullable Object value) {
        return value == null ? column + " IS NOT NULL" : column + " " + operator + " " + dialect.value(value);
    }
}
