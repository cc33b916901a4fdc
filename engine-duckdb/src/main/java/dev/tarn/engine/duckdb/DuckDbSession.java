package dev.tarn.engine.duckdb;

import dev.tarn.connect.database.Databases;
import dev.tarn.core.check.Check;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Column;
import dev.tarn.core.engine.Committed;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Misfit;
import dev.tarn.core.engine.NodeConnection;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import dev.tarn.core.transform.BadArgumentException;
import dev.tarn.core.transform.SqlDialect;
import dev.tarn.core.transform.Table;
import dev.tarn.core.transform.Type;
import dev.tarn.engine.duckdb.DuckDbDataset.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One in-memory DuckDB for one run. Queries are put together as text and computed only when their rows are stored,
 * counted, checked or kept.
 */
final class DuckDbSession implements Session {

    /** DuckDB's parser dies of queries nested about 200 deep; well before that a result is stored. */
    private static final int DEEPEST = 40;

    /** The list of some hundred files: DuckDB would open each of them to tell the columns. */
    private static final int LONGEST_LOOKED_AT = 20_000;

    private final Database database;
    private final SessionSettings settings;
    private final Databases databases;
    private final AtomicLong tables;

    DuckDbSession(Database database, SessionSettings settings) {
        this(database, settings, new Databases(settings.connections()), new AtomicLong());
    }

    private DuckDbSession(Database database, SessionSettings settings, Databases databases, AtomicLong tables) {
        this.database = database;
        this.settings = settings;
        this.databases = databases;
        this.tables = tables;
    }

    @Override
    public Dataset read(Read read) {
        return read.format() == Format.SQL
                ? filtered(new DatabaseSource(database, databases).dataset(read, newTable()), read)
                : new Source(database, Optional.empty()).dataset(read);
    }

    private static DuckDbDataset filtered(DuckDbDataset rows, Read read) {
        return read.filter().map(filter -> Source.filtered(rows, filter)).orElse(rows);
    }

    @Override
    public Dataset readWithFile(Read read, String column) {
        return new Source(database, Optional.of(column)).dataset(read);
    }

