package dev.tarn.engine.spark;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.ProblemCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Fits rows to the schema of the table that takes them. What does not fit is found before anything is written: Delta itself
 * would say so too, but only after the rows that a node rejects are stored already.
 */
final class SchemaFit {

    private final Write target;
    private final StructType table;

    SchemaFit(Write target, StructType table) {
        this.target = target;
        this.table = table;
    }

    /** The rows with the table's types, where theirs are narrower. */
    Dataset<Row> fit(Dataset<Row> rows) {
        List<Column> columns = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        boolean same = true;
        for (StructField field : rows.schema().fields()) {
            Optional<StructField> stored = stored(field.name());
            if (stored.isEmpty()) {
                unknown.add(field.name());
                columns.add(rows.col(Literal.name(field.name())));
            } else {
                same &= field.dataType().equals(stored.get().dataType());
                columns.add(fitted(rows, field, stored.get()));
            }
        }
        if (!unknown.isEmpty() && !target.mergeSchema()) {
            throw mismatch(
                    "the table has no column '" + String.join("', '", unknown) + "'",
                    "merge_schema: true adds it; overwrite_schema: true with mode overwrite replaces the schema");
        }
        return same ? rows : rows.select(columns.toArray(Column[]::new));
    }

    private Optional<StructField> stored(String name) {
        return Arrays.stream(table.fields())
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst();
    }

    private Column fitted(Dataset<Row> rows, StructField field, StructField stored) {
        Column column = rows.col(Literal.name(field.name()));
        DataType from = field.dataType();
        DataType to = stored.dataType();
        // Delta compares nested types by itself, part by part.
        if (from.equals(to) || (isNested(from) && isNested(to))) {
            return column;
        }
        if (!Cast.canUpCast(from, to)) {
            throw mismatch(
                    "column '" + field.name() + "' is " + from.sql() + ", and " + to.sql() + " in the table",
                    "cast it in SQL: CAST(" + field.name() + " AS " + to.sql() + ")");
        }
        return column.cast(to).as(field.name());
    }

    private static boolean isNested(DataType type) {
        return type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
    }

    private FailureException mismatch(String message, String help) {
        return new FailureException(new Failure(
                ProblemCode.SCHEMA_MISMATCH,
                "'" + target.location() + "': " + message,
                Optional.of(help),
                Optional.of(target.location().span()),
                false,
                null));
    }
}
