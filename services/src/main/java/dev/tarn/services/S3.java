package dev.tarn.services;

import dev.tarn.provision.PythonPackages;
import dev.tarn.provision.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** moto, which stands in for S3 and forgets everything when it stops, on the Python that is installed. */
final class S3 implements ServiceDefinition {

    private static final PythonPackages PACKAGE = new PythonPackages(
            "moto 5.2.5",
            resource("s3_requirements.txt")
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList());

    @Override
    public String title() {
        return "S3 (moto)";
    }

    @Override
    public Set<String> options() {
        return Set.of("buckets");
    }

    @Override
    public long defaultMemory() {
        return Memory.mebibytes(384);
    }

    @Override
    public List<Request> requests(Installed installed) {
        return List.of(PACKAGE);
    }

    @Override
    public HealthCheck health(Server server, Site site, int port) {
        return HealthChecks.http(port, "/moto-api/data.json");
    }

    @Override
    public List<Container> containers(ServiceSpec spec, List<ServiceSpec> all) {
        return List.of(new Container(spec.name(), "motoserver/moto:5.2.5", spec.memoryOr(defaultMemory()))
                .port(5000, spec)
                .health(
                        "python",
                        "-c",
                        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:5000/moto-api/data.json')"));
    }

    @Override
    public Launch launch(Server server, Site site) throws ServiceException, IOException, InterruptedException {
        Path python = site.fetched(PACKAGE).resolve("bin/python");
        int port = site.port();
        Path script = site.folder().resolve("s3_server.py");
        PropertiesFile.write(script, resource("s3_server.py"));
        List<String> command = new ArrayList<>(List.of(python.toString(), script.toString(), String.valueOf(port)));
        command.addAll(site.spec().list("buckets"));
        String endpoint = "http://127.0.0.1:" + port;
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "client",
                "AWS_ENDPOINT_URL=" + endpoint + " AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any"
                        + " AWS_REGION=us-east-1 aws s3 ls");
        return new Launch(
                command,
                // Nobody asks who is there: without this moto would look for the machine's own identity.
                Map.of(
                        "AWS_ACCESS_KEY_ID",
                        "any",
                        "AWS_SECRET_ACCESS_KEY",
                        "any",
                        "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE",
                        "65536"),
                site.folder(),
                port,
                health(server, site, port),
                "TERM",
                endpoint,
                facts);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(S3.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
