package dev.tarn.core.project;

import static java.util.stream.Collectors.toMap;

import dev.tarn.core.connection.Connection;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.DatabaseConnection.Tls;
import dev.tarn.core.connection.KafkaConnection;
import dev.tarn.core.connection.LocalConnection;
import dev.tarn.core.connection.SecretText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the connections of a project. */
final class ConnectionReader {

    /** The keys of each type, besides {@code type}. */
    static final Map<String, List<String>> KEYS = keys();

    private static final Choices<String> TYPES = new Choices<>(
            "connection type",
            KEYS.keySet().stream().collect(toMap(type -> type, type -> type, (a, b) -> a, LinkedHashMap::new)),
            Set.of(
                    "azure_blob",
                    "azure_adls",
                    "sql_server",
                    "azure_sql",
                    "http",
                    "delta",
                    "unity_catalog",
                    "local_dbfs",
                    "custom"));
    private static final Choices<Tls> TLS = Choices.of("tls", Tls.class);

    private final Path directory;
    private final DatabasePlaces places;
    private final Problems problems;

    ConnectionReader(Path directory, DatabasePlaces places, Problems problems) {
        this.directory = directory;
        this.places = places;
        this.problems = problems;
    }

    private static Map<String, List<String>> keys() {
        List<String> database =
                List.of("service", "host", "port", "database", "user", "password", "tls", "certificate", "properties");
        Map<String, List<String>> keys = new LinkedHashMap<>();
        keys.put("local", List.of("base_path"));
        keys.put("postgres", database);
        keys.put("mariadb", database);
        keys.put("kafka", List.of("service", "bootstrap_servers", "properties"));
        return keys;
    }

    List<Connection> readAll(List<Yaml.Entry> declared) {
        Identifiers names = new Identifiers("connection", problems);
        List<Connection> connections = new ArrayList<>();
        for (Yaml.Entry entry : declared) {
            if (names.add(entry.key(), entry.keySpan())) {
                read(entry).ifPresent(connections::add);
            }
        }
        return connections;
    }

    private Optional<Connection> read(Yaml.Entry entry) {
        String what = "connection " + Names.quoted(entry.key());
        if (!(entry.value() instanceof Yaml.Mapping mapping)) {
            if (!(entry.value() instanceof Yaml.Unresolved)) {
                String message = what + " is a mapping, not " + entry.value().kind();
                problems.error(
                        ProblemCode.WRONG_TYPE, entry.value().span(), message, "use {type: local, base_path: ./data}");
            }
            return Optional.empty();
        }
        MappingReader in = new MappingReader(mapping, Model.CONNECTION, what, entry.keySpan(), problems);
        in.require("type");
        Optional<String> type = in.choice("type", TYPES);
        in.unsupported("validation_mode");
        in.hint("use 'base_path'", "path", "root", "folder", "directory", "dir");
        in.hint("use 'user'", "username", "login");
        in.hint("use 'tls'", "ssl", "sslmode", "ssl_mode", "encrypt");
        in.hint("use 'bootstrap_servers'", "brokers", "servers");
        in.hint("use 'properties'", "options", "settings");
        // The keys of a type that is not known cannot be checked.
        if (type.isEmpty()) {
            return Optional.empty();
        }
        in.readElsewhere();
        in.finish();
        boolean fits = checkKeys(in, type.get(), what);
        Optional<? extends Connection> connection = switch (type.get()) {
            case "postgres" -> database(in, entry, DatabaseConnection.Kind.POSTGRES);
            case "mariadb" -> database(in, entry, DatabaseConnection.Kind.MARIADB);
            case "kafka" -> kafka(in, entry);
            default -> local(in, entry);
        };
        return fits ? connection.map(c -> c) : Optional.empty();
    }

    /** Whether it has keys of its type only. */
    private boolean checkKeys(MappingReader in, String type, String what) {
        List<String> allowed = KEYS.getOrDefault(type, List.of());
        List<String> foreign = Model.CONNECTION.keys().keySet().stream()
                .filter(key -> !key.equals("type") && !allowed.contains(key) && in.has(key))
                .toList();
        foreign.forEach(key -> in.keySpan(key)
                .ifPresent(span -> problems.error(
                        ProblemCode.UNKNOWN_KEY,
                        span,
                        "unknown key " + Names.quoted(key) + " in " + what,
                        "a connection of type '" + type + "' has " + String.join(", ", allowed))));
        return foreign.isEmpty();
    }

