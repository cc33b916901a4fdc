package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one node. */
final class NodeReader {

    private static final Choices<OnError> ON_ERROR = Choices.of("on_error", OnError.class);
    private static final String[] LATER = {
        "explanation",
        "explanation_file",
        "runbook_url",
        "pattern",
        "streaming",
        "materialized",
        "contracts",
        "schema_policy",
        "privacy",
        "recipe",
        "recipe_vars"
    };

    private final InputReader inputs;
    private final WriteReader writes;
    private final ValidationReader validations;
    private final TransformReader transforms;
    private final SqlFiles sqlFiles;
    private final Dialect dialect;
    private final Problems problems;

    NodeReader(ProjectReader.Connections connections, SqlFiles sqlFiles, Dialect dialect, Problems problems) {
        LocationReader locations = new LocationReader(connections, problems);
        this.inputs = new InputReader(locations, problems);
        this.writes = new WriteReader(locations, problems);
        this.validations = new ValidationReader(locations, problems);
        this.transforms = new TransformReader(problems);
        this.sqlFiles = sqlFiles;
        this.dialect = dialect;
        this.problems = problems;
    }

    /** The node; empty when it has no name or another one's. */
    Optional<Node> read(MappingReader unnamed, String pipeline, Identifiers names) {
        Optional<Yaml.Scalar> name = unnamed.scalar("name");
        MappingReader in = name.map(
                        n -> unnamed.named("node " + Names.quoted(n.text().text())))
                .orElse(unnamed);
        in.require("name");
        NodeId id = new NodeId(pipeline, name.map(n -> n.text().text()).orElse(""));
        SourceSpan span = name.map(Yaml.Scalar::span).orElse(in.where());
        Node node = node(in, id, span);
        // With an unknown key it is clear already why nothing useful is there.
        if (finish(in)) {
            checkWork(in, span);
        }
        return name.isPresent() && hasOwnName(id.node(), span, names) ? Optional.of(node) : Optional.empty();
    }

    private boolean hasOwnName(String name, SourceSpan span, Identifiers names) {
        if (name.equalsIgnoreCase(Input.OWN)) {
            String message = "node name " + Names.quoted(name) + " is not allowed";
            problems.error(ProblemCode.INVALID_NAME, span, message, "in SQL 'df' is the node's own first input");
        }
        return names.add(name, span);
    }

    private Node node(MappingReader in, NodeId id, SourceSpan span) {
        String description = in.text("description").orElse("");
        boolean enabled = in.flag("enabled", true);
        List<String> tags = in.texts("tags").stream().map(t -> t.text().text()).toList();
        List<Node.Dependency> dependsOn = dependsOn(in);
        List<Input> read = inputs.read(in);
        List<Step> steps = new ArrayList<>(transformer(in));
        steps.addAll(in.mapping("transform").map(this::steps).orElse(List.of()));
        Statements statements = new Statements(statements(in, "pre_sql"), statements(in, "post_sql"));
        MetadataReader metadata = new MetadataReader(in, read, problems);
        Optional<Write> write = in.mapping("write").flatMap(w -> writes.read(w, metadata));
        write.ifPresent(w -> checkRepeatable(w, statements));
        Validation validation = in.mapping("validation")
                .map(v -> validations.read(v, in.has("write"), write))
                .orElse(Validation.NONE);
        OnError onError = in.choice("on_error", ON_ERROR).orElse(OnError.FAIL_LATER);
        Dialect own = new DialectReader(problems).read(in).orElse(dialect);
        boolean cache = in.flag("cache", false);
        Columns columns = new ColumnsReader(problems).read(in);
        Optional<LogLevel> logLevel = in.choice("log_level", LoggingReader.LEVELS);
        return new Node(
                id,
                span,
                description,
                enabled,
                tags,
                dependsOn,
                read,
                steps.stream().map(step -> step.in(own)).toList(),
                statements,
                validation,
                write,
                onError,
                own,
                cache,
                columns,
                logLevel);
    }

    private List<MappedText> statements(MappingReader in, String key) {
        List<MappedText> statements = new ArrayList<>();
        for (Yaml.Scalar scalar : in.texts(key)) {
            if (scalar.text().text().isBlank()) {
                problems.error(
                        ProblemCode.INVALID_VALUE, scalar.span(), "the SQL is empty", "write one statement an item");
            } else {
                statements.add(scalar.text());
            }
        }
        return statements;
    }

    /** A node whose last statement failed is run again, and only a Delta table tells that it has the rows already. */
    private void checkRepeatable(Write write, Statements statements) {
        if (!statements.after().isEmpty() && write.mode() == WriteMode.APPEND && write.format() != Format.DELTA) {
            problems.error(
                    ProblemCode.UNSUPPORTED_WRITE,
                    statements.after().get(0).start(),
                    "'post_sql' cannot follow 'mode: append' to "
                            + write.format().id()
                            + ": when it fails, the node could not be run again without appending twice",
                    "write Delta, or do what comes after in a node that depends on this one");
        }
    }

