package dev.tarn.core.project;

import dev.tarn.core.check.OnFail;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.project.Quarantine.RejectionColumn;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** All keys of a project file. */
final class Model {

    private static final Kind FORMAT = new Kind.Choice(ids(List.of(Format.values())));
    private static final Kind DIALECT = new Kind.Choice(DialectReader.ALL);

    static final Shape RETRY = Shape.of("retry")
            .key(
                    "enabled",
                    Kind.FLAG,
                    "true",
                    "whether a node is tried again after a failure that may go away by itself")
            .key("max_attempts", new Kind.Whole(1, 10), "3", "tries in all, the first one included")
            .key(
                    "backoff",
                    choice(List.of(Retry.Backoff.values())),
                    "exponential",
                    "how the pause between tries grows, from 1 s")
            .build();

    static final Shape STORY = Shape.of("story")
            .key("auto_generate", Kind.FLAG, "true", "whether runs are reported")
            .key("path", Kind.TEXT, ".tarn/stories", "folder; relative to the main project file, or to the connection")
            .key("connection", Kind.TEXT, "name of a connection that the path belongs to")
            .key("max_sample_rows", new Kind.Whole(0, StoryReader.MOST_ROWS), "10", "rows of each output to show")
            .key(
                    "failure_sample_size",
                    new Kind.Whole(0, StoryReader.MOST_ROWS),
                    "20",
                    "rows that break checks to show, for each node")
            .key("retention_days", new Kind.Whole(1, StoryReader.MOST_DAYS), "30", "older stories are deleted")
            .key(
                    "retention_count",
                    new Kind.Whole(1, StoryReader.MOST_RUNS),
                    "100",
                    "of more stories in the folder the oldest are deleted")
            .ignored("max_failure_samples", "no effect: `failure_sample_size` is for each node")
            .ignored("max_sampled_validations", "no effect: rows that break any check are sampled together")
            .ignored("async_generation", "no effect: a story is written when its run ends")
            .ignored("generate_lineage", "no effect: a story shows which node needs which")
            .build();

    private static final Kind LOG_LEVEL =
            new Kind.Choice(LoggingReader.LEVELS.values().keySet());

    static final Shape LOGGING = Shape.of("logging")
            .key("level", LOG_LEVEL, "info", "the least that is logged; `--log-level` wins")
            .key("format", new Kind.Choice(List.of("text", "json")), "text", "`--log-format` wins")
            .key("structured", Kind.FLAG, "false", "`true` is `format: json`")
            .key("metadata", new Kind.Named(Kind.TEXT), "values that are added to each record of JSON")
            .build();

    static final Shape CONNECTION = Shape.of("connection")
            .required(
                    "type",
                    new Kind.Choice(ConnectionReader.KEYS.keySet()),
                    "`local`: a folder of this machine; `mariadb`: also a server that talks like MySQL")
            .key("base_path", Kind.TEXT, "./data", "for `local`: the folder; relative to the main project file")
            .key(
                    "service",
                    Kind.TEXT,
                    "for servers: a service of the project's local stack, which knows where it is and who may connect")
            .key("host", Kind.TEXT, "for databases: where the server is; this or `service`")
            .key("port", new Kind.Whole(1, 65535), "5432, 3306", "for databases: where it listens")
            .key("database", Kind.TEXT, "the service's own", "for databases: which one; required with `host`")
            .key("user", Kind.TEXT, "for databases: who connects; required with `host`")
            .key("password", Kind.TEXT, "for databases: best a secret, `${secret:scope/name}`")
            .key(
                    "tls",
                    choice(List.of(DatabaseConnection.Tls.values())),
                    "off",
                    "for databases: `require` encrypts, `verify` also makes sure that it is the right server")
            .key(
                    "certificate",
                    Kind.TEXT,
                    "those that Java trusts",
                    "for `tls: verify`: PEM file of the authority that is trusted; relative to the main project file")
            .key("bootstrap_servers", Kind.TEXT, "for `kafka`: `host:port`, several with commas; this or `service`")
            .key(
                    "properties",
                    new Kind.Named(Kind.ANY),
                    "for servers: settings of the JDBC driver or of Kafka's client, by their own names")
            .build();

