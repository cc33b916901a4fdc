package dev.tarn.it.delta;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the peers' Spark sessions are started with, of either version: much is done to tables of a few rows. */
final class PeerSettings {
    private static final String DELTA = "spark.databricks.delta.";

    private PeerSettings() {}

    /** All settings, with a folder for tables without a place of their own. */
    static Map<String, String> with(String warehouse) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.master", "local[2]");
        settings.put("spark.app.name", "tarn-it");
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.sql.warehouse.dir", warehouse);
        settings.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
        settings.put("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
        settings.put("spark.sql.session.timeZone", "UTC");
        settings.put("spark.sql.datetime.java8API.enabled", "true");
        settings.put("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
        settings.put("spark.sql.debug.maxToStringFields", "200");
        settings.put(DELTA + "retentionDurationCheck.enabled", "false");
        forFewRows(settings);
        forManyTables(settings);
        return Collections.unmodifiableMap(settings);
    }

    /** To generate and compile code takes longer than to go without for the rows of a test. */
    private static void forFewRows(Map<String, String> settings) {
        settings.put("spark.sql.shuffle.partitions", "1");
        settings.put(DELTA + "snapshotPartitions", "1");
        // Otherwise a vacuum lists the few folders by hundreds of tasks.
        settings.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", "1");
        settings.put("spark.sql.codegen.wholeStage", "false");
        settings.put("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        settings.put("spark.sql.adaptive.enabled", "false");
    }

    /** Else a session keeps the plans of a thousand queries and the state of each table that it ever saw. */
    private static void forManyTables(Map<String, String> settings) {
        settings.put("spark.ui.enabled", "false");
        settings.put("spark.ui.retainedJobs", "10");
        settings.put("spark.ui.retainedStages", "10");
        settings.put("spark.ui.retainedTasks", "100");
        settings.put("spark.sql.ui.retainedExecutions", "10");
        settings.put(DELTA + "delta.log.cacheSize", "20");
    }
}
