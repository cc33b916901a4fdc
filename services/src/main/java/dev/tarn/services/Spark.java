package dev.tarn.services;

import dev.tarn.provision.MavenArtifacts;
import dev.tarn.provision.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** A standalone cluster of Spark with Delta Lake: a master and workers, each a process. */
final class Spark implements ServiceDefinition {

    private static final MavenArtifacts JARS = SparkRuntime.of("4.1").jars();
    private static final List<String> OPENED = SparkRuntime.of("4.1").javaOptions();

    /** What a program says is more than what Spark says; Spark's own default is every step of every job. */
    private static final String LOG = """
            rootLogger.level = warn
            rootLogger.appenderRef.stderr.ref = stderr
            appender.stderr.type = Console
            appender.stderr.name = stderr
            appender.stderr.target = SYSTEM_ERR
            appender.stderr.layout.type = PatternLayout
            appender.stderr.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n%ex
            logger.hostname.name = org.apache.spark.util.Utils
            logger.hostname.level = error
            logger.hadoop.name = org.apache.hadoop.util.NativeCodeLoader
            logger.hadoop.level = error
            logger.plans.name = org.apache.spark.sql.catalyst.util.SparkStringUtils
            logger.plans.level = error
            """;

    private static final String EXECUTOR_MEMORY = "spark.executor.memory";
    private static final String EXECUTOR_DEFAULT = "512m";
    private static final long MASTER_HEAP = 192;
    private static final long WORKER_HEAP = 160;

    @Override
    public String title() {
        return "Spark";
    }

    @Override
    public Set<String> options() {
        return Set.of("workers", "worker_memory", "worker_cores");
    }

    /** Of the master, and of a worker without its executors. */
    @Override
    public long defaultMemory() {
        return Memory.mebibytes(384);
    }

    @Override
    public List<Request> requests(Installed installed) {
        return List.of(JARS);
    }

    @Override
    public List<Server> servers(ServiceSpec spec) {
        List<Server> servers = new ArrayList<>();
        servers.add(new Server(spec.name(), spec.name(), 0));
        int workers = Integer.parseInt(spec.option("workers", "1").replaceAll("[^0-9]", "0"));
        for (int i = 1; i <= Math.min(workers, 16); i++) {
            servers.add(new Server(spec.name() + "-worker-" + i, spec.name(), 1));
        }
        return servers;
    }

    /** A driver must be reachable from the executors: submit from a container, {@code docker compose exec}. */
    @Override
    public List<Container> containers(ServiceSpec spec, List<ServiceSpec> all) {
        String start = "/opt/spark/bin/spark-class";
        String master = "spark://" + spec.name() + ":7077";
        Map<String, String> defaults = settings(spec, "file:///opt/spark/work-dir/warehouse", master);
        defaults.put("spark.jars.packages", "io.delta:delta-spark_4.1_2.13:4.4.0");
        defaults.put("spark.jars.ivy", "/tmp/ivy");
        List<Container> containers = new ArrayList<>();
        for (Server server : servers(spec)) {
            Container container = new Container(server.name(), "apache/spark:4.1.3", memory(server, spec));
            container.health("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080");
            containers.add(
                    isMaster(server)
                            ? container
                                    .command(List.of(
                                            start,
                                            "org.apache.spark.deploy.master.Master",
                                            "--host",
                                            spec.name(),
                                            "--webui-port",
                                            "8080"))
                                    .port(8080, spec)
                                    .file(text(defaults), "/opt/spark/conf/spark-defaults.conf")
                            : container
                                    .command(List.of(
                                            start,
                                            "org.apache.spark.deploy.worker.Worker",
                                            "--cores",
                                            spec.option("worker_cores", "1"),
                                            "--memory",
                                            (workerMemory(spec) >> 20) + "m",
                                            "--webui-port",
                                            "8080",
                                            master))
                                    .after(spec.name()));
        }
        return containers;
    }

    private static boolean isMaster(Server server) {
        return server.rank() == 0;
    }

    /** Executors are children of their worker. */
    @Override
    public long memory(Server server, ServiceSpec spec) {
        long own = spec.memoryOr(defaultMemory());
        return isMaster(server) ? own : own + workerMemory(spec) * 3 / 2;
    }

    private static long workerMemory(ServiceSpec spec) {
        OptionalLong memory = Memory.parse(spec.option("worker_memory", "1g"));
        return memory.orElse(Memory.mebibytes(1024));
    }

    @Override
    public HealthCheck health(Server server, Site site, int port) {
        return HealthChecks.http(port, "/json/");
    }

    @Override
    public Launch launch(Server server, Site site) throws ServiceException, IOException, InterruptedException {
        Path home = site.fetched(JARS);
        return isMaster(server) ? master(server, site, home) : worker(server, site, home);
    }