    @Override
    public Dataset withColumns(Dataset data, Map<String, Object> values) {
        DuckDbDataset rows = DuckDbDataset.of(data);
        String names = values.keySet().stream()
                .map(name -> Literal.text(name.toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
        String added = values.entrySet().stream()
                .map(column -> ", " + Literal.constant(column.getValue()) + " AS " + Literal.name(column.getKey()))
                .collect(Collectors.joining());
        SqlText query = new SqlText.Builder()
                .add("SELECT COLUMNS(lambda c: lower(c) NOT IN (" + names + "))" + added + " FROM (")
                .add(rows.query())
                .add(")")
                .build();
        return new DuckDbDataset(query, rows.rows(), rows.kind(), rows.depth() + 1, rows.versions());
    }

    @Override
    public SortedMap<String, String> sources(Read read) {
        return new SourceStates(database).of(read);
    }

    @Override
    public boolean holds(Write target, OptionalLong version) {
        return new EarlierWrites(database).holds(target, version);
    }

    @Override
    public Dataset present(Write target, SourceSpan reader) {
        return read(new Read(
                target.format(),
                target.location(),
                target.format() == Format.CSV ? EarlierWrites.asWritten(target) : List.of(),
                Optional.empty(),
                OptionalLong.empty(),
                reader));
    }

    @Override
    public Dataset earlier(Write target, OptionalLong version) {
        return new EarlierWrites(database).rows(target, version);
    }

    @Override
    public Optional<Committed> committed(Write target, NodeId writer, Set<String> runs, Instant since) {
        return new EarlierWrites(database).committed(target, writer, runs, since);
    }

    @Override
    public Dataset query(SqlStep step, Map<String, Dataset> inputs) {
        String sql = step.sql().text();
        QueryAnalyzer analyzer = new QueryAnalyzer(new SqlParser(database));
        Set<String> named = analyzer.tablesOf(sql);
        Map<DuckDbDataset, String> aliases = new HashMap<>();
        Map<Path, Long> versions = new HashMap<>();
        int depth = 0;
        SqlText.Builder query = new SqlText.Builder();
        for (Map.Entry<String, Dataset> input : inputs.entrySet()) {
            if (named.contains(input.getKey().toLowerCase(Locale.ROOT))) {
                DuckDbDataset data = DuckDbDataset.of(input.getValue());
                query.add(query.isEmpty() ? "WITH " : ",\n");
                addTable(query, input.getKey(), data, aliases.putIfAbsent(data, input.getKey()));
                versions.putAll(data.versions());
                depth = Math.max(depth, data.depth());
            }
        }
        query.add((query.isEmpty() ? "" : "\n") + "SELECT * FROM (\n")
                .add(step.sql(), analyzer.bodyLength(sql))
                .add("\n)");
        DuckDbDataset result =
                new DuckDbDataset(query.build(), OptionalLong.empty(), Kind.COMPUTED, depth + 1, versions);
        return result.depth() < DEEPEST ? result : cache(result);
    }

    @Override
    public Dataset transform(TransformStep step, Map<String, Dataset> inputs) {
        try {
            MappedText sql = step.call().sql(SqlDialect.DUCKDB, name -> table(name, inputs));
            return query(new SqlStep(sql, step.dialect()), inputs);
        } catch (BadArgumentException e) {
            throw Misfit.of(e);
        }
    }

    private Table table(String name, Map<String, Dataset> inputs) {
        SqlText rows = inputs.entrySet().stream()
                .filter(input -> input.getKey().equalsIgnoreCase(name))
                .findFirst()
                .map(input -> DuckDbDataset.of(input.getValue()).query())
                // A temporary table of the node's own.
                .orElseGet(() -> SqlText.ours("FROM " + Literal.name(name)));
        try {
            List<dev.tarn.core.transform.Column> columns = database.describe(rows.text()).stream()
                    .map(column -> new dev.tarn.core.transform.Column(
                            column.name(), Type.parse(column.type(), SqlDialect.DUCKDB)))
                    .toList();
            return new Table(name, Optional.of(columns));
        } catch (SQLException e) {
            throw Failures.of(e, rows, "DESCRIBE ".length(), "DESCRIBE " + rows.text());
        }
    }

    /**
     * A table that is read twice is better scanned twice, each time with the reader's own filter. A computed one is not,
     * and random() in it must give both readers the same rows. The same rows under a second name are taken from the first.
     */
    private static void addTable(SqlText.Builder query, String name, DuckDbDataset data, @Nullable String twin) {
        query.add(Literal.name(name));
        if (twin != null) {
            query.add(" AS NOT MATERIALIZED (FROM " + Literal.name(twin) + ")");
        } else {
            query.add(data.kind() == Kind.COMPUTED ? " AS (" : " AS NOT MATERIALIZED (")
                    .add(data.query())
                    .add(")");
        }
    }

    @Override
    public Dataset cache(Dataset data) {
        DuckDbDataset computed = DuckDbDataset.of(data);
        String table = newTable();
        String before = "CREATE TABLE " + table + " AS ";
        String statement = before + computed.query().text();
        try {
            OptionalLong rows = OptionalLong.of(database.execute(statement));
            return DuckDbDataset.constant(SqlText.ours("FROM " + table), rows, computed.versions());
        } catch (SQLException e) {
            throw Failures.of(e, computed.query(), before.length(), statement);
        }
    }

    @Override
    public void discard(Dataset cached) {
        try {
            database.execute(
                    "DROP TABLE " + DuckDbDataset.of(cached).query().text().replaceFirst("^FROM ", ""));
        } catch (SQLException e) {
            // Only memory is at stake, and the session's end frees it.
            return;
        }
    }

    @Override
    public NodeConnection connect() {
        try {
            Database own = database.throughOne();
            return new DuckDbNodeConnection(own, new DuckDbSession(own, settings, databases, tables));
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    /** A name with its schema, so that no input of a user's can hide it. */
    private String newTable() {
        return "memory.main." + Literal.name("tarn_" + tables.incrementAndGet());
    }

    @Override
    public long count(Dataset data) {
        SqlText query = DuckDbDataset.of(data).query();
        // The hash needs all columns: count(*) alone would leave out the computing of what it does not need.
        String before = "SELECT count(*), bit_xor(hash(r)) FROM (";
        String statement = before + query.text() + ") r";
        try {
            return Long.parseLong(String.valueOf(database.rows(statement).get(0).get(0)));
        } catch (SQLException e) {
            throw Failures.of(e, query, before.length(), statement);
        }
    }

    @Override
    public Sample look(Dataset data, int rows) {
        DuckDbDataset seen = DuckDbDataset.of(data);
        String query = seen.query().text();
        try {
            if (rows > 0 && seen.kind() == Kind.CONSTANT) {
                return database.sample("SELECT * FROM (" + query + ") LIMIT " + rows);
            }
            return query.length() > LONGEST_LOOKED_AT ? Sample.NONE : new Sample(columns(query), List.of());
        } catch (SQLException e) {
            throw Failures.of(e, seen.query());
        }
    }

    private List<Column> columns(String query) throws SQLException {
        return database.describe(query).stream()
                .map(column -> new Column(column.name(), column.type()))
                .toList();
    }

    @Override
    public CheckedDataset check(Dataset data, List<Check> checks) {
        return CheckedTable.of(database, DuckDbDataset.of(data), checks, newTable());
    }

    @Override
    public StagedWrite stage(Dataset data, Write target, NodeId writer, boolean reused) {
        if (target.format() == Format.DELTA) {
            String mark = DeltaTarget.mark(settings.runId(), writer);
            return DeltaTarget.stage(database, DuckDbDataset.of(data), target, mark);
        }
        if (target.format() == Format.SQL) {
            return DatabaseTarget.stage(database, databases, DuckDbDataset.of(data), target, newTable());
        }
        // Those who read the node's output must get these rows, whatever is in the files by then.
        boolean keep = reused && DuckDbDataset.of(data).kind() != Kind.CONSTANT;
        return FileTarget.stage(database, DuckDbDataset.of(keep ? cache(data) : data), target);
    }

    @Override
    public void cancel() {
        databases.cancel();
        database.cancel();
    }

    @Override
    public void close() {
        database.close();
    }
}
