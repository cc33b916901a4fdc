package dev.tarn.it.delta;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Spark with Delta, the reference: its SQL for what it has SQL for. Its code runs with Spark 3.5 and Scala 2.12, too, but for
 * checkpoints and transactions ({@link Spark35Process}).
 */
record SparkPeer(SparkSession spark) implements Peer {

    @Override
    public String name() {
        return "Spark";
    }

    static String table(Path table) {
        return "delta.`" + table + "`";
    }

    @Override
    public Rows read(Path table) {
        return rows(spark.read().format("delta").load(table.toString()));
    }

    @Override
    public Rows read(Path table, long version) {
        return rows(spark.read().format("delta").option("versionAsOf", version).load(table.toString()));
    }

    @Override
    public Rows readAsOf(Path table, Instant time) {
        return rows(spark.read()
                .format("delta")
                .option("timestampAsOf", time.toString())
                .load(table.toString()));
    }

    @Override
    public Rows changes(Path table, long from, long to) {
        Dataset<Row> feed = spark.read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", from)
                .option("endingVersion", to)
                .load(table.toString())
                .drop("_commit_timestamp");
        return Rows.byName(List.of(feed.columns()), values(feed));
    }

    static Rows rows(Dataset<Row> data) {
        List<String> columns = Arrays.stream(data.schema().fields())
                .map(field -> field.name() + " " + field.dataType().catalogString())
                .toList();
        return Rows.of(columns, values(data));
    }

    private static List<List<@Nullable Object>> values(Dataset<Row> data) {
        return data.collectAsList().stream().map(SparkPeer::values).toList();
    }

    private static List<@Nullable Object> values(Row row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(plain(row.get(i)));
        }
        return values;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Row row) {
            StructType type = row.schema();
            List<String> names =
                    Arrays.stream(type.fields()).map(StructField::name).toList();
            return new Values.Struct(names, values(row));
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            List<@Nullable Object> keys = new ArrayList<>();
            List<@Nullable Object> entries = new ArrayList<>();
            for (scala.collection.Iterator<?> each = map.iterator(); each.hasNext(); ) {
                scala.Tuple2<?, ?> entry = (scala.Tuple2<?, ?>) each.next();
                keys.add(plain(entry._1()));
                entries.add(plain(entry._2()));
            }
            return new Values.Entries(keys, entries);
        }
        if (value instanceof scala.collection.Seq<?> list) {
            List<@Nullable Object> plain = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                plain.add(plain(list.apply(i)));
            }
            return plain;
        }
        if (value != null && value.getClass().getSimpleName().equals("VariantVal")) {
            // A class that Spark 3.5 has not; its text is the JSON.
            return value.toString();
        }
        return value instanceof scala.math.BigDecimal decimal ? new BigDecimal(decimal.toString()) : value;
    }

    private Dataset<Row> load(Source source) {
        return spark.read().parquet(source.parquet().toString());
    }

    private DataFrameWriter<Row> write(Source source, String mode) {
        return load(source).write().format("delta").mode(mode);
    }

    @Override
    public void create(Path table, Source source, List<String> partitionBy, Map<String, String> properties) {
        String columns = Arrays.stream(load(source).schema().fields())
                .map(field -> "`" + field.name().replace("`", "``") + "` "
                        + field.dataType().sql())
                .collect(Collectors.joining(", "));
        String partitions = partitionBy.isEmpty() ? "" : " PARTITIONED BY (" + String.join(", ", partitionBy) + ")";
        String given = properties.entrySet().stream()
                .map(each -> "'" + each.getKey() + "' = '" + each.getValue() + "'")
                .collect(Collectors.joining(", "));
        spark.sql("CREATE TABLE " + table(table) + " (" + columns + ") USING delta" + partitions
                + (given.isEmpty() ? "" : " TBLPROPERTIES (" + given + ")"));
    }

    @Override
    public void append(Path table, Source source) {
        write(source, "append").save(table.toString());
    }

    @Override
    public void appendMergingSchema(Path table, Source source) {
        write(source, "append").option("mergeSchema", "true").save(table.toString());
    }

    @Override
    public void overwrite(Path table, Source source) {
        write(source, "overwrite").save(table.toString());
    }

    @Override
    public void overwritePartitions(Path table, Source source) {
        write(source, "overwrite").option("partitionOverwriteMode", "dynamic").save(table.toString());
    }

    @Override
    public void replaceWhere(Path table, Source source, String condition) {
        write(source, "overwrite").option("replaceWhere", condition).save(table.toString());
    }

    @Override
    public void delete(Path table, String where) {
        spark.sql("DELETE FROM " + table(table) + " WHERE " + where);
    }

    @Override
    public void update(Path table, Map<String, String> set, String where) {
        String sets = set.entrySet().stream()
                .map(each -> each.getKey() + " = " + each.getValue())
                .collect(Collectors.joining(", "));
        spark.sql("UPDATE " + table(table) + " SET " + sets + " WHERE " + where);
    }

    @Override
    public void merge(Path table, Source source, Merge merge) {
        load(source).createOrReplaceTempView("source");
        spark.sql(merge.sql(table(table)));
    }

    @Override
    public void alter(Path table, Alteration alteration) {
        spark.sql(alteration.sql().replace("$T", table(table)));
    }

    @Override
    public void checkpoint(Path table) {
        org.apache.spark.sql.delta.DeltaLog log = org.apache.spark.sql.delta.DeltaLog.forTable(spark, table.toString());
        log.checkpoint(log.update(false, scala.Option.empty(), scala.Option.empty()), scala.Option.empty());
    }

    @Override
    public void appendOnce(Path table, Source source, String application, long version) {
        write(source, "append")
                .option("txnAppId", application)
                .option("txnVersion", version)
                .save(table.toString());
    }

    @Override
    public long lastTransaction(Path table, String application) {
        org.apache.spark.sql.delta.DeltaLog log = org.apache.spark.sql.delta.DeltaLog.forTable(spark, table.toString());
        Map<String, Object> versions = new LinkedHashMap<>();
        CollectionConverters.asJava(log.update(false, scala.Option.empty(), scala.Option.empty())
                        .transactions())
                .forEach(versions::put);
        return Optional.ofNullable(versions.get(application))
                .map(each -> ((Number) each).longValue())
                .orElse(-1L);
    }

    @Override
    public Map<String, Object> newestHistory(Path table) {
        Row row = spark.sql("DESCRIBE HISTORY " + table(table) + " LIMIT 1").first();
        Map<String, Object> history = new LinkedHashMap<>();
        history.put("operation", row.getAs("operation"));
        history.put("operationParameters", row.getJavaMap(row.fieldIndex("operationParameters")));
        Map<Object, Object> metrics = row.getJavaMap(row.fieldIndex("operationMetrics"));
        history.put("operationMetrics", metrics == null ? Map.of() : metrics);
        return history;
    }
}
