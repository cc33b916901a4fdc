package dev.tarn.engine.spark;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.fs.hadoop.LinkLogStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** The Spark that runs work: of this process, of a cluster, or the one that has started us. */
final class Cluster implements AutoCloseable {

    static final String MASTER = "spark.master";

    private @Nullable SparkSession session;

    /** The session of this process, which the first run starts. */
    synchronized SparkSession open(SessionSettings settings) {
        if (session == null) {
            Readiness.checkJava();
            Map<String, String> config = config(settings);
            String master = Objects.requireNonNull(config.get(MASTER));
            if (master.startsWith("spark:")) {
                MasterProbe.check(master);
            }
            session = ready(start(config, master));
        }
        return session;
    }

    private static SparkSession ready(SparkSession started) {
        try {
            Readiness.awaitExecutor(started.sparkContext());
            return started;
        } catch (FailureException e) {
            started.stop();
            throw e;
        }
    }

    private static SparkSession start(Map<String, String> config, String master) {
        try {
            SparkSession.Builder builder = SparkSession.builder();
            config.forEach(builder::config);
            return builder.getOrCreate();
        } catch (RuntimeException | LinkageError e) {
            throw new FailureException(new Failure(
                    ProblemCode.ENGINE_FAILED,
                    "Spark at '" + master + "' does not start: " + Failures.reason(e),
                    Optional.of("see 'spark' and 'performance.spark_config' of the project; --trace says more"),
                    Optional.empty(),
                    false,
                    e));
        }
    }

    /** Whether all of Spark is this process, so that what it keeps in memory cannot be lost alone. */
    boolean isLocal() {
        return session == null || session.sparkContext().isLocal();
    }

    /**
     * The settings to start with. What the process was started with (spark-submit) is left as it is, what the project says
     * wins over what suits a laptop.
     */
    private static Map<String, String> config(SessionSettings settings) {
        SparkConf given = new SparkConf();
        Map<String, String> config = new LinkedHashMap<>();
        String master = settings.settings().getOrDefault(MASTER, given.get(MASTER, "local[*]"));
        Defaults.of(master, settings.workFolder()).forEach((key, value) -> {
            if (!given.contains(key)) {
                config.put(key, value);
            }
        });
        config.putAll(settings.settings());
        config.put(MASTER, master);
        return config;
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.stop();
            session = null;
        }
    }

    /** What a session has that nobody gave settings. */
    private static final class Defaults {

        static Map<String, String> of(String master, Path workFolder) {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("spark.app.name", "tarn");
            settings.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
            settings.put("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
            // Delta's own for local paths loses commits of processes that write at the same time.
            settings.put(LinkLogStore.SETTING, LinkLogStore.class.getName());
            settings.put("spark.sql.session.timeZone", "UTC");
            // A session needs no tables of its own; the standard folder would be made where the user happens to be.
            settings.put(
                    "spark.sql.warehouse.dir",
                    workFolder.resolve("warehouse").toUri().toString());
            settings.put("spark.ui.enabled", "false");
            settings.put("spark.ui.showConsoleProgress", "false");
            if (master.startsWith("local") || master.matches("spark://(127\\.0\\.0\\.1|localhost|\\[::1]):.*")) {
                settings.put("spark.driver.host", "127.0.0.1");
                settings.put("spark.driver.bindAddress", "127.0.0.1");
                // A cluster on this machine has no more cores than it.
                settings.put("spark.sql.shuffle.partitions", "2");
                settings.put("spark.databricks.delta.snapshotPartitions", "2");
            }
            if (master.startsWith("local")) {
                settings.put("spark.local.dir", workFolder.resolve("spark").toString());
            }
            return settings;
        }
    }
}
