package dev.tarn.services;

import dev.tarn.provision.NpmPackages;
import dev.tarn.provision.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Azurite, which stands in for Azure's blob storage, on the Node.js that is installed. */
final class Azurite implements ServiceDefinition {

    private static final NpmPackages PACKAGE = new NpmPackages("Azurite 3.35.0", "azurite@3.35.0");

    @Override
    public String title() {
        return "Azurite";
    }

    @Override
    public Set<String> options() {
        return Set.of();
    }

    @Override
    public long defaultMemory() {
        return Memory.mebibytes(256);
    }

    @Override
    public List<Request> requests(Installed installed) {
        return List.of(PACKAGE);
    }

    @Override
    public HealthCheck health(Server server, Site site, int port) {
        return HealthChecks.anyHttp(port, "/");
    }

    @Override
    public List<Container> containers(ServiceSpec spec, List<ServiceSpec> all) {
        return List.of(new Container(
                        spec.name(), "mcr.microsoft.com/azure-storage/azurite:3.35.0", spec.memoryOr(defaultMemory()))
                .environment("AZURITE_ACCOUNTS", "tarn:" + Container.password(spec))
                .command(List.of(
                        "azurite-blob",
                        "--blobHost",
                        "0.0.0.0",
                        "--location",
                        "/data",
                        "--skipApiVersionCheck",
                        "--disableTelemetry"))
                .port(10000, spec)
                .data("/data")
                .health("nc", "-z", "127.0.0.1", "10000"));
    }

    @Override
    public Launch launch(Server server, Site site) throws ServiceException, IOException, InterruptedException {
        Path node = site.installed()
                .find("node")
                .orElseThrow(() -> new ServiceException(
                        "Azurite needs Node.js, and node is not on PATH",
                        "install Node.js 18 or later (packages nodejs and npm)"));
        Path main = site.fetched(PACKAGE).resolve("node_modules/azurite/dist/src/blob/main.js");
        int port = site.port();
        Credentials credentials = site.credentials();
        // A key is bytes in Base64.
        String key = Base64.getEncoder().encodeToString(credentials.password().getBytes(StandardCharsets.US_ASCII));
        Path connection = site.folder().resolve("connection-string");
        String endpoint = "http://127.0.0.1:" + port + "/" + credentials.user();
        PropertiesFile.write(
                connection,
                "DefaultEndpointsProtocol=http;AccountName=" + credentials.user() + ";AccountKey=" + key
                        + ";BlobEndpoint=" + endpoint + ";\n");
        Folders.makePrivate(site.data());
        List<String> command = new ArrayList<>(List.of(
                node.toString(),
                "--max-old-space-size=" + ((site.memory() / 2) >> 20),
                main.toString(),
                "--blobHost",
                "127.0.0.1",
                "--blobPort",
                String.valueOf(port),
                "--location",
                site.data().toString(),
                "--skipApiVersionCheck",
                "--disableTelemetry"));
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("credentials", connection.toString());
        return new Launch(
                command,
                Map.of("AZURITE_ACCOUNTS", credentials.user() + ":" + key),
                site.folder(),
                port,
                health(server, site, port),
                "TERM",
                endpoint,
                facts);
    }
}
