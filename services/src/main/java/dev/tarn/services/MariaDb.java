package dev.tarn.services;

import dev.tarn.provision.DebianPackages;
import dev.tarn.provision.Request;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** MariaDB with row-based binary logs: the installed one, else Debian's, unpacked. */
final class MariaDb implements ServiceDefinition {

    private static final DebianPackages PACKAGES =
            new DebianPackages("MariaDB", "mariadb-server-core", "mariadb-client-core");

    @Override
    public String title() {
        return "MariaDB";
    }

    @Override
    public Set<String> options() {
        return Set.of("database");
    }

    @Override
    public long defaultMemory() {
        return Memory.mebibytes(384);
    }

    @Override
    public List<Request> requests(Installed installed) {
        return installedRoot(installed).isPresent() ? List.of() : List.of(PACKAGES);
    }

    /** The folder that has {@code usr/sbin/mariadbd}. */
    private static Optional<Path> installedRoot(Installed installed) {
        return installed
                .find("mariadbd")
                .map(Path::toString)
                .filter(path -> path.equals("/usr/sbin/mariadbd"))
                .filter(path -> installed.find("mariadb-install-db").isPresent())
                .map(path -> Path.of("/"));
    }

    @Override
    public HealthCheck health(Server server, Site site, int port) {
        return HealthChecks.mariaDb(port);
    }

    @Override
    public Launch launch(Server server, Site site) throws ServiceException, IOException, InterruptedException {
        Optional<Path> installed = installedRoot(site.installed());
        Path root = installed.isPresent() ? installed.get() : site.fetched(PACKAGES);
        Map<String, String> environment = libraries(root);
        makeData(site, root, environment);
        Credentials credentials = site.credentials();
        String database = site.spec().database();
        Path init = site.folder().resolve("init.sql");
        PropertiesFile.write(init, initialSql(credentials, database));
        int port = site.port();
        Path client = site.folder().resolve("client.cnf");
        PropertiesFile.write(
                client,
                "[client]\nhost=127.0.0.1\nport=" + port + "\nprotocol=tcp\nuser=" + credentials.user() + "\npassword="
                        + credentials.password() + "\n");
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("credentials", credentials.file().toString());
        facts.put("client", clientCommand(root, environment, client, database));
        return new Launch(
                command(site, root, init, port),
                environment,
                site.folder(),
                port,
                health(server, site, port),
                "TERM",
                "mariadb://" + credentials.user() + "@127.0.0.1:" + port + "/" + database,
                facts);
    }

    private static String clientCommand(Path root, Map<String, String> environment, Path client, String database) {
        String libraries = environment.containsKey("LD_LIBRARY_PATH")
                ? "LD_LIBRARY_PATH=" + Shell.quote(String.valueOf(environment.get("LD_LIBRARY_PATH"))) + " "
                : "";
        return libraries + Shell.quote(root.resolve("usr/bin/mariadb")) + " --defaults-file=" + Shell.quote(client)
                + " " + database;
    }

    /** The libraries that came with unpacked packages. */
    static Map<String, String> libraries(Path root) throws IOException {
        if (root.equals(Path.of("/"))) {
            return Map.of();
        }
        List<String> folders = new ArrayList<>();
        for (String parent : List.of("usr/lib", "lib")) {
            if (Files.isDirectory(root.resolve(parent))) {
                try (DirectoryStream<Path> found = Files.newDirectoryStream(root.resolve(parent), "*-linux-gnu*")) {
                    found.forEach(folder -> folders.add(folder.toString()));
                }
            }
        }
        return Map.of("LD_LIBRARY_PATH", String.join(":", folders));
    }

