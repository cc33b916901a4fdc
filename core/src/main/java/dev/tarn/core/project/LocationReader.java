package dev.tarn.core.project;

import dev.tarn.core.connection.Connection;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.LocalConnection;
import dev.tarn.core.connection.Location;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code connection} with {@code path} or {@code table}: where something is. */
final class LocationReader {

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:[/\\\\]");

    private final ProjectReader.Connections connections;
    private final Problems problems;

    LocationReader(ProjectReader.Connections connections, Problems problems) {
        this.connections = connections;
        this.problems = problems;
    }

    /** Where to read from; a path may hold wildcards. */
    Optional<Location> source(MappingReader in, Optional<Format> format) {
        return read(in, format, true);
    }

    /** Where to write to: one file or folder. */
    Optional<Location> target(MappingReader in, Optional<Format> format) {
        return read(in, format, false);
    }

    /** A folder of a connection. */
    Optional<Location> folder(MappingReader in) {
        Optional<LocalConnection> connection = in.requiredScalar("connection").flatMap(this::folderConnection);
        Optional<Yaml.Scalar> path = in.requiredScalar("path").filter(p -> isPath(p, false));
        return connection.flatMap(c -> path.map(p -> location(c, p, p.text().text())));
    }

    private Optional<Location> read(MappingReader in, Optional<Format> format, boolean wildcards) {
        Optional<LocalConnection> connection = in.requiredScalar("connection").flatMap(this::folderConnection);
        in.exclusive("path", "table");
        Optional<Yaml.Scalar> path = in.scalar("path").filter(p -> isPath(p, wildcards));
        Optional<Yaml.Scalar> table = in.scalar("table").filter(this::isTable);
        if (!in.has("path") && !in.has("table")) {
            String message = in.what() + " has neither 'path' nor 'table'";
            problems.error(ProblemCode.MISSING_KEY, in.where(), message, "add one of them");
        }
        return connection.flatMap(c -> path.map(p -> location(c, p, p.text().text()))
                .or(() -> table.flatMap(t ->
                        format.map(f -> location(c, t, file(t.text().text(), f))))));
    }

    boolean isMariaDb(MappingReader in) {
        return connections
                .database(in)
                .filter(c -> c.kind() == DatabaseConnection.Kind.MARIADB)
                .isPresent();
    }

    /** A table of a database, or for a query the database itself. */
    Optional<Location> inDatabase(MappingReader in, boolean isQuery) {
        Optional<Yaml.Scalar> name = in.requiredScalar("connection");
        Optional<DatabaseConnection> connection = name.flatMap(n -> ofKind(
                n, DatabaseConnection.class, "has no tables for format sql", "use one of type postgres or mariadb"));
        in.keySpan("path")
                .ifPresent(span -> problems.error(
                        ProblemCode.CONFLICTING_KEYS, span, "'path' has no meaning for format sql", "use 'table'"));
        if (isQuery) {
            return connection.flatMap(c -> name.map(n -> new Location(c.name(), "(query)", c.root(), n.span())));
        }
        if (!in.has("path")) {
            in.require("table");
        }
        Optional<Yaml.Scalar> table = in.scalar("table").filter(this::isDatabaseTable);
        return connection.flatMap(c -> table.map(
                t -> new Location(c.name(), t.text().text(), c.path(t.text().text()), t.span())));
    }

    private boolean isDatabaseTable(Yaml.Scalar scalar) {
        String name = scalar.text().text();
        boolean valid = name.matches("[^.\\p{Cntrl}\"`'/\\\\*?\\[\\]]+(\\.[^.\\p{Cntrl}\"`'/\\\\*?\\[\\]]+)?");
        if (!valid) {
            problems.error(
                    ProblemCode.INVALID_NAME,
                    scalar.span(),
                    "table name " + Names.quoted(name) + " is not allowed",
                    "write table or schema.table, without quotes");
        }
        return valid;
    }

    private Optional<LocalConnection> folderConnection(Yaml.Scalar scalar) {
        return ofKind(
                scalar, LocalConnection.class, "has no files", "use one of type local, or format: sql for a table");
    }

    private <T extends Connection> Optional<T> ofKind(Yaml.Scalar scalar, Class<T> kind, String why, String help) {
        Optional<Connection> connection = connection(scalar);
        if (connection.isPresent() && !kind.isInstance(connection.get())) {
            problems.error(
                    ProblemCode.INVALID_VALUE,
                    scalar.span(),
                    "connection " + Names.quoted(connection.get().name()) + " " + why,
                    help);
        }
        return connection.filter(kind::isInstance).map(kind::cast);
    }

    private Optional<Connection> connection(Yaml.Scalar scalar) {
        String name = scalar.text().text();
        if (!connections.names().contains(name)) {
            String help = Names.didYouMean(name, connections.names())
                    .orElse(
                            connections.names().isEmpty()
                                    ? "declare it under 'connections'"
                                    : "declared: " + String.join(", ", connections.names()));
            String message = "unknown connection " + Names.quoted(name);
            problems.error(ProblemCode.UNKNOWN_CONNECTION, scalar.span(), message, help);
        }
        return connections.find(name);
    }

    private boolean isPath(Yaml.Scalar scalar, boolean wildcards) {
        if (LocalPath.isRefused(scalar, problems)) {
            return false;
        }
        boolean refused = !wildcards && LocalPath.hasWildcard(scalar.text().text());
        if (refused) {
            problems.error(
                    ProblemCode.INVALID_VALUE,
                    scalar.span(),
                    "a path to write to holds no wildcard",
                    "write without *, ? and [");
        }
        return !refused;
    }

    private boolean isTable(Yaml.Scalar scalar) {
        String name = scalar.text().text();
        boolean valid = Arrays.stream(name.split("\\.", -1)).allMatch(Identifiers::isIdentifier);
        if (!valid) {
            problems.error(
                    ProblemCode.INVALID_NAME,
                    scalar.span(),
                    "table name " + Names.quoted(name) + " is not allowed",
                    "use names of letters, digits and underscores with dots between them, or 'path'");
        }
        return valid;
    }

    private static String file(String table, Format format) {
        String path = table.replace('.', '/');
        return format == Format.DELTA ? path : path + "." + format.id();
    }

    private static Location location(LocalConnection connection, Yaml.Scalar declared, String path) {
        String absolute = isAbsolute(path) ? path : connection.basePath() + "/" + path;
        return new Location(connection.name(), declared.text().text(), normalized(absolute), declared.span());
    }

    private static boolean isAbsolute(String path) {
        return path.startsWith("/") || DRIVE.matcher(path).lookingAt();
    }

    /** Takes out {@code .} and {@code ..}; as text, because a path with wildcards is none on every system. */
    private static String normalized(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
    }
}
