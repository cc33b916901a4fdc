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
        int port = site.port();
        Path config = site.folder().resolve("prometheus.yml");
        PropertiesFile.write(config, configuration(site, port));
        Folders.makePrivate(site.data());
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--config.file=" + site.file("config").orElse(config),
                "--storage.tsdb.path=" + site.data(),
                "--storage.tsdb.retention.time=7d",
                "--web.listen-address=127.0.0.1:" + port,
                "--web.enable-lifecycle",
                // An alert may fire before the Alertmanager is found; by default it would be sent again after a minute.
                "--rules.alert.resend-delay=5s",
                "--log.level=warn"));
        site.spec().settings().forEach((key, value) -> command.add("--" + key + "=" + value));
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

    private static String configuration(Site site, int port) throws IOException, ServiceException {
        StringBuilder yaml = new StringBuilder();
        yaml.append("global: {scrape_interval: 5s, evaluation_interval: 5s}\n");
        yaml.append("alerting:\n  alertmanagers:\n    - file_sd_configs:\n        - files: [")
                .append(Shell.yaml(alertmanagers(site.folders())))
                .append("]\n          refresh_interval: 5s\n");
        if (Files.notExists(alertmanagers(site.folders()))) {
            PropertiesFile.write(alertmanagers(site.folders()), "[]\n");
        }
        yaml.append("rule_files:\n");
        for (String rule : site.spec().list("rules")) {
            yaml.append("  - ").append(Shell.yaml(site.project().resolve(rule))).append('\n');
        }
        yaml.append("scrape_configs:\n  - job_name: prometheus\n    static_configs: [{targets: ['127.0.0.1:")
                .append(port)
                .append("']}]\n");
        List<String> targets = site.spec().list("targets");
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
