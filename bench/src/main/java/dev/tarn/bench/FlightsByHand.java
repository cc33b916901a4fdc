package dev.tarn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The flights example as a person would write it in Spark's Java API: the same SQL, checks and Delta tables, no story. */
final class FlightsByHand {

    private final SparkSession spark = SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.log.level", "ERROR")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.timestampType", "TIMESTAMP_NTZ")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.databricks.delta.snapshotPartitions", "2")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .getOrCreate();

    private final Path project;
    private final Path flights;

    FlightsByHand(Path project, Path flights) {
        this.project = project;
        this.flights = flights;
    }

    /** Gives how many rows were set aside. */
    String run() throws IOException {
        write(spark.read().parquet(flights.toString()), "bronze/flights");
        write(
                spark.read()
                        .option("multiLine", "true")
                        .json(project.resolve("data/flights-late.json").toString()),
                "bronze/late_reports");
        write(
                spark.read()
                        .option("header", "true")
                        .option("inferSchema", "true")
                        .csv(project.resolve("data/airports.csv").toString()),
                "bronze/airports");
        long rejected = airports() + flights();
        read("silver/airports").createOrReplaceTempView("airports");
        read("silver/flights").createOrReplaceTempView("flights");
        write(sql("delays_by_airport"), "gold/delays_by_airport");
        write(
                spark.sql("select cast(departed_at as date) as flight_date, count(*) as flights, sum(case when"
                        + " delay_minutes > 15 then 1 else 0 end) as late_flights, avg(delay_minutes) as"
                        + " average_delay_minutes from flights group by cast(departed_at as date)"),
                "gold/delays_by_day");
        writer(spark.sql(
                        "select origin_state, destination_state, count(*) as flights, sum(distance_miles) as miles from"
                                + " flights group by origin_state, destination_state"))
                .partitionBy("origin_state")
                .save(path("gold/routes_by_state"));
        return rejected + " rejected";
    }

    private long airports() {
        read("bronze/airports").createOrReplaceTempView("df");
        Dataset<Row> rows = spark.sql("select iata as airport, trim(name) as airport_name, trim(city) as city,"
                        + " trim(state) as state, trim(country) as country, cast(latitude as double) as latitude,"
                        + " cast(longitude as double) as longitude from df")
                .withColumn("b1", functions.expr("not coalesce(state rlike '^[A-Z]{2}$', true)"))
                .withColumn("b2", functions.expr("not coalesce(state <> 'NA', true)"))
                .cache();
        try {
            if (!rows.groupBy("airport").count().where("count > 1").isEmpty()) {
                throw new IllegalStateException("airports are not unique");
            }
            return split(rows, "airports", "b1", "b2");
        } finally {
            rows.unpersist();
        }
    }

    private long flights() throws IOException {
        read("bronze/flights").createOrReplaceTempView("flights");
        read("bronze/late_reports").createOrReplaceTempView("late_reports");
        read("silver/airports").createOrReplaceTempView("airports");
        sql("all_flights").createOrReplaceTempView("df");
        Dataset<Row> rows = sql("with_airports")
                .withColumn("b1", functions.expr("departed_at is null or origin is null or destination is null"))
                .withColumn("b2", functions.expr("not coalesce(delay_minutes between -60 and 1440, false)"))
                .withColumn("b3", functions.expr("origin_state is null or destination_state is null"))
                .withColumn("b4", functions.expr("not coalesce(origin <> destination, false)"))
                .cache();
        try {
            rows.selectExpr("count(*)", "count_if(b1)", "count_if(b2)", "count_if(b3)", "count_if(b4)")
                    .head();
            return split(rows, "flights", "b1", "b2", "b3");
        } finally {
            rows.unpersist();
        }
    }

    /** Writes the good rows and, with the names of the rules that they break, the others. */
    private long split(Dataset<Row> rows, String name, String... rules) {
        Column broken =
                Arrays.stream(rules).map(functions::col).reduce(Column::or).orElseThrow();
        Column names = functions.concat_ws(
                ", ",
                Arrays.stream(rules)
                        .map(rule -> functions.when(functions.col(rule), rule))
                        .toArray(Column[]::new));
        Dataset<Row> rejected = rows.where(broken)
                .withColumn("_failed_tests", names)
                .withColumn("_rejected_at", functions.current_timestamp())
                .drop("b1", "b2", "b3", "b4");
        write(rejected, "quarantine/" + name);
        write(rows.where(functions.not(broken)).drop("b1", "b2", "b3", "b4"), "silver/" + name);
        return rejected.count();
    }

    private Dataset<Row> sql(String name) throws IOException {
        return spark.sql(Files.readString(project.resolve("sql/" + name + ".sql")));
    }

    private Dataset<Row> read(String table) {
        return spark.read().format("delta").load(path(table));
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows) {
        return rows.write().format("delta").mode("overwrite");
    }

    private void write(Dataset<Row> rows, String table) {
        writer(rows).save(path(table));
    }

    private String path(String table) {
        return project.resolve("lake").resolve(table).toString();
    }
}
