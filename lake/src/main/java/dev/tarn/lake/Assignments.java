package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads what a user sets columns to: values in the types of the columns, by the columns' names in one case. */
final class Assignments {
    private final String role;
    private final DeltaType.Struct schema;

    /** @param role for messages, such as {@code update} */
    Assignments(String role, DeltaType.Struct schema) {
        this.role = role;
        this.schema = schema;
    }

    /**
     * @param alias by which a column may be called
     * @param from the relation that the values are about, without rows
     */
    Map<String, String> parse(Connection duckdb, Map<String, String> set, String alias, String from)
            throws SQLException {
        if (set.isEmpty()) {
            throw NewSchema.invalid("The " + role + " sets no column.", "Give at least one column a value.");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> each : set.entrySet()) {
            DeltaField column = column(each.getKey(), alias);
            Expression value =
                    Expression.parse(duckdb, "value of column '" + column.name() + "' in the " + role, each.getValue());
            DeltaType type = value.type(duckdb, column.name(), from);
            if (values.put(column.key(), StoreAssignment.sql(column, value.sql(), type)) != null) {
                throw NewSchema.invalid("The " + role + " sets column '" + column.name() + "' twice.", "Set it once.");
            }
        }
        return values;
    }

    private DeltaField column(String name, String alias) {
        Optional<DeltaField> column = schema.field(name);
        boolean qualified = name.regionMatches(true, 0, alias + ".", 0, alias.length() + 1);
        if (column.isEmpty() && qualified) {
            column = schema.field(name.substring(alias.length() + 1));
        }
        return column.orElseThrow(() -> new LakeException(
                LakeException.Kind.SCHEMA_MISMATCH,
                "The " + role + " sets column '" + name + "', which is not in the table.",
                "It has '"
                        + String.join(
                                "', '",
                                schema.fields().stream().map(DeltaField::name).toList())
                        + "'."));
    }
}
