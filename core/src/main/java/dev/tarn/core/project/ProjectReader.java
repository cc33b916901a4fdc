package dev.tarn.core.project;

import dev.tarn.core.connection.Connection;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the top level of a project. */
final class ProjectReader {

    static final String ENGINE = "duckdb";

    static final String SPARK = "spark";

    /** Keys of ODIBI's that are refused. */
    static final String[] LATER = {"alerts", "lineage", "semantic", "recipes"};

    private static final Set<String> OTHER_LOCAL_ENGINES = Set.of("pandas", "polars");

    private final Path directory;
    private final String environment;
    private final SqlFiles sqlFiles;
    private final Problems problems;

    ProjectReader(Path directory, String environment, SqlFiles sqlFiles, Problems problems) {
        this.directory = directory;
        this.environment = environment;
        this.sqlFiles = sqlFiles;
        this.problems = problems;
    }

    Project read(Yaml.Mapping root, SourceSpan start) {
        MappingReader in = new MappingReader(root, Model.PROJECT, "the project", start, problems);
        Optional<Yaml.Scalar> name = in.requiredScalar("project");
        String description = in.text("description").orElse("");
        String version = in.text("version").orElse("");
        String owner = in.text("owner").orElse("");
        String engine = in.scalar("engine").map(this::engine).orElse(ENGINE);
        Dialect own = engine.equals(SPARK) ? Dialect.SPARK : Dialect.DUCKDB;
        Dialect dialect = new DialectReader(problems).read(in).orElse(own);
        SparkSettings spark = new SparkReader(problems).read(in);
        in.entry("vars").ifPresent(this::checkVars);
        List<ServiceDeclaration> services = new ServicesReader(problems).read(in);
        Connections connections = connections(in, new DatabasePlaces(directory, services));
        List<SecretScope> secrets = new SecretsReader(directory, problems).read(in);
        Retry retry = in.mapping("retry").map(this::retry).orElse(Retry.DEFAULT);
        Logging logging =
                in.mapping("logging").map(new LoggingReader(problems)::read).orElse(Logging.NONE);
        List<Pipeline> pipelines = pipelines(in, new NodeReader(connections, sqlFiles, dialect, problems));
        List<StreamDeclaration> streams = new StreamsReader(connections, problems).read(in);
        StorySettings story = in.mapping("story")
                .map(new StoryReader(directory, connections, problems)::read)
                .orElse(StorySettings.in(directory));
        finish(in);
        return new Project(
                name.map(n -> n.text().text()).orElse(""),
                description,
                version,
                owner,
                engine,
                environment,
                directory,
                connections.usable(),
                secrets,
                retry,
                logging,
                pipelines,
                streams,
                story,
                spark,
                name.map(Yaml.Scalar::span).orElse(start));
    }

    private void finish(MappingReader in) {
        in.has(Imports.KEY);
        in.has(Environments.KEY);
        in.ignored("system", "Tarn keeps its state under .tarn beside the project file");
        in.unsupported(LATER);
        in.hint("use 'imports'", "import", "include", "includes");
        in.hint("use 'environments'", "environment", "env", "envs");
        in.hint("use 'project'", "name");
        in.hint("nodes belong to a pipeline: use 'pipelines: [{pipeline: ..., nodes: [...]}]'", "nodes");
        in.finish();
    }

    private String engine(Yaml.Scalar scalar) {
        String text = scalar.text().text();
        if (OTHER_LOCAL_ENGINES.contains(text)) {
            problems.note(
                    ProblemCode.IGNORED_KEY,
                    scalar.span(),
                    "engine '" + text + "' runs on DuckDB",
                    "SQL means the same there; write 'engine: duckdb' to be rid of this note");
        } else if (text.equals(SPARK)) {
            return SPARK;
        } else if (!text.equals(ENGINE)) {
            String message = "unknown engine " + Names.quoted(text);
            String help = Names.didYouMean(text, List.of(ENGINE, SPARK, "pandas", "polars"))
                    .orElse("allowed: duckdb, spark");
            problems.error(ProblemCode.UNKNOWN_ENGINE, scalar.span(), message, help);
        }
        return ENGINE;
    }

    private void checkVars(Yaml.Entry vars) {
        if (!(vars.value() instanceof Yaml.Mapping)) {
            String message = "'vars' takes a mapping, not " + vars.value().kind();
            problems.error(ProblemCode.WRONG_TYPE, vars.value().span(), message);
        }
    }

    private Retry retry(MappingReader in) {
        boolean enabled = in.flag("enabled", Retry.DEFAULT.enabled());
        long attempts = in.whole("max_attempts", 1, 10).orElse(Retry.DEFAULT.maxAttempts());
        Optional<Retry.Backoff> backoff = in.choice("backoff", Choices.of("backoff", Retry.Backoff.class));
        in.finish();
        return new Retry(enabled, (int) attempts, backoff.orElse(Retry.DEFAULT.backoff()));
    }

    private Connections connections(MappingReader in, DatabasePlaces places) {
        in.require("connections");
        ConnectionReader reader = new ConnectionReader(directory, places, problems);
        List<Yaml.Entry> declared =
                in.mapping("connections").map(MappingReader::entries).orElse(List.of());
        if (declared.isEmpty() && in.mapping("connections").isPresent()) {
            in.keySpan("connections")
                    .ifPresent(span -> problems.error(
                            ProblemCode.MISSING_KEY,
                            span,
                            "the project has no connection",
                            "add one: data: {type: local, base_path: ./data}"));
        }
        List<Connection> usable = reader.readAll(declared);
        return new Connections(declared.stream().map(Yaml.Entry::key).toList(), usable);
    }

    private List<Pipeline> pipelines(MappingReader in, NodeReader nodes) {
        in.require("pipelines");
        Optional<List<Yaml>> items = in.list("pipelines");
        if (items.isPresent() && items.get().isEmpty()) {
            in.keySpan("pipelines")
                    .ifPresent(span -> problems.error(
                            ProblemCode.NOTHING_TO_DO, span, "the project has no pipeline", "add one to 'pipelines'"));
        }
        PipelineReader reader = new PipelineReader(nodes, problems);
        return MappingReader.mappings(items.orElse(List.of()), Model.PIPELINE, "a pipeline", problems).stream()
                .flatMap(item -> reader.read(item).stream())
                .toList();
    }

    /** The connections of a project. */
    record Connections(List<String> names, List<Connection> usable) {

        Optional<Connection> find(String name) {
            return usable.stream().filter(c -> c.name().equals(name)).findFirst();
        }

        /** The database of a {@code read} or {@code write}, if its connection is one. */
        Optional<DatabaseConnection> database(MappingReader in) {
            return in.text("connection")
                    .flatMap(this::find)
                    .flatMap(c -> c instanceof DatabaseConnection found ? Optional.of(found) : Optional.empty());
        }
    }
}
