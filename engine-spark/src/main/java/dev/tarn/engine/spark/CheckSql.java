package dev.tarn.engine.spark;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.SqlText;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a rule as the SQL condition that its violations meet; the condition is never NULL. */
final class CheckSql {

    private CheckSql() {}

    /** The condition under which a row breaks the rule. {@code Unique} has none: it needs the other rows. */
    static SqlText violation(Check.OfRows check) {
        if (check instanceof Check.NotNull rule) {
            return SqlText.ours(rule.columns().stream()
                    .map(column -> Literal.name(column) + " IS NULL")
                    .collect(Collectors.joining(" OR ", "(", ")")));
        }
        if (check instanceof Check.AcceptedValues rule) {
            return notTrue(Literal.name(rule.column()) + " IN " + list(rule.values()));
        }
        if (check instanceof Check.Range rule) {
            return notTrue(range(rule));
        }
        if (check instanceof Check.RegexMatch rule) {
            return SqlText.ours("(NOT coalesce(CAST(" + Literal.name(rule.column()) + " AS STRING) RLIKE "
                    + Literal.text("^(?:" + rule.pattern().text() + ")") + ", true))");
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

    private static String list(List<Object> values) {
        return values.stream().map(Literal::value).collect(Collectors.joining(", ", "(", ")"));
    }

    /** NaN is above all numbers for Spark, so without an upper bound it needs a word of its own. */
    private static String range(Check.Range rule) {
        String column = Literal.name(rule.column());
        String lower = bound(column, ">=", rule.min());
        String upper = rule.max() == null && rule.min() instanceof Number
                ? "CAST(" + column + " AS DOUBLE) <= double('Infinity')"
                : bound(column, "<=", rule.max());
        return lower + " AND " + upper;
    }

    private static String bound(String column, String operator, @Nullable Object value) {
        return value == null ? column + " IS NOT NULL" : column + " " + operator + " " + Literal.value(value);
    }
}
