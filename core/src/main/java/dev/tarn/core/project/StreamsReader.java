package dev.tarn.core.project;

import dev.tarn.core.connection.Connection;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.LocalConnection;
import dev.tarn.core.project.StreamDeclaration.Deletes;
import dev.tarn.core.project.StreamDeclaration.SchemaChanges;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads the streams of a project. */
final class StreamsReader {

    static final String KEY = "streams";

    static final long BATCH_ROWS = 100_000;
    static final long BATCH_MILLIS = 1_000;

    /** What the names of replication slots may be. */
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,49}");

    private static final Pattern TABLE = Pattern.compile("([A-Za-z0-9_*]+\\.)?[A-Za-z0-9_*]+");
    private static final Choices<SchemaChanges> SCHEMA_CHANGES = Choices.of("policy", SchemaChanges.class);
    private static final Choices<Deletes> DELETES = Choices.of("policy", Deletes.class);
    private static final String TABLE_PART = "{table}";

    private final ProjectReader.Connections connections;
    private final Problems problems;

    StreamsReader(ProjectReader.Connections connections, Problems problems) {
        this.connections = connections;
        this.problems = problems;
    }

    List<StreamDeclaration> read(MappingReader project) {
        List<StreamDeclaration> streams = new ArrayList<>();
        for (Yaml.Entry entry : project.mapping(KEY).map(MappingReader::entries).orElse(List.of())) {
            String what = "stream " + Names.quoted(entry.key());
            if (!NAME.matcher(entry.key()).matches()) {
                problems.error(
                        ProblemCode.INVALID_NAME,
                        entry.keySpan(),
                        what + ": names of streams are at most 50 small letters, digits and underscores",
                        "a replication slot is named after it");
            } else if (entry.value() instanceof Yaml.Mapping mapping) {
                read(new MappingReader(mapping, Model.STREAM, what, entry.keySpan(), problems), entry)
                        .ifPresent(streams::add);
            } else if (!(entry.value() instanceof Yaml.Unresolved)) {
                problems.error(
                        ProblemCode.WRONG_TYPE,
                        entry.value().span(),
                        what + " is a mapping, not " + entry.value().kind(),
                        "use {source: NAME, tables: [public.orders], target: {connection: lake}}");
            }
        }
        return streams;
    }

    private Optional<StreamDeclaration> read(MappingReader in, Yaml.Entry entry) {
        Optional<DatabaseConnection> source = in.requiredScalar("source").flatMap(this::source);
        in.require("tables");
        List<String> tables = tables(in, "tables");
        List<String> exclude = tables(in, "exclude");
        in.require("target");
        Optional<Target> target = in.mapping("target").flatMap(this::target);
        Optional<MappingReader> batch = in.mapping("batch");
        long rows = batch.map(b -> b.whole("rows", 1, 10_000_000))
                .orElse(OptionalLong.empty())
                .orElse(BATCH_ROWS);
        long millis = batch.map(b -> b.whole("milliseconds", 100, 3_600_000))
                .orElse(OptionalLong.empty())
                .orElse(BATCH_MILLIS);
        batch.ifPresent(MappingReader::finish);
        OptionalLong port = in.whole("metrics_port", 1, 65535);
        Optional<SchemaChanges> changes = in.choice("on_schema_change", SCHEMA_CHANGES);
        Optional<Deletes> deletes = in.choice("deletes", DELETES);
        in.hint("use 'source'", "connection", "from", "database");
        in.hint("use 'tables'", "table", "include");
        in.hint("use 'target'", "to", "write", "sink");
        in.finish();
        if (source.isEmpty() || target.isEmpty() || tables.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new StreamDeclaration(
                entry.key(),
                source.get().name(),
                tables,
                exclude,
                target.get().folder(),
                target.get().naming(),
                rows,
                Duration.ofMillis(millis),
                port.isPresent() ? OptionalInt.of((int) port.getAsLong()) : OptionalInt.empty(),
                changes.orElse(SchemaChanges.STRICT),
                deletes.orElse(Deletes.HARD),
                entry.keySpan()));
    }

    private Optional<DatabaseConnection> source(Yaml.Scalar scalar) {
        Optional<Connection> found = connection(scalar);
        if (found.isPresent() && found.get() instanceof DatabaseConnection database) {
            if (database.kind() == DatabaseConnection.Kind.POSTGRES) {
                return Optional.of(database);
            }
        }
        found.ifPresent(c -> problems.error(
                ProblemCode.INVALID_VALUE,
                scalar.span(),
                "connection " + Names.quoted(c.name()) + " has no changes that streams follow",
                "use one of type postgres"));
        return Optional.empty();
    }

    private List<String> tables(MappingReader in, String key) {
        List<String> tables = new ArrayList<>();
        for (Yaml.Scalar scalar : in.texts(key)) {
            String name = scalar.text().text();
            if (TABLE.matcher(name).matches()) {
                tables.add(name.indexOf('.') < 0 ? "public." + name : name);
            } else {
                problems.error(
                        ProblemCode.INVALID_NAME,
                        scalar.span(),
                        "table name " + Names.quoted(name) + " is not allowed",
                        "write table or schema.table, of letters, digits and underscores; * stands for any of them");
            }
        }
        return tables;
    }

    private record Target(Path folder, String naming) {}

    private Optional<Target> target(MappingReader in) {
        Optional<LocalConnection> folder = in.requiredScalar("connection").flatMap(this::folder);
        String naming = in.scalar("table").map(this::naming).orElse(TABLE_PART);
        in.finish();
        return folder.map(connection -> new Target(connection.basePath(), naming.replace('.', '/')));
    }

    private Optional<LocalConnection> folder(Yaml.Scalar scalar) {
        Optional<Connection> found = connection(scalar);
        if (found.isPresent() && found.get() instanceof LocalConnection local) {
            return Optional.of(local);
        }
        found.ifPresent(c -> problems.error(
                ProblemCode.INVALID_VALUE,
                scalar.span(),
                "connection " + Names.quoted(c.name()) + " has no files",
                "use one of type local"));
        return Optional.empty();
    }

    private String naming(Yaml.Scalar scalar) {
        String text = scalar.text().text();
        String plain = text.replace(TABLE_PART, "t").replace("{schema}", "s");
        boolean valid = text.contains(TABLE_PART)
                && Pattern.matches("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*", plain);
        if (!valid) {
            problems.error(
                    ProblemCode.INVALID_VALUE,
                    scalar.span(),
                    "'table' takes a name with {table} in it, not " + Names.quoted(text),
                    "such as bronze.{table} or bronze.{schema}_{table}");
        }
        return valid ? text : TABLE_PART;
    }

    private Optional<Connection> connection(Yaml.Scalar scalar) {
        String name = scalar.text().text();
        if (!connections.names().contains(name)) {
            problems.error(
                    ProblemCode.UNKNOWN_CONNECTION,
                    scalar.span(),
                    "unknown connection " + Names.quoted(name),
                    Names.didYouMean(name, connections.names()).orElse("declare it under 'connections'"));
        }
        return connections.find(name);
    }
}
