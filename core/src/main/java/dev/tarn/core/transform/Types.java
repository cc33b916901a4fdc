package dev.tarn.core.transform;

import dev.tarn.core.source.Names;
import java.util.List;

/** One type for several columns. */
final class Types {

    private Types() {}

    /** The type that holds the values of all of them; that there is none is the parameter's fault. */
    static Type common(Call call, List<Column> columns, String parameter) {
        Column first = columns.get(0);
        Type type = first.type();
        for (Column column : columns) {
            Type before = type;
            type = type.common(column.type())
                    .orElseThrow(() -> call.bad(
                            parameter,
                            "columns " + Names.quoted(first.name()) + " (" + before + ") and "
                                    + Names.quoted(column.name()) + " (" + column.type() + ") have no common type",
                            "cast one of them in a step before, with cast_columns"));
        }
        return type;
    }

    static List<String> cast(Call call, List<Column> columns, Type type) {
        return columns.stream()
                .map(column -> cast(call, column, call.name(column), type))
                .toList();
    }

    static String cast(Call call, Column column, String value, Type type) {
        return type.isUnknown() || type.equals(column.type()) ? value : call.cast(value, type);
    }
}
