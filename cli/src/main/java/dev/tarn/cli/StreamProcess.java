package dev.tarn.cli;

import dev.tarn.connect.database.Databases;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.LocalServices.Endpoint;
import dev.tarn.core.project.StreamDeclaration;
import dev.tarn.provision.MavenArtifacts;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;

/** Starts the process of a stream, with Debezium on a class path of its own. */
final class StreamProcess {

    private static final MavenArtifacts DEBEZIUM = new MavenArtifacts(
            "Debezium 3.5.0",
            List.of("io.debezium:debezium-embedded:3.5.0.Final", "io.debezium:debezium-connector-postgres:3.5.0.Final"),
            List.of("org.slf4j:slf4j-api"));

    /** Of our own class path; the rest is Debezium's. */
    private static final List<String> OURS =
            List.of("tarn-cdc", "tarn-lake", "tarn-fs", "duckdb_jdbc", "jackson-jr-objects", "slf4j-api", "jspecify");

    private static final List<String> OUR_MODULES = List.of("cdc", "lake", "fs");

    private final StreamDeclaration stream;
    private final Connections connections;
    private final StreamFolder folder;

    StreamProcess(StreamDeclaration stream, Connections connections, StreamFolder folder) {
        this.stream = stream;
        this.connections = connections;
        this.folder = folder;
    }

    static Path fetched(Provisioner provisioner) throws ProvisionException, IOException, InterruptedException {
        return provisioner.get(DEBEZIUM);
    }

    /** Its output is to be read; it ends when the end of its input is closed, which it is when this process ends. */
    Process start(Path debezium, boolean resync) throws IOException, ConnectionException {
        Properties settings = settings(resync);
        settings.setProperty("watch", "true");
        return start(debezium, "dev.tarn.cdc.process.StreamProcess", settings, Redirect.PIPE);
    }

    /**
     * One that compares the tables with their source, and prints a line of JSON for each.
     *
     * @param wait for changes that are on their way
     */
    Process verify(Path debezium, Duration wait) throws IOException, ConnectionException {
        Properties settings = settings(false);
        settings.setProperty("wait.millis", String.valueOf(wait.toMillis()));
        return start(
                debezium,
                "dev.tarn.cdc.process.VerifyProcess",
                settings,
                Redirect.to(folder.path().resolve("verify.err").toFile()));
    }

    private Process start(Path debezium, String main, Properties settings, Redirect errors) throws IOException {
        Path temporary = Files.createDirectories(folder.work().resolve("tmp"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:-UsePerfData",
                        "-Duser.timezone=UTC",
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        classPath(debezium),
                        main)
                .directory(folder.path().toFile())
                .redirectErrorStream(errors.equals(Redirect.PIPE))
                .redirectError(errors)
                .start();
        StringWriter text = new StringWriter();
        settings.store(text, null);
        Writer in = process.outputWriter(StandardCharsets.UTF_8);
        in.write(text + "\n");
        in.flush();
        return process;
    }

    private Properties settings(boolean resync) throws ConnectionException {
        Endpoint endpoint = new Databases(connections).endpoint(stream.source());
        DatabaseConnection source = connections.database(stream.source()).orElseThrow();
        Properties p = new Properties();
        p.setProperty("name", stream.name());
        p.setProperty("host", endpoint.host());
        p.setProperty("port", String.valueOf(endpoint.port()));
        p.setProperty("database", endpoint.database());
        p.setProperty("user", endpoint.user());
        p.setProperty("password", endpoint.password());
        switch (source.tls()) {
            case OFF -> {}
            case REQUIRE -> p.setProperty("tls", "require");
            case VERIFY -> p.setProperty("tls", "verify");
        }
        source.certificate().ifPresent(file -> p.setProperty("certificate", file.toString()));
        p.setProperty("tables", String.join(",", stream.tables()));
        p.setProperty("exclude", String.join(",", stream.exclude()));
        p.setProperty("target", stream.folder().toString());
        p.setProperty("naming", stream.naming());
        p.setProperty("work", folder.work().toString());
        p.setProperty("status", folder.status().toString());
        p.setProperty("batch.rows", String.valueOf(stream.batchRows()));
        p.setProperty("batch.millis", String.valueOf(stream.batchTime().toMillis()));
        p.setProperty("schema.changes", stream.onSchemaChange().name().toLowerCase(Locale.ROOT));
        p.setProperty("deletes", stream.deletes().name().toLowerCase(Locale.ROOT));
        p.setProperty("resync", String.valueOf(resync));
        stream.metricsPort().ifPresent(port -> p.setProperty("metrics.port", String.valueOf(port)));
        return p;
    }

    private static String classPath(Path debezium) throws IOException {
        List<String> all = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(StreamProcess::isOurs)
                .collect(Collectors.toCollection(ArrayList::new));
        MavenArtifacts.jars(debezium).forEach(jar -> all.add(jar.toString()));
        return String.join(File.pathSeparator, all);
    }

    /** Jars by their names; in a build also folders of classes. */
    private static boolean isOurs(String entry) {
        String name = String.valueOf(Path.of(entry).getFileName()).replaceFirst("^lean-", "");
        return OURS.stream().anyMatch(ours -> name.matches(ours + "-[0-9].*\\.jar"))
                || OUR_MODULES.stream().anyMatch(module -> entry.endsWith(module + "/target/classes"));
    }
}
