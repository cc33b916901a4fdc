package dev.tarn.notebook.run;

import dev.tarn.fs.LocalFiles;
import dev.tarn.provision.MavenArtifacts;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says how to start the JVM with Spark that a notebook's Python attaches to, and fetches what that takes. */
final class SparkLauncher {

    /** The same request as that of the local cluster, so that both share one folder of the cache. */
    private static final MavenArtifacts JARS = new MavenArtifacts(
            "Spark 4.1.3 with Delta Lake 4.4.0",
            "org.apache.spark:spark-sql_2.13:4.1.3",
            "io.delta:delta-spark_4.1_2.13:4.4.0");

    /** What Spark's own scripts open on Java 17. */
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/sun.nio.ch",
            "java.base/sun.nio.cs",
            "java.base/sun.security.action",
            "java.base/sun.util.calendar");

    private final Provisioner provisioner;

    SparkLauncher(Provisioner provisioner) {
        this.provisioner = provisioner;
    }

    /**
     * The command and the settings of the session, as the kernel takes them.
     *
     * @param folder a folder of this run, in which Spark works
     */
    Map<String, Object> launch(Path folder, Map<String, Object> context, Map<String, Path> lakehouses)
            throws ProvisionException, InterruptedException {
        Path jars = provisioner.get(JARS).resolve("jars");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx2g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djdk.reflect.useDirectMethodHandle=false",
                "-Dio.netty.tryReflectionSetAccessible=true",
                "-Duser.timezone=UTC"));
        OPENED.forEach(opened -> command.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        command.addAll(List.of(
                "-cp", jars + "/*" + File.pathSeparator + ownJar(), "org.apache.spark.api.python.PythonGatewayServer"));
        Map<String, Object> launch = new LinkedHashMap<>();
        launch.put("command", command);
        launch.put("folder", folder.toString());
        Map<String, Object> conf = settings(folder, context);
        conf.put("spark.hadoop.fs.abfss.impl", "dev.tarn.fs.hadoop.OneLakeFileSystem");
        conf.put("spark.delta.logStore.abfss.impl", "dev.tarn.fs.hadoop.OneLakeLogStore");
        lakehouses.forEach((name, root) -> conf.put("spark.hadoop.tarn.onelake.lakehouse." + name, root.toString()));
        launch.put("conf", conf);
        return launch;
    }

    private static Map<String, Object> settings(Path folder, Map<String, Object> context) {
        Map<String, Object> conf = new LinkedHashMap<>();
        conf.put("spark.master", "local[2]");
        conf.put("spark.ui.enabled", "false");
        conf.put("spark.driver.host", "127.0.0.1");
        conf.put("spark.driver.bindAddress", "127.0.0.1");
        conf.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
        conf.put("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
        conf.put("spark.delta.logStore.file.impl", "dev.tarn.fs.hadoop.LinkLogStore");
        conf.put("spark.sql.warehouse.dir", folder.resolve("warehouse").toUri().toString());
        conf.put("spark.sql.sources.default", "delta");
        conf.put("spark.sql.session.timeZone", "UTC");
        conf.put("spark.sql.shuffle.partitions", "2");
        conf.put("spark.databricks.delta.snapshotPartitions", "1");
        conf.put("spark.sql.adaptive.enabled", "false");
        conf.put("spark.ui.showConsoleProgress", "false");
        conf.put("spark.local.dir", folder.resolve("local").toString());
        conf.put("trident.workspace.id", context.get("currentWorkspaceId"));
        conf.put("trident.lakehouse.id", context.get("defaultLakehouseId"));
        conf.put("trident.lakehouse.name", context.get("defaultLakehouseName"));
        conf.put("trident.operation.type", "SessionCreation");
        return conf;
    }

    /** With the log store by which several processes can commit to one table. */
    private static String ownJar() {
        try {
            return Path.of(LocalFiles.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("where Tarn's own classes are is no path", e);
        }
    }
}