    static final Shape SECRET_SCOPE = Shape.of("secret scope")
            .required(
                    "provider",
                    choice(List.of(SecretScope.Provider.values())),
                    "`environment`: variables such as `ERP__PASSWORD`, also of `.env`; `file`: an encrypted file;"
                            + " `azure_key_vault`")
            .key(
                    "path",
                    Kind.TEXT,
                    "`secrets.` and the scope's name",
                    "for `file`: the file, which `tarn secret` makes")
            .key(
                    "key_file",
                    Kind.TEXT,
                    "for `file`: a file that holds the passphrase; else `TARN_SECRETS_PASSPHRASE` does")
            .key("url", Kind.TEXT, "for `azure_key_vault`: its address, `https://NAME.vault.azure.net`")
            .build();

    static final Shape TIME_TRAVEL = Shape.of("time_travel")
            .key("as_of_version", new Kind.Whole(0, Long.MAX_VALUE), "the table as it was in this version")
            .build();

    static final Shape READ = Shape.of("read")
            .required(
                    "format", FORMAT, "`csv`, `json` (lines or an array), `parquet`, `delta`, or `sql` for a database")
            .required("connection", Kind.TEXT, "name of a connection")
            .key("path", Kind.TEXT, "file, folder, or pattern with `*`, `?`, `[…]`, `**`; this or `table`")
            .key(
                    "table",
                    Kind.TEXT,
                    "`silver.orders` is the folder `silver/orders`, for files `silver/orders.csv`, for `sql` a table")
            .key("query", Kind.TEXT, "for `sql`: a SELECT that the database runs; this or `table`")
            .key("split_by", Kind.TEXT, "the primary key", "for `sql`: the column whose ranges are read in parallel")
            .key(
                    "parallel",
                    new Kind.Whole(1, 32),
                    "4 for large tables",
                    "for `sql`: connections that read at the same time")
            .key("options", new Kind.Named(Kind.ANY), "DuckDB's own for `read_csv`, `read_json`, `read_parquet`")
            .key("filter", Kind.TEXT, "SQL condition on the rows")
            .key("time_travel", new Kind.Of(TIME_TRAVEL), "an earlier version, for `delta`")
            .build();

    static final Shape STEP = Shape.of("step")
            .key("sql", Kind.TEXT, "one `SELECT`; this or `sql_file`")
            .key("sql_file", Kind.TEXT, "a file with one; relative to the file that names it")
            .key("function", Kind.TRANSFORMER, "what is done; instead of SQL")
            .key("params", new Kind.Named(Kind.ANY), "the parameters of the `function`")
            .build();

    static final Shape TRANSFORM = Shape.of("transform")
            .required(
                    "steps",
                    new Kind.ListOf(new Kind.Either(Kind.TEXT, new Kind.Of(STEP))),
                    "SQL texts, or mappings with SQL or a transformer; each works on the result of the one before, `df`")
            .build();

    static final Shape ADD_METADATA = Shape.of("add_metadata")
            .key("extracted_at", Kind.FLAG, "true", "`_extracted_at`: start of the run")
            .key("source_file", Kind.FLAG, "true if it can be had", "`_source_file`: path of the row's file")
            .key("source_connection", Kind.FLAG, "false", "`_source_connection`: connection of the node's `read`")
            .key("source_table", Kind.FLAG, "false", "`_source_table`: `table` of the node's `read`")
            .build();

