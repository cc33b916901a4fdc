package dev.tarn.engine.spark;

import dev.tarn.core.engine.Column;
import dev.tarn.core.engine.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Takes a few rows to be looked at. */
final class Samples {

    /** A sample is for people: of a longer text they see that it is long. */
    private static final int LONGEST_SHOWN = 200;

    private Samples() {}

    static List<Column> columns(StructType schema) {
        return Arrays.stream(schema.fields())
                .map(field -> new Column(field.name(), field.dataType().sql()))
                .toList();
    }

    static Sample of(Dataset<Row> rows, int count) {
        StructType schema = rows.schema();
        if (count == 0 || schema.isEmpty()) {
            return new Sample(columns(schema), List.of());
        }
        // By place and not by name: two columns of a join may have the same.
        String[] places = new String[schema.size()];
        Arrays.setAll(places, i -> "_" + i);
        Dataset<Row> placed = rows.limit(count).toDF(places);
        org.apache.spark.sql.Column[] texts = new org.apache.spark.sql.Column[places.length];
        Arrays.setAll(texts, i -> text(placed.col(places[i]), schema.fields()[i]));
        List<List<Optional<String>>> values = placed.select(texts).collectAsList().stream()
                .map(Samples::shown)
                .toList();
        return new Sample(columns(schema), values);
    }

    private static org.apache.spark.sql.Column text(org.apache.spark.sql.Column column, StructField field) {
        return field.dataType().equals(DataTypes.BinaryType)
                ? functions.hex(column)
                : column.cast(DataTypes.StringType);
    }

    private static List<Optional<String>> shown(Row row) {
        List<Optional<String>> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(Optional.ofNullable(row.getString(i))
                    .map(text -> text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…"));
        }
        return values;
    }
}
