package dev.tarn.core.project;

import dev.tarn.core.connection.Location;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code read} and {@code inputs} of a node. */
final class InputReader {

    private static final Choices<Format> FORMATS = Choices.of(
            "format", Format.class, "api", "excel", "avro", "cloudFiles", "sql_server", "azure_sql", "simulation");
    private static final Pattern NODE =
            Pattern.compile("\\$(?<pipeline>[A-Za-z_][A-Za-z0-9_]*)\\.(?<node>[A-Za-z_][A-Za-z0-9_]*)");
    private static final String[] LATER = {"streaming", "schema_ddl", "sql_file", "incremental", "archive_options"};

    private final LocationReader locations;
    private final Problems problems;

    InputReader(LocationReader locations, Problems problems) {
        this.locations = locations;
        this.problems = problems;
    }

    List<Input> read(MappingReader node) {
        node.exclusive("read", "inputs");
        List<Input> inputs = new ArrayList<>();
        node.mapping("read").flatMap(this::external).ifPresent(r -> inputs.add(new Input.External(Input.OWN, r)));
        node.mapping("inputs").map(this::inputs).ifPresent(inputs::addAll);
        return inputs;
    }

    private List<Input> inputs(MappingReader in) {
        Identifiers names = new Identifiers("input", problems);
        List<Input> inputs = new ArrayList<>();
        List<Yaml.Entry> entries = in.entries();
        for (Yaml.Entry entry : entries) {
            if (names.add(entry.key(), entry.keySpan()) && isOwnOnlyFirst(entry, entries)) {
                input(entry).ifPresent(inputs::add);
            }
        }
        if (entries.isEmpty()) {
            problems.error(ProblemCode.NOTHING_TO_DO, in.where(), "'inputs' is empty", "add one: name: $pipeline.node");
        }
        return inputs;
    }

    private boolean isOwnOnlyFirst(Yaml.Entry entry, List<Yaml.Entry> entries) {
        boolean allowed =
                !entry.key().equalsIgnoreCase(Input.OWN) || entries.get(0).key().equals(entry.key());
        if (!allowed) {
            problems.error(
                    ProblemCode.INVALID_NAME,
                    entry.keySpan(),
                    "input name " + Names.quoted(entry.key()) + " is not allowed here",
                    "in SQL 'df' is the first input: use another name or put it first");
        }
        return allowed;
    }

    private Optional<Input> input(Yaml.Entry entry) {
        if (entry.value() instanceof Yaml.Mapping mapping) {
            String what = "input " + Names.quoted(entry.key());
            return external(new MappingReader(mapping, Model.READ, what, entry.keySpan(), problems))
                    .map(r -> new Input.External(entry.key(), r));
        }
        if (entry.value() instanceof Yaml.Scalar scalar && !scalar.isNull()) {
            return fromNode(entry.key(), scalar);
        }
        if (!(entry.value() instanceof Yaml.Unresolved)) {
            String message = "input " + Names.quoted(entry.key()) + " is "
                    + entry.value().kind() + ", not '$pipeline.node' or what 'read' takes";
            problems.error(ProblemCode.WRONG_TYPE, entry.value().span(), message);
        }
        return Optional.empty();
    }

    private Optional<Input> fromNode(String name, Yaml.Scalar scalar) {
        String text = scalar.text().text();
        Matcher matcher = NODE.matcher(text);
        if (!matcher.matches()) {
            problems.error(
                    ProblemCode.INVALID_VALUE,
                    scalar.span(),
                    Names.quoted(text) + " names no node",
                    "write $pipeline.node, or a mapping with what 'read' takes");
            return Optional.empty();
        }
        NodeId node = new NodeId(matcher.group("pipeline"), matcher.group("node"));
        return Optional.of(new Input.FromNode(name, node, scalar.span()));
    }

    private Optional<Read> external(MappingReader in) {
        in.require("format");
        Optional<Format> format = in.choice("format", FORMATS);
        boolean isSql = format.isPresent() && format.get() == Format.SQL;
        SqlRead sql = sql(in, isSql);
        Optional<Location> location = isSql ? locations.inDatabase(in, in.has("query")) : locations.source(in, format);
        List<Option> options = new OptionReader(problems).read(in);
        Optional<Yaml.Scalar> filter = in.scalar("filter");
        OptionalLong version =
                in.mapping("time_travel").map(t -> version(t, format)).orElse(OptionalLong.empty());
        in.unsupported(LATER);
        in.hint("use 'format'", "type");
        in.hint("use 'path'", "file", "files", "location");
        in.hint("use 'filter'", "where");
        in.finish();
        return format.flatMap(f -> location.map(l -> new Read(
                f,
                l,
                options,
                filter.map(Yaml.Scalar::text),
                version,
                isSql ? Optional.of(sql) : Optional.empty(),
                in.where())));
    }

    private SqlRead sql(MappingReader in, boolean isSql) {
        in.exclusive("table", "query");
        Optional<Yaml.Scalar> query = in.scalar("query");
        Optional<String> splitBy = in.text("split_by");
        OptionalLong parallel = in.whole("parallel", 1, 32);
        if (!isSql) {
            for (String key : List.of("query", "split_by", "parallel")) {
                in.keySpan(key)
                        .ifPresent(span -> problems.error(
                                ProblemCode.CONFLICTING_KEYS,
                                span,
                                Names.quoted(key) + " has no meaning for files and Delta tables",
                                "use it with format: sql"));
            }
        }
        query.filter(q -> q.text().text().isBlank())
                .ifPresent(q ->
                        problems.error(ProblemCode.INVALID_VALUE, q.span(), "the query is empty", "write a SELECT"));
        boolean many = parallel.isPresent() && parallel.getAsLong() > 1;
        if (query.isPresent() && (many || splitBy.isPresent()) && locations.isMariaDb(in)) {
            in.keySpan(many ? "parallel" : "split_by")
                    .ifPresent(span -> problems.error(
                            ProblemCode.UNSUPPORTED_KEY,
                            span,
                            "a query of MariaDB is read by one connection",
                            "two of its transactions see the same only of a table that is locked as they begin; remove the"
                                    + " key, or read a table"));
        }
        return new SqlRead(
                query.map(Yaml.Scalar::text),
                splitBy,
                parallel.isPresent() ? OptionalInt.of((int) parallel.getAsLong()) : OptionalInt.empty());
    }

    private OptionalLong version(MappingReader in, Optional<Format> format) {
        in.unsupported("as_of_timestamp");
        OptionalLong version = in.whole("as_of_version", 0, Long.MAX_VALUE);
        in.finish();
        if (format.isPresent() && format.get() != Format.DELTA) {
            String message =
                    "'time_travel' has no meaning for format " + format.get().id();
            problems.error(ProblemCode.CONFLICTING_KEYS, in.where(), message, "use it with format: delta");
        }
        return version;
    }
}