    @Override
    public List<Container> containers(ServiceSpec spec, List<ServiceSpec> all) {
        List<String> command = new ArrayList<>();
        settings(spec, spec.memoryOr(defaultMemory()))
                .forEach((key, value) -> command.add(Container.plain("--" + key + "=" + value)));
        return List.of(new Container(spec.name(), "mariadb:10.11", spec.memoryOr(defaultMemory()))
                .environment("MARIADB_USER", "tarn")
                .environment("MARIADB_PASSWORD", Container.password(spec))
                .environment("MARIADB_ROOT_PASSWORD", Container.password(spec))
                .environment("MARIADB_DATABASE", spec.option("database", "tarn"))
                .command(command)
                .port(3306, spec)
                .data("/var/lib/mysql")
                .file(
                        "GRANT ALL PRIVILEGES ON *.* TO 'tarn'@'%' WITH GRANT OPTION;\n",
                        "/docker-entrypoint-initdb.d/rights.sql")
                .health("healthcheck.sh", "--connect", "--innodb_initialized"));
    }

    private static void makeData(Site site, Path root, Map<String, String> environment)
            throws ServiceException, IOException, InterruptedException {
        site.makeOnce(
                site.data(),
                folder -> site.run(
                        "mariadb-install-db",
                        Site.command(
                                List.of(
                                        root.resolve("usr/bin/mariadb-install-db")
                                                .toString(),
                                        "--no-defaults",
                                        "--basedir=" + root.resolve("usr"),
                                        "--lc-messages-dir=" + root.resolve("usr/share/mysql"),
                                        // Relative: the script does not quote it where it changes owners.
                                        "--datadir=./" + folder.getFileName(),
                                        "--auth-root-authentication-method=normal",
                                        "--skip-test-db"),
                                asRoot()),
                        environment,
                        ""));
    }

    /** Root has to say that it means it. */
    private static List<String> asRoot() {
        return Installed.isRoot() ? List.of("--user=root") : List.of();
    }

    /** Run at each start: the passwords are those of the credentials file, whatever was there before. */
    private static String initialSql(Credentials credentials, String database) {
        String password = credentials.password();
        StringBuilder sql = new StringBuilder();
        sql.append("DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');\n");
        sql.append("FLUSH PRIVILEGES;\n");
        sql.append("ALTER USER root@localhost IDENTIFIED BY '" + password + "';\n");
        for (String host : List.of("127.0.0.1", "localhost")) {
            String account = "'" + credentials.user() + "'@'" + host + "'";
            sql.append("CREATE USER IF NOT EXISTS " + account + ";\n");
            sql.append("ALTER USER " + account + " IDENTIFIED BY '" + password + "';\n");
            sql.append("GRANT ALL PRIVILEGES ON *.* TO " + account + " WITH GRANT OPTION;\n");
        }
        sql.append("CREATE DATABASE IF NOT EXISTS `" + database + "`;\n");
        return sql.toString();
    }

    private static Map<String, String> settings(ServiceSpec spec, long memory) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("log-bin", "binlog");
        settings.put("binlog-format", "ROW");
        settings.put("binlog-row-image", "FULL");
        settings.put("server-id", "1");
        settings.put("innodb-buffer-pool-size", String.valueOf(memory / 4));
        settings.put("performance-schema", "OFF");
        settings.put("character-set-server", "utf8mb4");
        spec.settings().forEach((key, value) -> settings.put(key.replace('_', '-'), value));
        return settings;
    }

    private static List<String> command(Site site, Path root, Path init, int port) {
        Map<String, String> settings = settings(site.spec(), site.memory());
        settings.put("bind-address", "127.0.0.1");
        settings.put("port", String.valueOf(port));
        settings.put("skip-name-resolve", "ON");
        // Below the data folder, which is the server's working folder: a socket's path has to be short.
        settings.put("socket", "mariadb.sock");
        settings.put("pid-file", "mariadb.pid");
        List<String> command = new ArrayList<>(List.of(
                root.resolve("usr/sbin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + root.resolve("usr"),
                "--lc-messages-dir=" + root.resolve("usr/share/mysql"),
                "--plugin-dir=" + root.resolve("usr/lib/mysql/plugin"),
                "--datadir=" + site.data(),
                "--init-file=" + init));
        command.addAll(asRoot());
        settings.forEach((key, value) -> command.add("--" + key + "=" + value));
        return command;
    }
}
