package dev.tarn.it.delta;

import dev.tarn.fs.hadoop.LinkLogStore;
import dev.tarn.it.delta.Rival.Deed;
import java.util.ConcurrentModificationException;
import java.util.Random;
import org.apache.spark.sql.SparkSession;

/**
 * A {@link Rival} that is Spark, of 4.1 or 3.5, and commits through our log store.
 *
 * <p>Arguments: the table's path, the number of the process, seconds to run, a seed, a folder for Spark. It prints "ready",
 * begins when its input ends, and prints what it did as a {@link Rival} does, without the versions.
 */
final class SparkRival {
    /** Stands for the version, which Spark's SQL does not tell. */
    static final String SOME_VERSION = "some";

    /** On a machine with much to do, the time is over before Spark has warmed up. */
    private static final int LEAST_COMMITS = 4;

    private SparkRival() {}

    public static void main(String[] arguments) throws Exception {
        String table = SparkPeer.table(java.nio.file.Path.of(arguments[0]));
        int process = Integer.parseInt(arguments[1]);
        SparkSession spark = session(arguments[4]);
        spark.sql("SELECT count(*) FROM " + table).collectAsList();
        System.out.println("ready");
        System.in.readAllBytes();
        long end = System.nanoTime() + Long.parseLong(arguments[2]) * 1_000_000_000L;
        Random random = new Random(Long.parseLong(arguments[3]) + process);
        int conflicts = 0;
        int commits = 0;
        for (int number = 0; System.nanoTime() < end || commits < LEAST_COMMITS; number++) {
            Deed deed = Deed.apart(process, number, random);
            try {
                run(deed, spark, table);
                System.out.println(SOME_VERSION + " " + deed.text());
                commits++;
            } catch (ConcurrentModificationException conflict) {
                if (deed.kind().equals("append")) {
                    throw conflict;
                }
                conflicts++;
            }
        }
        System.out.println("conflicts " + conflicts);
        spark.stop();
    }

    private static SparkSession session(String folder) {
        return SparkSession.builder()
                .master("local[1]")
                .appName("rival")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.local.dir", folder)
                .config("spark.sql.shuffle.partitions", "1")
                .config("spark.databricks.delta.snapshotPartitions", "1")
                .config("spark.sql.warehouse.dir", folder + "/warehouse")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config(LinkLogStore.SETTING, LinkLogStore.class.getName())
                .getOrCreate();
    }

    private static void run(Deed deed, SparkSession spark, String table) {
        spark.conf().set("spark.databricks.delta.commitInfo.userMetadata", deed.text());
        if (deed.kind().equals("append")) {
            spark.sql("INSERT INTO " + table + " " + deed.sparkRows());
        } else {
            // The constant partition tells Delta that commits to other partitions are no conflict.
            spark.sql("MERGE INTO " + table + " AS target USING (" + deed.sparkRows() + ") AS source ON target.p = "
                    + deed.partition()
                    + " AND target.id = source.id WHEN MATCHED THEN UPDATE SET v = target.v + source.v"
                    + " WHEN NOT MATCHED THEN INSERT *");
        }
    }
}