    private boolean finish(MappingReader in) {
        in.unsupported(LATER);
        in.hint("use 'read', or 'inputs' for more than one", "source", "sources", "input", "from");
        in.hint("use 'write'", "sink", "target", "output", "outputs", "destination");
        in.hint("use 'transform: {steps: [...]}'", "sql", "sql_file", "query", "steps", "transforms", "select");
        in.hint("use 'validation: {tests: [...]}'", "validate", "validations", "tests", "checks", "test");
        in.hint("'quarantine' is a key of 'validation'", "quarantine");
        in.hint("use 'name'", "node", "id");
        return in.finish();
    }

    private void checkWork(MappingReader in, SourceSpan span) {
        boolean takes = in.has("read") || in.has("inputs");
        boolean transforms = in.has("transform") || in.has("transformer");
        if (!takes && !transforms && !in.has("write")) {
            nothingToDo(span, in.what() + " does nothing", "give it 'read', 'inputs', 'transform' or 'write'");
        } else if (!takes && !transforms && !in.has("depends_on")) {
            nothingToDo(
                    span, in.what() + " has nothing to write", "give it 'read', 'inputs', 'depends_on' or 'transform'");
        }
    }

    private void nothingToDo(SourceSpan span, String message, String help) {
        problems.error(ProblemCode.NOTHING_TO_DO, span, message, help);
    }

    private static List<Node.Dependency> dependsOn(MappingReader in) {
        Map<String, Node.Dependency> dependencies = new LinkedHashMap<>();
        for (Yaml.Scalar scalar : in.texts("depends_on")) {
            String name = scalar.text().text();
            dependencies.putIfAbsent(name, new Node.Dependency(name, scalar.span()));
        }
        return List.copyOf(dependencies.values());
    }

    /** What ODIBI calls the node's transformer is its first step. */
    private List<TransformStep> transformer(MappingReader in) {
        Optional<TransformStep> step = transforms.read(in, "transformer");
        if (!in.has("transformer")) {
            aloneParams(in, "transformer");
        }
        return step.map(List::of).orElse(List.of());
    }

    private void aloneParams(MappingReader in, String owner) {
        in.keySpan("params")
                .ifPresent(span -> problems.error(
                        ProblemCode.CONFLICTING_KEYS,
                        span,
                        "'params' without '" + owner + "'",
                        "add '" + owner + ":'"));
    }

    private List<Step> steps(MappingReader in) {
        in.require("steps");
        Optional<List<Yaml>> items = in.list("steps");
        in.hint("use 'steps: [...]'", "sql", "sql_file", "step", "query");
        in.finish();
        if (items.isPresent() && items.get().isEmpty()) {
            nothingToDo(in.where(), "'transform' has no step", "add one to 'steps'");
        }
        List<Step> steps = new ArrayList<>();
        items.orElse(List.of()).forEach(item -> step(item).ifPresent(steps::add));
        return steps;
    }

    private Optional<? extends Step> step(Yaml item) {
        if (item instanceof Yaml.Scalar scalar && !scalar.isNull()) {
            return notEmpty(scalar.text());
        }
        if (item instanceof Yaml.Sequence || item instanceof Yaml.Scalar) {
            String message = "a step is SQL, or a mapping with 'sql', 'sql_file' or 'function', not " + item.kind();
            problems.error(ProblemCode.WRONG_TYPE, item.span(), message);
            return Optional.empty();
        }
        return MappingReader.mappings(List.of(item), Model.STEP, "a step", problems).stream()
                .findFirst()
                .flatMap(this::step);
    }

    private Optional<? extends Step> step(MappingReader in) {
        in.unsupported("operation");
        in.exclusive("sql", "sql_file");
        in.exclusive("sql", "function");
        in.exclusive("sql_file", "function");
        Optional<MappedText> sql = in.scalar("sql").map(Yaml.Scalar::text);
        Optional<MappedText> file = in.scalar("sql_file").flatMap(sqlFiles::load);
        Optional<TransformStep> transformed = transforms.read(in, "function");
        if (!in.has("function")) {
            aloneParams(in, "function");
        }
        in.hint("use 'function' and 'params'", "transformer", "transform", "name");
        in.hint("use 'params'", "parameters", "args", "arguments", "options");
        in.finish();
        if (!in.has("sql") && !in.has("sql_file") && !in.has("function") && !in.has("operation")) {
            problems.error(
                    ProblemCode.MISSING_KEY,
                    in.where(),
                    "a step has neither 'sql' nor 'sql_file' nor 'function'",
                    "add one");
        }
        return transformed.isPresent() ? transformed : sql.or(() -> file).flatMap(this::notEmpty);
    }

    private Optional<SqlStep> notEmpty(MappedText sql) {
        if (sql.text().isBlank()) {
            problems.error(ProblemCode.INVALID_VALUE, sql.start(), "the SQL is empty", "write a SELECT");
            return Optional.empty();
        }
        return Optional.of(new SqlStep(sql));
    }
}
