package dev.tarn.it.delta;

import dev.tarn.provision.FetchListener;
import dev.tarn.provision.MavenArtifacts;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import java.util.Map;

/** Spark 3.5 with Delta 3.2, which need another Scala than we have on the class path. */
public final class Spark35Jars {
    private static final MavenArtifacts JARS = new MavenArtifacts(
            "Spark 3.5.7 with Delta Lake 3.2.1",
            "org.apache.spark:spark-sql_2.12:3.5.7",
            "io.delta:delta-spark_2.12:3.2.1",
            "org.jspecify:jspecify:1.0.0");

    private Spark35Jars() {}

    /** Fetches them into the cache, if they are not there; without them the run fails, for a skipped proof is none. */
    public static String classPath() throws InterruptedException {
        Map<String, String> environment = System.getenv();
        try {
            return new Provisioner(
                                    Provisioner.userCache(environment),
                                    Provisioner.isOffline(environment),
                                    environment,
                                    FetchListener.NONE)
                            .get(JARS)
                            .resolve("jars")
                    + "/*";
        } catch (ProvisionException failure) {
            throw new IllegalStateException("Spark 3.5 cannot be had", failure);
        }
    }
}
