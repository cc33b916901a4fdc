package dev.tarn.engine.spark;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.source.ProblemCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext;
import org.apache.spark.network.util.JavaUtils;

/** Finds what would make Spark fail late and in its own words, or wait without an end. */
final class Readiness {

    /** The version that this engine is compiled for. */
    private static final String VERSION = "4.1";

    /** Spark's setting for how long it waits for executors before it gives out work, and its default. */
    private static final String PATIENCE = "spark.scheduler.maxRegisteredResourcesWaitingTime";

    private static final String MEMORY = "spark.executor.memory";

    private Readiness() {}

    /** Before a session is started. */
    static void checkJava() {
        for (String opened : List.of("java.nio", "java.util", "java.lang", "java.lang.invoke", "sun.nio.ch")) {
            if (!Object.class.getModule().isOpen(opened, Readiness.class.getModule())) {
                throw refusal(
                        "this Java was started without an option that Spark needs: --add-opens=java.base/" + opened
                                + "=ALL-UNNAMED",
                        "start it by 'tarn run' or spark-submit, which give all that are needed");
            }
        }
    }

    /** Before any other class of Spark is used: with another Scala, Java would say which method is missing. */
    static void checkVersion() {
        String found;
        try {
            found = org.apache.spark.package$.MODULE$.SPARK_VERSION();
        } catch (LinkageError e) {
            throw refusal("Spark's jars are not there, or not whole: " + e, "run it by spark-submit, which has them");
        }
        if (!found.startsWith(VERSION + ".")) {
            throw refusal(
                    "this is Tarn's engine for Spark " + VERSION + ", and here is Spark " + found,
                    "run it on Spark " + VERSION + ", or take the Tarn that is made for this Spark");
        }
    }

    /** After a session of a standalone cluster is started: without a worker that has room, it would wait for ever. */
    static void awaitExecutor(SparkContext context) {
        boolean later = context.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
        if (!context.master().startsWith("spark:") || later) {
            return;
        }
        String patience = context.getConf().get(PATIENCE, "30s");
        long start = System.nanoTime();
        long deadline = start + TimeUnit.MILLISECONDS.toNanos(JavaUtils.timeStringAsMs(patience));
        // A cluster that has just been started gets its workers one by one.
        long all = start + TimeUnit.SECONDS.toNanos(2);
        boolean asked = false;
        // The driver itself is one of them.
        while (context.statusTracker().getExecutorInfos().length < 2) {
            if (context.isStopped()) {
                throw new FailureException(
                        Failure.lasting(ProblemCode.INTERRUPTED, "Spark was stopped", Optional.empty()));
            }
            if (System.nanoTime() > all && !asked) {
                asked = true;
                refuseWhatIsTooLarge(context);
            }
            if (System.nanoTime() > deadline) {
                throw refusal(
                        "no worker of '" + context.master() + "' has given an executor of "
                                + context.getConf().get(MEMORY, "1g") + " within " + patience
                                + Workers.of(context).map(Workers::reason).orElse(""),
                        "give the workers more memory or the executors less (performance: {spark_config:"
                                + " {spark.executor.memory: 512m}}), or wait longer for others to end (" + PATIENCE
                                + ": 10min)");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static void refuseWhatIsTooLarge(SparkContext context) {
        String memory = context.getConf().get(MEMORY, "1g");
        int cores = context.getConf().getInt("spark.executor.cores", 1);
        Workers.of(context).flatMap(workers -> workers.tooSmall(memory, cores)).ifPresent(failure -> {
            throw new FailureException(failure);
        });
    }

    private static FailureException refusal(String message, String help) {
        return new FailureException(failure(message, help));
    }

    static Failure failure(String message, String help) {
        return new Failure(ProblemCode.ENGINE_FAILED, message, Optional.of(help), Optional.empty(), false, null);
    }
}