    static final Shape WRITE = Shape.of("write")
            .required("format", FORMAT, "`csv`, `json`, `parquet`, `delta`, or `sql` for a database")
            .required("connection", Kind.TEXT, "name of a connection")
            .key("path", Kind.TEXT, "file or folder; this or `table`")
            .key(
                    "table",
                    Kind.TEXT,
                    "`silver.orders` is the folder `silver/orders`, for files `silver/orders.csv`, for `sql` a table")
            .key(
                    "mode",
                    choice(List.of(WriteMode.values())),
                    "overwrite",
                    "what happens to what is there; `upsert` is for `sql`")
            .key("keys", Kind.TEXTS, "for `upsert`: the columns by which rows are the same")
            .key("partition_by", Kind.TEXTS, "columns; for files the result is a folder")
            .key("merge_schema", Kind.FLAG, "false", "for `delta`: new columns are added to the table")
            .key(
                    "overwrite_schema",
                    Kind.FLAG,
                    "false",
                    "for `delta` with `overwrite`: the table takes the new schema and partitioning")
            .key("options", new Kind.Named(Kind.ANY), "DuckDB's own for `COPY`; none for `delta`")
            .key(
                    "add_metadata",
                    new Kind.Either(Kind.FLAG, new Kind.Of(ADD_METADATA)),
                    "false",
                    "columns that are added to the rows")
            .build();

    static final Shape ADD_COLUMNS = rejectionColumns();

    static final Shape QUARANTINE = Shape.of("quarantine")
            .key("table", Kind.TEXT, "a Delta table; this or `path`")
            .required("connection", Kind.TEXT, "name of a connection")
            .key("path", Kind.TEXT, "a Parquet file")
            .key("add_columns", new Kind.Of(ADD_COLUMNS), "what is added to each rejected row")
            .build();

    static final Shape NOT_NULL = test("not_null")
            .key("columns", Kind.TEXTS, "columns of which none may be NULL")
            .key("column", Kind.TEXTS, "the same as `columns`")
            .build();
    static final Shape UNIQUE = test("unique")
            .key("columns", Kind.TEXTS, "columns whose values together stand in one row only; NULL equals NULL")
            .key("column", Kind.TEXTS, "the same as `columns`")
            .build();
    static final Shape ACCEPTED_VALUES = test("accepted_values")
            .required("column", Kind.TEXT, "column whose value must be in the list, and not NULL")
            .required("values", new Kind.ListOf(Kind.ANY), "the accepted values")
            .build();
    static final Shape RANGE = test("range")
            .required("column", Kind.TEXT, "column whose value must be within the bounds, and neither NULL nor NaN")
            .key("min", new Kind.Bound(), "the least allowed value; this or `max`")
            .key("max", new Kind.Bound(), "the greatest allowed value")
            .build();
    static final Shape REGEX_MATCH = test("regex_match")
            .required("column", Kind.TEXT, "column whose text must match; NULL is fine")
            .required("pattern", Kind.TEXT, "regular expression, matched from the text's start; RE2 syntax")
            .build();
    static final Shape ROW_COUNT = test("row_count")
            .key("min", new Kind.Whole(0, Long.MAX_VALUE), "rows that there must be at least; this or `max`")
            .key("max", new Kind.Whole(0, Long.MAX_VALUE), "rows that there may be at most")
            .build();
    static final Shape CUSTOM_SQL = test("custom_sql")
            .required("condition", Kind.TEXT, "SQL condition that must be true for each row")
            .key("threshold", new Kind.Share(), "0", "share of the rows that may break the rule")
            .build();

    /** The tests by their type. */
    static final List<Shape> TESTS =
            List.of(NOT_NULL, UNIQUE, ACCEPTED_VALUES, RANGE, REGEX_MATCH, ROW_COUNT, CUSTOM_SQL);

    /** A test whose type is not known yet. */
    static final Shape TEST = test("test").build();

    static final Shape VALIDATION = Shape.of("validation")
            .key("mode", choice(EnumSet.of(OnFail.FAIL, OnFail.WARN)), "fail", "what a test without `on_fail` does")
            .required("tests", new Kind.ListOf(new Kind.ByType("type", TESTS)), "rules on the output")
            .key("quarantine", new Kind.Of(QUARANTINE), "where rows go that break a test with `on_fail: quarantine`")
            .build();

    static final Shape COLUMN = Shape.of("column")
            .key("description", Kind.TEXT, "for people")
            .key("tags", Kind.TEXTS, "for people")
            .key("pii", Kind.FLAG, "false", "whether the column tells who a person is")
            .build();

