package dev.tarn.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;

/** The same work by Spark with Delta, in a session that stays warm between the rounds ({@link Worker}). */
final class SparkWork {
    private SparkWork() {}

    /** Answers commands on standard input. */
    public static void main(String[] arguments) throws Exception {
        Path warehouse = Files.createTempDirectory("tarn-bench-spark");
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "4")
                .config("spark.log.level", "ERROR")
                .config("spark.sql.warehouse.dir", warehouse.toString())
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .getOrCreate();
        Worker.serve(command -> run(spark, command));
        spark.stop();
        Files.deleteIfExists(warehouse);
    }

    private static String run(SparkSession spark, List<String> command) {
        switch (command.get(0)) {
            case "merge" -> {
                spark.read().parquet(command.get(2)).createOrReplaceTempView("source");
                spark.sql("MERGE INTO delta.`" + command.get(1)
                        + "` AS target USING source ON target.id = source.id WHEN MATCHED THEN UPDATE SET *"
                        + " WHEN NOT MATCHED THEN INSERT *");
            }
            case "read" -> {
                DeltaLog.clearCache();
                return sum(spark, "delta.`" + command.get(1) + "`");
            }
            case "changes" -> {
                DeltaLog.clearCache();
                return sum(spark, "table_changes_by_path('" + command.get(1) + "', " + command.get(2) + ")");
            }
            case "optimize" -> {
                DeltaLog.clearCache();
                spark.sql("OPTIMIZE delta.`" + command.get(1) + "`");
            }
            case "load" -> {
                DeltaLog.clearCache();
                return "files "
                        + DeltaLog.forTable(spark, command.get(1))
                                .update(false, scala.Option.empty(), scala.Option.empty())
                                .numOfFiles();
            }
            default -> throw new IllegalArgumentException(command.toString());
        }
        return "";
    }

    private static String sum(SparkSession spark, String from) {
        return spark.sql("SELECT count(*), max(id), max(customer), max(amount), max(note), max(at), max(score) FROM "
                                + from)
                        .head()
                        .get(0)
                + " rows";
    }
}
