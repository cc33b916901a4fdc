package dev.tarn.services;

import dev.tarn.provision.MavenArtifacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A version of Spark with the Delta Lake that belongs to it.
 *
 * @param version such as {@code 4.1}
 * @param jars what to fetch
 */
public record SparkRuntime(String version, MavenArtifacts jars) {

    private static final List<SparkRuntime> ALL = List.of(new SparkRuntime(
            "4.1",
            new MavenArtifacts(
                    "Spark 4.1.3 with Delta Lake 4.4.0",
                    "org.apache.spark:spark-sql_2.13:4.1.3",
                    "io.delta:delta-spark_4.1_2.13:4.4.0")));

    /** What Spark's own scripts open on Java 17. */
    private static final List<String> OPENED = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.cs=ALL-UNNAMED",
            "--add-opens=java.base/sun.security.action=ALL-UNNAMED",
            "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED",
            "-Djdk.reflect.useDirectMethodHandle=false",
            "-Dio.netty.tryReflectionSetAccessible=true");

    /** The runtime of a version that there is. */
    public static SparkRuntime of(String version) {
        return ALL.stream()
                .filter(runtime -> runtime.version.equals(version))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no runtime for Spark " + version));
    }

    /** What a JVM from 17 on needs so that Spark runs in it. */
    public List<String> javaOptions() {
        return OPENED;
    }

    /**
     * Its jars without the one that would bring a second provider of logs.
     *
     * @param fetched the folder that the jars were fetched into
     */
    public List<Path> classPath(Path fetched) throws IOException {
        return MavenArtifacts.jars(fetched).stream()
                .filter(jar -> !jar.getFileName().toString().startsWith("log4j-slf4j2-impl-"))
                .toList();
    }
}
