package dev.tarn.services;

import dev.tarn.provision.MavenArtifacts;
import dev.tarn.provision.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Kafka as one node that is broker and controller. */
final class Kafka implements ServiceDefinition {

    private static final MavenArtifacts JARS = new MavenArtifacts(
            "Kafka 4.2.0",
            "org.apache.kafka:kafka_2.13:4.2.0",
            // The command line tools.
            "org.apache.kafka:kafka-tools:4.2.0",
            "org.slf4j:slf4j-simple:1.7.36");

    @Override
    public String title() {
        return "Kafka";
    }

    @Override
    public Set<String> options() {
        return Set.of();
    }

    @Override
    public long defaultMemory() {
        return Memory.mebibytes(640);
    }

    @Override
    public List<Request> requests(Installed installed) {
        return List.of(JARS);
    }

    @Override
    public HealthCheck health(Server server, Site site, int port) {
        return HealthChecks.kafka(port);
    }

    @Override
    public Launch launch(Server server, Site site) throws ServiceException, IOException, InterruptedException {
        String classPath = site.fetched(JARS).resolve("jars") + "/*";
        int port = site.port();
        int controller = site.port("controller", false);
        Path config = site.folder().resolve("server.properties");
        PropertiesFile.write(config, properties(site, port, controller));
        if (Files.notExists(site.data().resolve("meta.properties"))) {
            Folders.delete(site.data());
            site.run(
                    "formatting Kafka's storage",
                    List.of(
                            Site.java(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classPath,
                            "kafka.tools.StorageTool",
                            "format",
                            "-t",
                            clusterId(),
                            "-c",
                            config.toString()),
                    Map.of(),
                    "");
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("client", tool(classPath, "TopicCommand", port) + " --list");
        facts.put("produce", tool(classPath, "ConsoleProducer", port) + " --topic");
        facts.put("consume", tool(classPath, "consumer.ConsoleConsumer", port) + " --from-beginning --topic");
        facts.put("jars", site.fetched(JARS).resolve("jars").toString());
        return new Launch(
                List.of(
                        Site.java(),
                        "-Xms32m",
                        "-Xmx" + site.memory() / 2 / 1024 + "k",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-Dorg.slf4j.simpleLogger.showDateTime=true",
                        "-cp",
                        classPath,
                        "kafka.Kafka",
                        config.toString()),
                Map.of(),
                site.folder(),
                port,
                health(server, site, port),
                "TERM",
                "127.0.0.1:" + port,
                facts);
    }

    /** A tool of Kafka's without its log: it tells all its settings there, in 150 lines. */
    private static String tool(String classPath, String name, int port) {
        return "java -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "
                + Shell.quote(classPath) + " org.apache.kafka.tools." + name + " --bootstrap-server 127.0.0.1:" + port;
    }

    /** Two doors: containers come by the service's name, programs on this machine by the published port. */
    @Override
    public List<Container> containers(ServiceSpec spec, List<ServiceSpec> all) {
        long memory = spec.memoryOr(defaultMemory());
        int port = spec.port().orElse(9092);
        Container container = new Container(spec.name(), "apache/kafka:4.2.0", memory)
                .environment("KAFKA_HEAP_OPTS", "-Xms32m -Xmx" + memory / 2 / 1024 + "k")
                .port(9092, port)
                .data("/var/lib/kafka/data")
                .health("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092");
        Map<String, String> settings = settings(spec);
        settings.put("controller.quorum.voters", "1@127.0.0.1:9093");
        settings.put("listeners", "PLAINTEXT://:19092,HOST://:9092,CONTROLLER://:9093");
        settings.put("advertised.listeners", "PLAINTEXT://" + spec.name() + ":19092,HOST://127.0.0.1:" + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,HOST:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", "/var/lib/kafka/data");
        settings.forEach((key, value) -> container.environment(variable(key), Container.plain(value)));
        return List.of(container);
    }

    /** How the image takes a property as a variable. */
    private static String variable(String property) {
        return "KAFKA_"
                + property.replace("_", "___")
                        .replace("-", "__")
                        .replace('.', '_')
                        .toUpperCase(Locale.ROOT);
    }

    private static String clusterId() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        // Kafka's tools take a leading dash for an option.
        return id.startsWith("-") ? "A" + id.substring(1) : id;
    }

    private static Map<String, String> settings(ServiceSpec spec) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.dedupe.buffer.size", "16777216");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.putAll(spec.settings());
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.listener.names", "CONTROLLER");
        return settings;
    }

    private static String properties(Site site, int port, int controller) {
        Map<String, String> settings = settings(site.spec());
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", site.data().toString());
        StringBuilder text = new StringBuilder();
        settings.forEach((key, value) ->
                text.append(key).append('=').append(value.replace("\\", "\\\\")).append('\n'));
        return text.toString();
    }
}
