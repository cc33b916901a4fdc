package dev.tarn.lake;

import dev.tarn.lake.DeltaType.Primitive;
import java.util.List;

/**
 * Puts a value into a column as Spark's store assignment does: what loses nothing fits; a number may become a narrower one,
 * which fails for a value out of its range; nothing is parsed, and nothing becomes NULL.
 */
final class StoreAssignment {
    private StoreAssignment() {}

    /** The value in the column's type; refuses a type of which that cannot be made. */
    static String sql(DeltaField column, String value, DeltaType type) {
        if (!isNarrowerNumber(column.type(), type)) {
            DeltaField given = new DeltaField(column.name(), type);
            new SchemaFit(false, ColumnMapping.NONE)
                    .fit(new DeltaType.Struct(List.of(column)), new DeltaType.Struct(List.of(given)));
        }
        return "CAST(" + asWritten(column.type(), value, type) + " AS "
                + column.type().duckSql() + ")";
    }

    /** DuckDB rounds 1.005 * 100, which is 100.49999999999999, to 1.00; Spark rounds the decimal that is written, to 1.01. */
    private static String asWritten(DeltaType to, String value, DeltaType from) {
        boolean rounds = to instanceof DeltaType.Decimal && (from == Primitive.FLOAT || from == Primitive.DOUBLE);
        return rounds ? "CAST(CAST(" + value + " AS DOUBLE) AS VARCHAR)" : value;
    }

    private static boolean isNarrowerNumber(DeltaType to, DeltaType from) {
        // DuckDB would round where Spark cuts, so a fraction becomes an integer only by the user's own cast.
        return isInteger(to) ? isWhole(from) : isFraction(to) && (isWhole(from) || isFraction(from));
    }

    private static boolean isWhole(DeltaType type) {
        return isInteger(type) || (type instanceof DeltaType.Decimal decimal && decimal.scale() == 0);
    }

    private static boolean isInteger(DeltaType type) {
        return type == Primitive.BYTE || type == Primitive.SHORT || type == Primitive.INTEGER || type == Primitive.LONG;
    }

    private static boolean isFraction(DeltaType type) {
        return type == Primitive.FLOAT || type == Primitive.DOUBLE || type instanceof DeltaType.Decimal;
    }
}
