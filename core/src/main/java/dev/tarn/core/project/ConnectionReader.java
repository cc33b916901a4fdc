package dev.tarn.core.project;

import dev.tarn.core.connection.LocalConnection;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the connections of a project. */
final class ConnectionReader {

    private static final Choices<String> TYPES = new Choices<>(
            "connection type",
            Map.of("local", "local"),
            Set.of(
                    "azure_blob",
                    "azure_adls",
                    "sql_server",
                    "azure_sql",
                    "postgres",
                    "http",
                    "delta",
                    "unity_catalog",
                    "local_dbfs",
                    "custom"));

    private final Path directory;
    private final Problems problems;

    ConnectionReader(Path directory, Problems problems) {
        this.directory = directory;
        this.problems = problems;
    }

    List<LocalConnection> readAll(List<Yaml.Entry> declared) {
        Identifiers names = new Identifiers("connection", problems);
        List<LocalConnection> connections = new ArrayList<>();
        for (Yaml.Entry entry : declared) {
            if (names.add(entry.key(), entry.keySpan())) {
                read(entry).ifPresent(connections::add);
            }
        }
        return connections;
    }

    private Optional<LocalConnection> read(Yaml.Entry entry) {
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
        // The keys of other types are not known here, so only those of a local connection can be checked.
        return in.choice("type", TYPES).flatMap(type -> local(in, entry));
    }

    private Optional<LocalConnection> local(MappingReader in, Yaml.Entry entry) {
        boolean given = in.has("base_path");
        Optional<Yaml.Scalar> base = in.scalar("base_path");
        in.unsupported("validation_mode");
        in.hint("use 'base_path'", "path", "root", "folder", "directory", "dir");
        in.finish();
        Optional<Path> path = given ? base.flatMap(this::basePath) : Optional.of(directory.resolve("data"));
        SourceSpan span = base.map(Yaml.Scalar::span).orElse(entry.keySpan());
        return path.filter(p -> isLiteral(p, span)).map(p -> new LocalConnection(entry.key(), p, entry.keySpan()));
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