    /** Spark would say it in the log of a worker, or wait without an end for an executor that fits nowhere. */
    private static void check(ServiceSpec spec) throws ServiceException {
        for (String option : List.of("workers", "worker_cores")) {
            if (!spec.option(option, "1").matches("[1-9]|1[0-6]")) {
                throw new ServiceException(
                        "'" + option + "' of '" + spec.name() + "' is '" + spec.option(option, "1") + "'",
                        "give a number from 1 to 16");
            }
        }
        String executor = spec.settings().getOrDefault(EXECUTOR_MEMORY, EXECUTOR_DEFAULT);
        if (workerMemory(spec) < Memory.parse(executor).orElse(1 << 20)) {
            throw new ServiceException(
                    "'worker_memory' of '" + spec.name() + "' is '" + spec.option("worker_memory", "")
                            + "', and an executor takes " + executor,
                    "give at least " + executor + ", or set another " + EXECUTOR_MEMORY + " under 'settings'");
        }
    }

    private Launch master(Server server, Site site, Path home) throws ServiceException, IOException {
        check(site.spec());
        int port = site.port();
        int web = site.port("web", false);
        Path conf = Folders.makePrivate(site.folder().resolve("conf"));
        PropertiesFile.write(conf.resolve("spark-defaults.conf"), defaults(site, port));
        PropertiesFile.write(conf.resolve("log4j2.properties"), LOG);
        Map<String, String> facts = new LinkedHashMap<>();
        String options = " -cp " + Shell.quote(conf + ":" + home.resolve("jars") + "/*");
        facts.put(
                "client",
                "SPARK_HOME=" + Shell.quote(home) + " SPARK_CONF_DIR=" + Shell.quote(conf) + " java -Xmx1g "
                        + String.join(" ", OPENED) + options + " org.apache.spark.deploy.SparkSubmit");
        facts.put("web", "http://127.0.0.1:" + web);
        List<String> command = java(home, MASTER_HEAP);
        command.addAll(List.of(
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--webui-port",
                String.valueOf(web)));
        return new Launch(
                command,
                environment(home, conf),
                site.folder(),
                web,
                health(server, site, web),
                "TERM",
                "spark://127.0.0.1:" + port,
                facts);
    }

    private Launch worker(Server server, Site site, Path home) throws ServiceException, IOException {
        int web = site.port(server.name(), false);
        Path work = Folders.makePrivate(site.folder().resolve("work-" + server.name()));
        ServerStatus master = ServerStatus.read(site.folders()
                        .state(new Server(site.spec().name(), site.spec().name(), 0)))
                .orElseThrow(() -> new ServiceException("there is no master", "'tarn up' tries again"));
        List<String> command = java(home, WORKER_HEAP);
        command.addAll(List.of(
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0.1",
                "--webui-port",
                String.valueOf(web),
                "--cores",
                site.spec().option("worker_cores", "1"),
                "--memory",
                (workerMemory(site.spec()) >> 20) + "m",
                "--work-dir",
                work.toString(),
                master.endpoint()));
        return new Launch(
                command,
                environment(home, site.folder().resolve("conf")),
                site.folder(),
                web,
                health(server, site, web),
                "TERM",
                "http://127.0.0.1:" + web,
                Map.of());
    }

    /** Masters and workers do little, but start: the better compiler would cost more than it gives. */
    private static List<String> java(Path home, long heap) {
        List<String> command = new ArrayList<>(List.of(
                Site.java(),
                "-Xmx" + heap + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(OPENED);
        command.addAll(List.of("-cp", home.resolve("jars") + "/*"));
        return command;
    }

    private static Map<String, String> environment(Path home, Path conf) {
        return Map.of(
                "SPARK_HOME", home.toString(),
                "SPARK_CONF_DIR", conf.toString(),
                "SPARK_LOCAL_IP", "127.0.0.1",
                // Otherwise the worker looks for a build of Spark to find it out, and executors do not start.
                "SPARK_SCALA_VERSION", "2.13",
                "JAVA_HOME", System.getProperty("java.home"));
    }

    /** What applications take when they are submitted with this configuration. */
    private static String defaults(Site site, int port) {
        Map<String, String> settings = settings(
                site.spec(), site.folder().resolve("warehouse").toUri().toString(), "spark://127.0.0.1:" + port);
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        return text(settings);
    }

    private static Map<String, String> settings(ServiceSpec spec, String warehouse, String master) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
        settings.put("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
        settings.put("spark.sql.warehouse.dir", warehouse);
        settings.put(EXECUTOR_MEMORY, EXECUTOR_DEFAULT);
        settings.put("spark.sql.shuffle.partitions", "2");
        // Delta Lake cuts a table's log into 50 parts otherwise, each a task, for the smallest table.
        settings.put("spark.databricks.delta.snapshotPartitions", "2");
        settings.putAll(spec.settings());
        settings.put("spark.master", master);
        settings.put("spark.ui.enabled", "false");
        return settings;
    }

    private static String text(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (key, value) -> text.append(key).append(' ').append(value).append('\n'));
        return text.toString();
    }
}