    static final Shape NODE = Shape.of("node")
            .required("name", Kind.TEXT, "letters, digits, underscores; SQL may use it as a table")
            .key("description", Kind.TEXT, "for people")
            .key("enabled", Kind.FLAG, "true", "whether it runs")
            .key("tags", Kind.TEXTS, "for `--select tag:x`; those of the pipeline count for each of its nodes")
            .key("depends_on", Kind.TEXTS, "nodes of the same pipeline")
            .key("read", new Kind.Of(READ), "where the rows come from; this or `inputs`")
            .key(
                    "inputs",
                    new Kind.Named(new Kind.Either(Kind.TEXT, new Kind.Of(READ))),
                    "several sources by name: `$pipeline.node`, or a mapping like `read`")
            .key("pre_sql", Kind.TEXTS, "statements that run before the node reads, on a connection of its own")
            .key("transformer", Kind.TRANSFORMER, "what is done before the steps of `transform`")
            .key("params", new Kind.Named(Kind.ANY), "the parameters of the `transformer`")
            .key("transform", new Kind.Of(TRANSFORM), "steps that make the output")
            .key("write", new Kind.Of(WRITE), "where the rows go")
            .key(
                    "post_sql",
                    Kind.TEXTS,
                    "statements that run after the write succeeded, on the same connection; `df` is what was written")
            .key("validation", new Kind.Of(VALIDATION), "rules on the output")
            .key(
                    "on_error",
                    choice(List.of(OnError.values())),
                    "fail_later",
                    "`fail_fast` ends the run; `ignore` lets dependents run and the run succeed")
            .key("dialect", DIALECT, "the project's", "SQL of this node")
            .key("cache", Kind.FLAG, "false", "the output is computed once and kept, even if only one node reads it")
            .key("columns", new Kind.Named(new Kind.Of(COLUMN)), "column to what people should know of it")
            .key(
                    "sensitive",
                    new Kind.Either(Kind.FLAG, Kind.TEXTS),
                    "false",
                    "`true` or columns whose values are not shown to people; what is written is not changed")
            .key("log_level", LOG_LEVEL, "the project's", "the least that is logged of this node")
            .build();

    static final Shape PIPELINE = Shape.of("pipeline")
            .required("pipeline", Kind.TEXT, "its name: letters, digits, underscores")
            .key("description", Kind.TEXT, "for people")
            .key("layer", Kind.TEXT, "for people: `bronze`, `silver`, `gold`")
            .key("tags", Kind.TEXTS, "for `--select tag:x`")
            .required("nodes", new Kind.ListOf(new Kind.Of(NODE)), "what it does")
            .build();

    /** The keys of services that only some types have. */
    static final List<String> SERVICE_OPTIONS = List.of(
            "database", "config", "rules", "targets", "webhook", "workers", "worker_memory", "worker_cores", "buckets");

    static final Shape SERVICE = Shape.of("service")
            .key("type", new Kind.Choice(ServicesReader.OPTIONS.keySet()), "its name", "which server it is")
            .key("port", new Kind.Whole(1, 65535), "a free one, the same each time", "where it listens, on 127.0.0.1")
            .key(
                    "memory",
                    Kind.TEXT,
                    "what its type needs",
                    "what it may use, such as `512m`; it is restarted above it")
            .key("settings", new Kind.Named(Kind.ANY), "the server's own settings, by its own names")
            .key("database", Kind.TEXT, "tarn", "for `postgres` and `mariadb`: a database that is made")
            .key("config", Kind.TEXT, "for `prometheus` and `alertmanager`: a configuration file of your own")
            .key("rules", Kind.TEXTS, "for `prometheus`: files with rules, patterns allowed")
            .key("targets", Kind.TEXTS, "for `prometheus`: `host:port` of what it scrapes besides itself")
            .key("webhook", Kind.TEXT, "for `alertmanager`: a URL that gets every alert")
            .key("workers", new Kind.Whole(0, 16), "1", "for `spark`: processes that run executors")
            .key("worker_memory", Kind.TEXT, "1g", "for `spark`: what a worker may give to executors")
            .key("worker_cores", new Kind.Whole(1, 64), "1", "for `spark`: cores of each worker")
            .key("buckets", Kind.TEXTS, "for `s3`: buckets that are there from the start")
            .build();

