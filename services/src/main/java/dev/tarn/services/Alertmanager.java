package dev.tarn.services;

import dev.tarn.provision.DebianPackages;
import dev.tarn.provision.Request;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Alertmanager without its cluster: the installed one, else Debian's, unpacked. */
final class Alertmanager implements ServiceDefinition {

    private static final DebianPackages PACKAGE = new DebianPackages("Alertmanager", "prometheus-alertmanager");

    /** Debian's program reads its templates from this folder and no other. */
    private static final String BUILT_IN = "/usr/share/prometheus/alertmanager";

    /** As long as the other, and relative: the same folder, seen from {@code usr/share/prometheus}. */
    private static final String RELATIVE = "./././././././././././alertmanager";

    @Override
    public String title() {
        return "Alertmanager";
    }

    @Override
    public Set<String> options() {
        return Set.of("config", "webhook");
    }

    @Override
    public long defaultMemory() {
        return Memory.mebibytes(128);
    }

    @Override
    public List<Request> requests(Installed installed) {
        return installedProgram(installed).isPresent() ? List.of() : List.of(PACKAGE);
    }

    private static Optional<Path> installedProgram(Installed installed) {
        return installed.find("prometheus-alertmanager").or(() -> installed.find("alertmanager"));
    }

    @Override
    public HealthCheck health(Server server, Site site, int port) {
        return HealthChecks.http(port, "/-/ready");
    }

    @Override
    public Launch launch(Server server, Site site) throws ServiceException, IOException, InterruptedException {
        Optional<Path> installed = installedProgram(site.installed());
        Path program;
        Path directory;
        Path amtool;
        if (installed.isPresent()) {
            program = installed.get();
            directory = site.folder();
            amtool = program.resolveSibling("amtool");
        } else {
            Path root = site.fetched(PACKAGE);
            program = movable(root);
            directory = root.resolve("usr/share/prometheus");
            amtool = root.resolve("usr/bin/amtool");
        }
        int port = site.port();
        Path config = site.folder().resolve("alertmanager.yml");
        Optional<String> webhook = webhook(site.spec());
        check(site.spec(), webhook);
        PropertiesFile.write(config, configuration(webhook));
        Folders.makePrivate(site.data());
        List<String> command = Site.command(
                List.of(program.toString()),
                flags(
                        site.spec(),
                        site.file("config").orElse(config).toString(),
                        site.data().toString(),
                        "127.0.0.1:" + port));
        PropertiesFile.write(
                Prometheus.alertmanagers(site.folders()), "[{\"targets\": [\"127.0.0.1:" + port + "\"]}]\n");
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("client", Shell.quote(amtool) + " --alertmanager.url=http://127.0.0.1:" + port + " alert");
        facts.put("config", site.file("config").orElse(config).toString());
        return new Launch(
                command,
                Map.of("GOMEMLIMIT", String.valueOf(site.memory() / 4 * 3)),
                directory,
                port,
                health(server, site, port),
                "TERM",
                "http://127.0.0.1:" + port,
                facts);
    }

    /**
     * The program with its folder of templates replaced by a relative one. Unpacked as it is it ends with "failed to parse
     * templates: open /usr/share/…"; a mount over that folder would need rights that not every user has.
     */
    private static Path movable(Path root) throws IOException, ServiceException {
        Path made = root.resolve("usr/bin/prometheus-alertmanager.movable");
        if (Files.exists(made)) {
            return made;
        }
        Path half = Files.createTempFile(made.resolveSibling("."), "movable", "");
        Files.copy(root.resolve("usr/bin/prometheus-alertmanager"), half, StandardCopyOption.REPLACE_EXISTING);
        if (!replace(half)) {
            Files.delete(half);
            throw new ServiceException(
                    "Debian's Alertmanager in " + root + " is another one than expected",
                    "install it (package prometheus-alertmanager) and run 'tarn up' again");
        }
        if (!half.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + half + " executable");
        }
        return Files.move(half, made, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * In the file and not in memory: the supervisor is small. Not by a mapping either, which would keep the file open for
     * writing, and such a program cannot be started.
     */
    private static boolean replace(Path program) throws IOException {
        byte[] wanted = BUILT_IN.getBytes(StandardCharsets.US_ASCII);
        long at = find(program, wanted);
        if (at >= 0) {
            try (FileChannel file = FileChannel.open(program, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(RELATIVE.getBytes(StandardCharsets.US_ASCII)), at);
            }
        }
        return at >= 0;
    }

    /** Where the bytes stand; -1 if they do not. */
    private static long find(Path file, byte[] wanted) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            int matched = 0;
            long read = 0;
            for (int next = in.read(); next >= 0; next = in.read()) {
                read++;
                matched = next == wanted[matched] ? matched + 1 : next == wanted[0] ? 1 : 0;
                if (matched == wanted.length) {
                    return read - matched;
                }
            }
            return -1;
        }
    }

    @Override
    public List<Container> containers(ServiceSpec spec, List<ServiceSpec> all) {
        String config = "/etc/alertmanager/alertmanager.yml";
        long memory = spec.memoryOr(defaultMemory());
        Container container = new Container(spec.name(), "prom/alertmanager:v0.25.0", memory)
                .environment("GOMEMLIMIT", String.valueOf(memory / 4 * 3))
                .command(flags(spec, config, "/alertmanager", "0.0.0.0:9093").stream()
                        .map(Container::plain)
                        .toList())
                .port(9093, spec)
                .data("/alertmanager")
                .health("wget", "-q", "--spider", "http://127.0.0.1:9093/-/ready")
                .reachesHost();
        List<String> own = spec.list("config");
        Optional<String> webhook = webhook(spec).map(Container::fromInside);
        return List.of(
                own.isEmpty()
                        ? container.file(configuration(webhook), config)
                        : container.projectFile(own.get(0), config));
    }

    private static List<String> flags(ServiceSpec spec, String config, String data, String address) {
        List<String> flags = new ArrayList<>(List.of(
                "--config.file=" + config,
                "--storage.path=" + data,
                "--web.listen-address=" + address,
                "--cluster.listen-address=",
                "--log.level=warn"));
        spec.settings().forEach((key, value) -> flags.add("--" + key + "=" + value));
        return flags;
    }

    private static void check(ServiceSpec spec, Optional<String> webhook) throws ServiceException {
        if (webhook.isPresent() && !webhook.get().matches("https?://[^/\\s]+.*")) {
            throw new ServiceException(
                    "'webhook' of '" + spec.name() + "' is '" + webhook.get() + "'",
                    "give a URL such as http://127.0.0.1:5001/alerts");
        }
    }

    private static Optional<String> webhook(ServiceSpec spec) {
        return spec.list("webhook").stream().findFirst();
    }

    private static String configuration(Optional<String> webhook) {
        return "route: {receiver: project, group_by: [alertname], group_wait: 1s, group_interval: 5s}\n"
                + "receivers:\n  - name: project\n"
                + webhook.map(url -> "    webhook_configs: [{url: " + Shell.yaml(url) + ", send_resolved: true}]\n")
                        .orElse("");
    }
}
