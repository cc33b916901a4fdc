package dev.tarn.core.transform;

import dev.tarn.core.source.Names;
import dev.tarn.core.transform.Type.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Aggregates whose type does not depend on the engine. */
final class Aggregates {

    static final List<String> FUNCTIONS = List.of("sum", "avg", "min", "max", "count", "first");

    static final String NOTES =
            "`sum` of whole numbers is a `bigint`, of a `decimal(p,s)` a `decimal(p+10,s)`; `avg` is a `double`; `count`"
                    + " counts what is not NULL. As rows of a table have no order, `first` is the smallest value:"
                    + " `deduplicate` keeps a first row.";

    private static final Pattern CALL =
            Pattern.compile("(?s)\\s*(?<name>[A-Za-z_][A-Za-z0-9_]*)\\s*\\((?<inside>.*)\\)\\s*");

    private Aggregates() {}

    static String function(Call call, Argument.Scalar name) {
        if (FUNCTIONS.contains(name.string())) {
            return name.string();
        }
        throw call.bad(
                name.span(),
                "unknown function " + Names.quoted(name.string()),
                Names.didYouMean(name.string(), FUNCTIONS)
                        .or(() -> Optional.of("allowed: " + String.join(", ", FUNCTIONS))));
    }

    /** @param value what is aggregated, of the column's type */
    static String of(Call call, String function, String value, Column column, String parameter) {
        Type type = column.type();
        boolean adds = function.equals("sum") || function.equals("avg");
        if (adds && !type.isNumber() && !type.isUnknown()) {
            throw call.bad(
                    parameter,
                    function + " needs numbers; column " + Names.quoted(column.name()) + " is of type " + type,
                    "cast it in a step before, with cast_columns");
        }
        return switch (function) {
            case "sum" -> sum(call, "sum(" + value + ")", type);
            case "avg" ->
                type.kind() == Kind.DECIMAL
                        ? "(CAST(sum(" + value + ") AS DOUBLE) / nullif(count(" + value + "), 0))"
                        : "avg(CAST(" + value + " AS DOUBLE))";
            case "first" -> "min(" + value + ")";
            default -> function + "(" + value + ")";
        };
    }

    private static String sum(Call call, String sum, Type type) {
        if (type.isInteger()) {
            return call.cast(sum, Type.BIGINT);
        }
        return type.kind() == Kind.DECIMAL
                ? call.cast(sum, Type.decimal(Math.min(38, type.precision() + 10), type.scale()))
                : call.cast(sum, type.isUnknown() ? Type.BIGINT : Type.DOUBLE);
    }

    /** The user's window function over a window. */
    static String over(Call call, String window) {
        Matcher parts = CALL.matcher(call.raw("function").text());
        if (!parts.matches() || !isOne(parts.group("inside"))) {
            throw call.bad("function", "not a call of one function", "write it as in: sum(amount)");
        }
        String function = parts.group("name").toLowerCase(Locale.ROOT);
        String over = call.raw(call.raw("function")) + "\nOVER (" + window.strip() + ")";
        Type type = call.find(parts.group("inside").strip()).map(Column::type).orElse(Type.UNKNOWN);
        return switch (function) {
            case "rank", "dense_rank", "row_number", "ntile" -> call.cast(over, Type.INT);
            case "count" -> call.cast(over, Type.BIGINT);
            case "sum" -> type.isUnknown() ? over : sum(call, over, type);
            case "avg" -> type.kind() == Kind.DECIMAL ? average(call, parts.group("inside"), window) : over;
            default -> over;
        };
    }

    /** Spark would round a decimal's average to four more digits, DuckDB makes a double of it. */
    private static String average(Call call, String column, String window) {
        String value = call.find(column.strip()).map(call::name).orElse(column);
        return "(CAST(sum(" + value + ") OVER (" + window + ") AS DOUBLE) / nullif(count(" + value + ") OVER (" + window
                + "), 0))";
    }

    /** Whether what is between the brackets does not close them. */
    private static boolean isOne(String inside) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < inside.length() && depth >= 0; i++) {
            char c = inside.charAt(i);
            quoted ^= c == '\'';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return depth == 0 && !quoted;
    }
}