    static final Shape STREAM_TARGET = Shape.of("stream target")
            .required("connection", Kind.TEXT, "name of a connection of type `local`")
            .key(
                    "table",
                    Kind.TEXT,
                    "{table}",
                    "name of each Delta table, such as `bronze.{schema}_{table}`: `{schema}` and `{table}` are the source's")
            .build();

    static final Shape STREAM_BATCH = Shape.of("stream batch")
            .key(
                    "rows",
                    new Kind.Whole(1, 10_000_000),
                    String.valueOf(StreamsReader.BATCH_ROWS),
                    "changes after which a batch is committed, at the end of a transaction")
            .key(
                    "milliseconds",
                    new Kind.Whole(100, 3_600_000),
                    String.valueOf(StreamsReader.BATCH_MILLIS),
                    "after which one with fewer is committed")
            .build();

    static final Shape STREAM = Shape.of("stream")
            .required("source", Kind.TEXT, "name of a connection of type `postgres`")
            .required("tables", Kind.TEXTS, "`schema.table`; `*` stands for any characters, `public.` may be left out")
            .key("exclude", Kind.TEXTS, "tables that are left out, written in the same way")
            .required("target", new Kind.Of(STREAM_TARGET), "where the Delta tables are")
            .key(
                    "deletes",
                    choice(List.of(StreamDeclaration.Deletes.values())),
                    "hard",
                    "what happens to rows that are deleted in the source: `soft` keeps them, with `true` in the column"
                            + " `_deleted`")
            .key(
                    "on_schema_change",
                    choice(List.of(StreamDeclaration.SchemaChanges.values())),
                    "strict",
                    "what happens when columns of the source change: `strict` stops the stream, `evolve` adds new columns"
                            + " and keeps dropped ones")
            .key("batch", new Kind.Of(STREAM_BATCH), "when changes are committed")
            .key(
                    "metrics_port",
                    new Kind.Whole(1, 65535),
                    "where `/metrics`, `/health` and `/ready` answer, on 127.0.0.1; nowhere when absent")
            .build();

    static final Shape SPARK = Shape.of("spark")
            .key(
                    "version",
                    Kind.TEXT,
                    SparkSettings.DEFAULT_VERSION,
                    "its version: " + String.join(", ", SparkReader.VERSIONS))
            .key("master", Kind.TEXT, "local[*]", "where it runs, such as `spark://host:7077`; `--master` wins")
            .build();

    static final Shape PERFORMANCE = Shape.of("performance")
            .key(
                    "spark_config",
                    new Kind.Named(Kind.ANY),
                    "for the engine `spark`: its settings, by their own names, `spark.sql.shuffle.partitions: 8`")
            .build();

    private static final Shape BASE = Shape.of("project")
            .required("project", Kind.TEXT, "its name")
            .key("description", Kind.TEXT, "for people")
            .key("version", Kind.TEXT, "for people")
            .key("owner", Kind.TEXT, "for people")
            .key(
                    "engine",
                    new Kind.Choice(List.of("duckdb", "spark", "pandas", "polars")),
                    "duckdb",
                    "what runs the SQL, unless `--engine` says otherwise; `pandas` and `polars` run on DuckDB, with a note")
            .key("dialect", DIALECT, "the engine's", "SQL of the nodes; `common` is text that every engine accepts")
            .key("spark", new Kind.Of(SPARK), "which Spark, for the engine `spark`")
            .key("performance", new Kind.Of(PERFORMANCE), "how the engine works")
            .key("vars", new Kind.Named(Kind.ANY), "values for `${vars.x}`, of any shape")
            .required("connections", new Kind.Named(new Kind.Of(CONNECTION)), "name to place")
            .key(SecretsReader.KEY, new Kind.Named(new Kind.Of(SECRET_SCOPE)), "name to what keeps `${secret:name/…}`")
            .key("retry", new Kind.Of(RETRY), "what happens after a failure that may go away by itself")
            .key("logging", new Kind.Of(LOGGING), "what a run writes to standard error besides its progress")
            .required("pipelines", new Kind.ListOf(new Kind.Of(PIPELINE)), "what the project does")
            .key(ServicesReader.KEY, new Kind.Named(new Kind.Of(SERVICE)), "local servers for `tarn up`")
            .key(StreamsReader.KEY, new Kind.Named(new Kind.Of(STREAM)), "name to tables that follow a database")
            .key(Imports.KEY, Kind.TEXTS, "YAML files that this one is laid over")
            .ignored("system", "no effect: state is kept under `.tarn` beside the project file")
            .key("story", new Kind.Of(STORY), "the reports of runs")
            .build();