    private Optional<LocalConnection> local(MappingReader in, Yaml.Entry entry) {
        boolean given = in.has("base_path");
        Optional<Yaml.Scalar> base = in.scalar("base_path");
        Optional<Path> path = given ? base.flatMap(this::basePath) : Optional.of(directory.resolve("data"));
        SourceSpan span = base.map(Yaml.Scalar::span).orElse(entry.keySpan());
        return path.filter(p -> isLiteral(p, span)).map(p -> new LocalConnection(entry.key(), p, entry.keySpan()));
    }

    private Optional<DatabaseConnection> database(MappingReader in, Yaml.Entry entry, DatabaseConnection.Kind kind) {
        in.exclusive("service", "host");
        Optional<String> service = in.text("service");
        if (service.isEmpty()) {
            requireServer(in, "host");
            in.require("database");
            in.require("user");
        } else {
            for (String key : List.of("port", "user", "password", "tls", "certificate")) {
                in.exclusive("service", key);
            }
        }
        OptionalLong port = in.whole("port", 1, 65535);
        Optional<Tls> tls = in.choice("tls", TLS);
        Optional<Path> certificate = in.scalar("certificate").flatMap(this::basePath);
        if (in.has("certificate") && tls.orElse(Tls.OFF) != Tls.VERIFY) {
            in.keySpan("certificate")
                    .ifPresent(span -> problems.error(
                            ProblemCode.CONFLICTING_KEYS,
                            span,
                            "'certificate' has no meaning without 'tls: verify'",
                            "add it, or remove 'certificate'"));
        }
        Optional<SecretText> host = secretText(in, "host");
        OptionalInt number = port.isPresent() ? OptionalInt.of((int) port.getAsLong()) : OptionalInt.empty();
        Optional<SecretText> database = secretText(in, "database");
        return Optional.of(new DatabaseConnection(
                entry.key(),
                kind,
                service,
                host,
                number,
                database,
                secretText(in, "user"),
                secretText(in, "password"),
                tls.orElse(Tls.OFF),
                certificate,
                properties(in),
                service.map(name -> places.ofService(name, database))
                        .orElseGet(() -> places.ofHost(kind, host, number, database)),
                entry.keySpan()));
    }

    private Optional<KafkaConnection> kafka(MappingReader in, Yaml.Entry entry) {
        in.exclusive("service", "bootstrap_servers");
        Optional<String> service = in.text("service");
        if (service.isEmpty()) {
            requireServer(in, "bootstrap_servers");
        }
        return Optional.of(new KafkaConnection(
                entry.key(), service, secretText(in, "bootstrap_servers"), properties(in), entry.keySpan()));
    }

    private void requireServer(MappingReader in, String key) {
        if (!in.has(key)) {
            problems.error(
                    ProblemCode.MISSING_KEY,
                    in.where(),
                    in.what() + " has neither '" + key + "' nor 'service'",
                    "add one of them");
        }
    }

    private static Optional<SecretText> secretText(MappingReader in, String key) {
        return in.text(key).map(SecretText::of);
    }

    private Map<String, SecretText> properties(MappingReader in) {
        Map<String, SecretText> properties = new LinkedHashMap<>();
        for (Yaml.Entry entry :
                in.mapping("properties").map(MappingReader::entries).orElse(List.of())) {
            if (entry.value() instanceof Yaml.Scalar scalar && !scalar.isNull()) {
                properties.put(entry.key(), SecretText.of(scalar.text().text()));
            } else if (!(entry.value() instanceof Yaml.Unresolved)) {
                problems.error(
                        ProblemCode.WRONG_TYPE,
                        entry.value().span(),
                        "the property " + Names.quoted(entry.key()) + " takes a single value, not "
                                + entry.value().kind());
            }
        }
        return properties;
    }

    private Optional<Path> basePath(Yaml.Scalar scalar) {
        if (LocalPath.isRefused(scalar, problems)) {
            return Optional.empty();
        }
        String text = scalar.text().text();
        try {
            return Optional.of(directory.resolve(text).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            problems.error(ProblemCode.INVALID_VALUE, scalar.span(), Names.quoted(text) + " is not a path");
            return Optional.empty();
        }
    }

    /** A wildcard in the folder would turn every path below it into a pattern. */
    private boolean isLiteral(Path folder, SourceSpan span) {
        boolean wildcard = LocalPath.hasWildcard(folder.toString());
        if (wildcard) {
            problems.error(
                    ProblemCode.INVALID_VALUE,
                    span,
                    "the path of a connection's folder holds a wildcard",
                    "use a folder without *, ? and [ in its path");
        }
        return !wildcard;
    }
}
