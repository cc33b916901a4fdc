package dev.tarn.services;

import dev.tarn.provision.DebianPackages;
import dev.tarn.provision.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Prometheus, which sends its alerts to the Alertmanagers of the stack: the installed one, else Debian's, unpacked. */
final class Prometheus implements ServiceDefinition {

    private static final DebianPackages PACKAGE = new DebianPackages("Prometheus", "prometheus");

    @Override
    public String title() {
        return "Prometheus";
    }

    @Override
    public Set<String> options() {
        return Set.of("config", "rules", "targets");
    }

    @Override
    public long defaultMemory() {
        return Memory.mebibytes(256);
    }

    @Override
    public List<Request> requests(Installed installed) {
        return installed.find("prometheus").isPresent() ? List.of() : List.of(PACKAGE);
    }

    /** It goes before those that it sends to. */
    @Override
    public List<Server> servers(ServiceSpec spec) {
        return List.of(new Server(spec.name(), spec.name(), 1));
    }

    @Override
    public HealthCheck health(Server server, Site site, int port) {
        return HealthChecks.http(port, "/-/ready");
    }

    @Override
    public Launch launch(Server server, Site site) throws ServiceException, IOException, InterruptedException {
        Optional<Path> installed = site.installed().find("prometheus");
        Path program =
                installed.isPresent() ? installed.get() : site.fetched(PACKAGE).resolve("usr/bin/prometheus");
        checkRules(site);
        int port = site.port();
        Path config = site.folder().resolve("prometheus.yml");
        PropertiesFile.write(config, configuration(site, port));
        Folders.makePrivate(site.data());
        List<String> command = Site.command(
                List.of(program.toString()),
                flags(
                        site.spec(),
                        site.file("config").orElse(config).toString(),
                        site.data().toString(),
                        "127.0.0.1:" + port));
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "client",
                Shell.quote(program.resolveSibling("promtool")) + " query instant http://127.0.0.1:" + port + " up");
        facts.put("config", site.file("config").orElse(config).toString());
        return new Launch(
                command,
                // Go's collector works harder before it takes more.
                Map.of("GOMEMLIMIT", String.valueOf(site.memory() / 4 * 3)),
                site.folder(),
                port,
                health(server, site, port),
                "TERM",
                "http://127.0.0.1:" + port,
                facts);
    }

    @Override
    public List<Container> containers(ServiceSpec spec, List<ServiceSpec> all) {
        String home = "/etc/prometheus/";
        long memory = spec.memoryOr(defaultMemory());
        Container container = new Container(spec.name(), "prom/prometheus:v2.42.0", memory)
                .environment("GOMEMLIMIT", String.valueOf(memory / 4 * 3))
                .command(flags(spec, home + "prometheus.yml", "/prometheus", "0.0.0.0:9090").stream()
                        .map(Container::plain)
                        .toList())
                .port(9090, spec)
                .data("/prometheus")
                .health("wget", "-q", "--spider", "http://127.0.0.1:9090/-/ready")
                .reachesHost();
        if (spec.list("config").isEmpty()) {
            List<String> rules = new ArrayList<>();
            for (String rule : spec.list("rules")) {
                String target = home + "rules/" + (rules.size() + 1) + ".yml";
                container.projectFile(rule, target);
                rules.add(target);
            }
            String alertmanagers = all.stream()
                    .filter(each -> each.type() == ServiceType.ALERTMANAGER)
                    .map(each -> Shell.yaml(each.name() + ":9093"))
                    .collect(Collectors.joining(", ", "    - static_configs: [{targets: [", "]}]\n"));
            List<String> targets =
                    spec.list("targets").stream().map(Container::fromInside).toList();
            container.file(configuration(alertmanagers, rules, "127.0.0.1:9090", targets), home + "prometheus.yml");
        } else {
            container.projectFile(spec.list("config").get(0), home + "prometheus.yml");
        }
        return List.of(container);
    }

    private static List<String> flags(ServiceSpec spec, String config, String data, String address) {
        List<String> flags = new ArrayList<>(List.of(
                "--config.file=" + config,
                "--storage.tsdb.path=" + data,
                "--storage.tsdb.retention.time=7d",
                "--web.listen-address=" + address,
                "--web.enable-lifecycle",
                // An alert may fire before the Alertmanager is found; by default it would be sent again after a minute.
                "--rules.alert.resend-delay=5s",
                "--log.level=warn"));
        spec.settings().forEach((key, value) -> flags.add("--" + key + "=" + value));
        return flags;
    }

    /** Prometheus starts without a file that is not there, and nobody would be told of anything. */
    private static void checkRules(Site site) throws ServiceException {
        for (String rule : site.spec().list("rules")) {
            boolean pattern = rule.matches(".*[*?\\[].*");
            if (!pattern && !Files.isReadable(site.project().resolve(rule))) {
                throw new ServiceException(
                        "'rules' of '" + site.spec().name() + "' names a file that is not there: "
                                + site.project().resolve(rule),
                        "relative paths start at the project's folder");
            }
        }
    }

    private static String configuration(Site site, int port) throws IOException {
        if (Files.notExists(alertmanagers(site.folders()))) {
            PropertiesFile.write(alertmanagers(site.folders()), "[]\n");
        }
        return configuration(
                "    - file_sd_configs:\n        - files: [" + Shell.yaml(alertmanagers(site.folders()))
                        + "]\n          refresh_interval: 5s\n",
                site.spec().list("rules").stream()
                        .map(rule -> site.project().resolve(rule).toString())
                        .toList(),
                "127.0.0.1:" + port,
                site.spec().list("targets"));
    }

    private static String configuration(String alertmanagers, List<String> rules, String itself, List<String> targets) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("global: {scrape_interval: 5s, evaluation_interval: 5s}\n");
        yaml.append("alerting:\n  alertmanagers:\n").append(alertmanagers);
        yaml.append("rule_files:\n");
        rules.forEach(rule -> yaml.append("  - ").append(Shell.yaml(rule)).append('\n'));
        yaml.append("scrape_configs:\n  - job_name: prometheus\n    static_configs: [{targets: [")
                .append(Shell.yaml(itself))
                .append("]}]\n");
        if (!targets.isEmpty()) {
            yaml.append("  - job_name: project\n    static_configs:\n      - targets:\n");
            targets.forEach(target ->
                    yaml.append("          - ").append(Shell.yaml(target)).append('\n'));
        }
        return yaml.toString();
    }

    /** The list that Alertmanagers of the stack write themselves into; Prometheus reads it again when it changes. */
    static Path alertmanagers(Folders folders) {
        return folders.root().resolve("alertmanagers.json");
    }
}