    static final Shape ENVIRONMENT = BASE.only(
            "environment",
            List.of(
                    "description",
                    "version",
                    "owner",
                    "engine",
                    "dialect",
                    "spark",
                    "performance",
                    "connections",
                    "secrets",
                    "vars",
                    "retry",
                    "logging",
                    "pipelines",
                    "services",
                    "streams",
                    "system",
                    "story"));

    static final Shape PROJECT = project();

    private Model() {}

    private static Shape project() {
        Shape.Builder project = Shape.of("project");
        BASE.keys().values().forEach(project::add);
        return project.key(
                        Environments.KEY,
                        new Kind.Named(new Kind.Of(ENVIRONMENT)),
                        "name to what is different there; the keys below an environment are laid over the project's")
                .build();
    }

    private static Shape.Builder test(String type) {
        return Shape.of(type.equals("test") ? type : "test " + type)
                .required("type", new Kind.Choice(List.of(type)), "the rule")
                .key(
                        "on_fail",
                        choice(List.of(OnFail.values())),
                        "fail",
                        "what happens: the node fails, a warning, or the rows go to the quarantine")
                .key("name", Kind.TEXT, "made of the others", "what it is called in results");
    }

    private static Shape rejectionColumns() {
        Shape.Builder columns = Shape.of("add_columns");
        for (RejectionColumn column : RejectionColumn.values()) {
            boolean isDefault = ValidationReader.DEFAULT_COLUMNS.contains(column);
            columns.key(column.id(), Kind.FLAG, String.valueOf(isDefault), "column `" + column.column() + "`");
        }
        return columns.build();
    }

    private static Kind choice(Collection<? extends Enum<?>> values) {
        return new Kind.Choice(ids(values));
    }

    private static List<String> ids(Collection<? extends Enum<?>> values) {
        return values.stream()
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** The key at a path of keys and names, such as {@code pipelines, silver, nodes, flights, cache}. */
    static Optional<Key> find(List<String> path) {
        return find(new Kind.Of(PROJECT), path);
    }

    private static Optional<Key> find(Kind kind, List<String> path) {
        List<String> rest = path.subList(1, path.size());
        if (kind instanceof Kind.Of of) {
            Key key = of.shape().keys().get(path.get(0));
            return key == null ? Optional.empty() : rest.isEmpty() ? Optional.of(key) : find(key.kind(), rest);
        }
        if (kind instanceof Kind.Either either) {
            return either.kinds().stream().flatMap(k -> find(k, path).stream()).findFirst();
        }
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        if (kind instanceof Kind.ListOf list) {
            return find(list.item(), rest);
        }
        return kind instanceof Kind.Named named ? find(named.value(), rest) : Optional.empty();
    }

    /** All shapes, those that use others before them. */
    static List<Shape> all() {
        return Arrays.asList(
                PROJECT,
                CONNECTION,
                SPARK,
                PERFORMANCE,
                SECRET_SCOPE,
                RETRY,
                STORY,
                LOGGING,
                PIPELINE,
                NODE,
                READ,
                TIME_TRAVEL,
                TRANSFORM,
                STEP,
                WRITE,
                ADD_METADATA,
                VALIDATION,
                NOT_NULL,
                UNIQUE,
                ACCEPTED_VALUES,
                RANGE,
                REGEX_MATCH,
                ROW_COUNT,
                CUSTOM_SQL,
                QUARANTINE,
                ADD_COLUMNS,
                COLUMN,
                SERVICE,
                STREAM,
                STREAM_TARGET,
                STREAM_BATCH,
                ENVIRONMENT);
    }
}
