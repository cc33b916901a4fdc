package dev.tarn.core.transform;

import dev.tarn.core.source.Names;
import dev.tarn.core.transform.Type.Kind;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns values of one type into another, the same on every engine. */
final class Casts {

    private static final String DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
    private static final String TIME = "([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)?";
    private static final String OFFSET = "(Z|[+-][0-9]{2}:[0-9]{2})?";
    private static final String WHOLE = "[+-]?[0-9]+";
    private static final String NUMBER = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?Infinity|NaN";
    private static final String DECIMAL = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?";

    static final Pattern DATE = Pattern.compile(DAY);
    static final Pattern MOMENT = Pattern.compile(DAY + TIME + OFFSET);
    static final Pattern WALL_TIME = Pattern.compile(DAY + TIME);

    private Casts() {}

    static String cast(Call call, Column column, Argument.Scalar name) {
        Type target = target(call, name);
        Type source = column.type();
        String value = call.name(column);
        if (source.equals(target) || source.isUnknown()) {
            return source.isUnknown() ? call.cast(value, target) : value;
        }
        if (target.isText()) {
            return text(call, column, name);
        }
        if (source.isText()) {
            return parsed(call, column, target);
        }
        boolean numbers = (source.isNumber() && (target.isNumber() || target.kind() == Kind.BOOLEAN))
                || (source.kind() == Kind.BOOLEAN && target.isNumber());
        boolean times = source.isTime() && target.isTime();
        boolean nested = source.kind() == target.kind() && source.isNested();
        if (!numbers && !times && !nested) {
            throw call.bad(
                    name.span(),
                    "column " + Names.quoted(column.name()) + " is of type " + source + ", which cannot become "
                            + target,
                    Optional.of("what it should mean must be said: use derive_columns or SQL"));
        }
        return numbers ? number(call, value, source, target) : call.cast(value, target);
    }

    private static Type target(Call call, Argument.Scalar name) {
        String text = call.speakable(name).strip();
        Type type = Type.parse(text.equalsIgnoreCase("float") ? "double" : text, SqlDialect.SPARK);
        if (type.kind() == Kind.OTHER) {
            throw call.bad(
                    name.span(),
                    "unknown type " + Names.quoted(text),
                    Optional.of("types are boolean, int, bigint, double, decimal(p,s), string, date, timestamp,"
                            + " timestamp_ntz, array<...>, struct<...>, and some others"));
        }
        return type;
    }

    private static String text(Call call, Column column, Argument.Scalar name) {
        if (column.type().isNested() || column.type().kind() == Kind.BINARY) {
            throw call.bad(
                    name.span(),
                    "column " + Names.quoted(column.name()) + " is of type " + column.type() + ", which has no text",
                    Optional.of("take a part of it, or leave it as it is"));
        }
        return call.dialect().textOf(call.name(column), column.type());
    }

    private static String number(Call call, String value, Type source, Type target) {
        if (target.kind() == Kind.BOOLEAN) {
            return "(" + value + " <> 0)";
        }
        if (source.kind() == Kind.BOOLEAN) {
            return call.cast("CASE WHEN " + value + " THEN 1 WHEN NOT " + value + " THEN 0 END", target);
        }
        boolean duckdb = call.dialect() == SqlDialect.DUCKDB;
        if (duckdb && target.isInteger() && !source.isInteger()) {
            return call.cast("trunc(" + value + ")", target);
        }
        // By the shortest digits of the double: DuckDB would take its binary value, which may lie on the other side of
        // a tie.
        return duckdb && source.isFloating() && target.kind() == Kind.DECIMAL
                ? call.cast("CAST(" + value + " AS VARCHAR)", target)
                : call.cast(value, target);
    }

    private static String parsed(Call call, Column column, Type target) {
        String value = call.dialect().trim(call.name(column), call.literal(ValueTransformers.WHITE));
        if (target.isInteger()) {
            return guarded(call, column, value, WHOLE, call.cast(value, target), target);
        }
        if (target.isFloating() || target.kind() == Kind.DECIMAL) {
            String pattern = target.isFloating() ? NUMBER : DECIMAL;
            return guarded(call, column, value, pattern, call.cast(value, target), target);
        }
        return switch (target.kind()) {
            case BOOLEAN ->
                "CASE WHEN lower(" + value + ") IN ('true', 't', 'yes', 'y', '1') THEN true WHEN lower("
                        + value + ") IN ('false', 'f', 'no', 'n', '0') THEN false WHEN " + value
                        + " IS NOT NULL THEN " + failure(call, column, target) + " END";
            case DATE ->
                guarded(
                        call,
                        column,
                        value,
                        DAY + "([ T].*)?",
                        call.cast("substr(" + value + ", 1, 10)", target),
                        target);
            case TIMESTAMP -> guarded(call, column, value, DAY + TIME + OFFSET, call.cast(value, target), target);
            case TIMESTAMP_NTZ -> guarded(call, column, value, DAY + TIME, call.cast(value, target), target);
            default ->
                throw call.bad("casts", "a text cannot become " + target, "text that holds JSON is read by parse_json");
        };
    }

    private static String guarded(Call call, Column column, String value, String pattern, String result, Type target) {
        return "CASE WHEN " + call.dialect().matches(value, pattern) + " THEN " + result + " WHEN " + value
                + " IS NOT NULL THEN " + call.cast(failure(call, column, target), target) + " END";
    }

    private static String failure(Call call, Column column, Type target) {
        String before = "column " + Names.quoted(column.name()) + ": '";
        return call.dialect()
                .fail(call.literal(before) + " || " + call.name(column) + " || " + call.literal("' is no " + target));
    }
}
