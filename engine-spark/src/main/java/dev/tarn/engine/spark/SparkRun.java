package dev.tarn.engine.spark;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Committed;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Misfit;
import dev.tarn.core.engine.NodeConnection;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.project.WriteMode;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.transform.BadArgumentException;
import dev.tarn.core.transform.Column;
import dev.tarn.core.transform.SqlDialect;
import dev.tarn.core.transform.Table;
import dev.tarn.core.transform.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One run on Spark. Queries become plans, which Spark computes only when their rows are stored, counted, checked or kept.
 *
 * <p>There are two of Spark's sessions, which share all but their settings: SQL that is written for Spark runs as it would
 * anywhere, and text that every engine accepts runs with those settings under which it means the same on each.
 */
final class SparkRun implements Session {

    private final SparkSession plain;
    private final SparkSession common;
    private final QueryAnalyzer analyzer;
    private final SessionSettings settings;
    private final Queries queries = new Queries();
    private final Views views;
    private final Keeper keeper;
    private volatile boolean cancelled;
    private volatile boolean closed;

    SparkRun(SparkSession session, QueryAnalyzer analyzer, SessionSettings settings, boolean local) {
        this.plain = session.newSession();
        this.common = session.newSession();
        // TIMESTAMP is without a time zone in standard SQL, and a sum that overflows is an error.
        common.conf().set("spark.sql.timestampType", "TIMESTAMP_NTZ");
        common.conf().set("spark.sql.ansi.enabled", "true");
        for (SparkSession each : new SparkSession[] {plain, common}) {
            // A name in WITH hides those outside.
            each.conf().set("spark.sql.legacy.ctePrecedencePolicy", "CORRECTED");
        }
        this.analyzer = analyzer;
        this.settings = settings;
        this.views = new Views(session);
        this.keeper = new Keeper(settings.workFolder(), local);
    }

    @Override
    public Dataset read(Read read) {
        return read(read, Optional.empty());
    }

    @Override
    public Dataset readWithFile(Read read, String column) {
        return read(read, Optional.of(column));
    }

    private Dataset read(Read read, Optional<String> fileColumn) {
        refuseWhenCancelled();
        SparkDataset rows;
        try {
            rows = new Source(common, fileColumn).rows(read);
        } catch (FailureException e) {
            throw e;
        } catch (Exception e) {
            throw Source.unreadable(read, e);
        }
        return read.filter().map(filter -> filtered(rows, filter)).orElse(rows);
    }

    private Dataset filtered(SparkDataset rows, MappedText filter) {
        SqlText query = new SqlText.Builder()
                .add("SELECT * FROM " + views.of(rows.frame()) + " WHERE (\n")
                .add(filter, filter.text().length())
                .add("\n)")
                .build();
        return SparkDataset.computed(queries.rows(common, query), rows.versions());
    }

    @Override
    public Dataset withColumns(Dataset data, Map<String, Object> values) {
        SparkDataset rows = SparkDataset.of(data);
        org.apache.spark.sql.Dataset<Row> frame = rows.frame();
        for (String name : values.keySet()) {
            frame = frame.drop(name);
        }
        StringBuilder added = new StringBuilder();
        values.forEach((name, value) -> added.append(", ")
                .append(Literal.constant(value))
                .append(" AS ")
                .append(Literal.name(name)));
        SqlText query = SqlText.ours("SELECT *" + added + " FROM " + views.of(frame));
        return new SparkDataset(queries.rows(common, query), rows.rows(), rows.kept(), rows.versions());
    }

    @Override
    public SortedMap<String, String> sources(Read read) {
        SortedMap<String, String> states = new TreeMap<>();
        try {
            if (read.format() == Format.DELTA) {
                states.put(read.location().path(), stateOfTable(read));
            } else {
                for (Path file : SourceFiles.find(read)) {
                    states.put(file.toString(), state(file));
                }
            }
            return states;
        } catch (IOException e) {
            throw Source.unreadable(read, e);
        }
    }

    /** The commit's own time and size tell a table that was deleted and made anew from the one before. */
    private static String stateOfTable(Read read) throws IOException {
        CommitLog log = new CommitLog(Path.of(read.location().path()));
        OptionalLong version = read.version().isPresent() ? read.version() : log.newest();
        if (version.isEmpty()) {
            return "none";
        }
        Path commit = log.file(version.getAsLong());
        return "version " + version.getAsLong() + (Files.exists(commit) ? ", " + state(commit) : "");
    }

    private static String state(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.size() + " bytes, " + attributes.lastModifiedTime();
    }

    @Override
    public boolean holds(Write target, OptionalLong version) {
        return EarlierWrites.holds(target, version);
    }

    @Override
    public Dataset earlier(Write target, OptionalLong version) {
        if (target.format() == Format.DELTA && version.isPresent() && target.mode() == WriteMode.APPEND) {
            return added(target, version.getAsLong());
        }
        return read(
                new Read(target.format(), target.location(), List.of(), Optional.empty(), version, target.span()),
                Optional.empty());
    }

    private Dataset added(Write target, long version) {
        Path table = Path.of(target.location().path());
        try {
            CommitLog.Commit commit = new CommitLog(table)
                    .commit(version)
                    .orElseThrow(() -> SourceFiles.missing(
                            target.location(),
                            "version " + version + " of '" + target.location() + "' is no longer in its log"));
            return new SparkDataset(DeltaTarget.added(common, table, commit), commit.rows(), true, Map.of());
        } catch (Exception e) {
            throw Failures.ofWrite(e, queries, target.location());
        }
    }

    @Override
    public Optional<Committed> committed(Write target, NodeId writer, Set<String> runs, Instant since) {
        return EarlierWrites.committed(target, writer, runs, since);
    }

    @Override
    public Dataset query(SqlStep step, Map<String, Dataset> inputs) {
        refuseWhenCancelled();
        String sql = step.sql().text();
        Set<String> named = analyzer.tablesOf(sql);
        IdentityHashMap<org.apache.spark.sql.Dataset<Row>, String> names = new IdentityHashMap<>();
        Map<Path, Long> versions = new HashMap<>();
        SqlText.Builder query = new SqlText.Builder();
        inputs.forEach((name, input) -> {
            if (named.contains(name.toLowerCase(Locale.ROOT))) {
                SparkDataset data = SparkDataset.of(input);
                String view = names.computeIfAbsent(data.frame(), views::of);
                query.add(query.isEmpty() ? "WITH " : ", ");
                query.add(Literal.name(name) + " AS (SELECT * FROM " + view + ")");
                versions.putAll(data.versions());
            }
        });
        query.add((query.isEmpty() ? "" : " ") + "SELECT * FROM (\n")
                .add(step.sql(), analyzer.bodyLength(sql))
                .add("\n)");
        SparkSession session = step.dialect() == Dialect.SPARK ? plain : common;
        return SparkDataset.computed(queries.rows(session, query.build()), versions);
    }

    @Override
    public Dataset transform(TransformStep step, Map<String, Dataset> inputs) {
        refuseWhenCancelled();
        try {
            MappedText sql = step.call().sql(SqlDialect.SPARK, name -> table(name, inputs));
            return query(new SqlStep(sql, step.dialect()), inputs);
        } catch (BadArgumentException e) {
            throw Misfit.of(e);
        }
    }

    private static Table table(String name, Map<String, Dataset> inputs) {
        SparkDataset rows = inputs.entrySet().stream()
                .filter(input -> input.getKey().equalsIgnoreCase(name))
                .findFirst()
                .map(input -> SparkDataset.of(input.getValue()))
                .orElseThrow(() -> new IllegalStateException("no rows named " + name));
        List<Column> columns = Arrays.stream(rows.frame().schema().fields())
                .map(field ->
                        new Column(field.name(), Type.parse(field.dataType().sql(), SqlDialect.SPARK)))
                .toList();
        return new Table(name, Optional.of(columns));
    }

    @Override
    public Dataset cache(Dataset data) {
        SparkDataset computed = SparkDataset.of(data);
        return guarded(() -> {
            org.apache.spark.sql.Dataset<Row> kept = keeper.keep(computed.frame());
            long rows = kept.count();
            return new SparkDataset(kept, OptionalLong.of(rows), true, computed.versions());
        });
    }

    @Override
    public void discard(Dataset cached) {
        keeper.drop(SparkDataset.of(cached).frame());
    }

    @Override
    public NodeConnection connect() {
        throw new IllegalStateException("statements around a node were to be refused before");
    }

    /** Kept meanwhile: a count alone would leave out the computing of what it does not need. */
    @Override
    public long count(Dataset data) {
        return guarded(() -> {
            org.apache.spark.sql.Dataset<Row> kept =
                    keeper.keep(SparkDataset.of(data).frame());
            try {
                return kept.count();
            } finally {
                keeper.drop(kept);
            }
        });
    }

    @Override
    public Sample look(Dataset data, int rows) {
        SparkDataset seen = SparkDataset.of(data);
        return guarded(() -> Samples.of(seen.frame(), seen.kept() ? rows : 0));
    }

    @Override
    public CheckedDataset check(Dataset data, List<Check> checks) {
        refuseWhenCancelled();
        return CheckedRows.of(common, queries, views, keeper, SparkDataset.of(data), checks);
    }

    @Override
    public StagedWrite stage(Dataset data, Write target, NodeId writer, boolean reused) {
        refuseWhenCancelled();
        SparkDataset rows = SparkDataset.of(data);
        return target.format() == Format.DELTA
                ? DeltaTarget.stage(common, queries, rows, target, EarlierWrites.mark(settings.runId(), writer))
                : FileTarget.stage(queries, rows.kept() ? rows : SparkDataset.of(cache(rows)), target);
    }

    private <T> T guarded(Supplier<T> work) {
        refuseWhenCancelled();
        try {
            return work.get();
        } catch (Exception e) {
            throw Failures.of(e, queries);
        }
    }

    private void refuseWhenCancelled() {
        if (cancelled) {
            throw new FailureException(
                    Failure.lasting(ProblemCode.INTERRUPTED, "the run was stopped", Optional.empty()));
        }
    }

    /** What runs may be between two of Spark's jobs just now, so the cancelling is repeated until the run closes. */
    @Override
    public void cancel() {
        cancelled = true;
        Thread interrupter = new Thread(
                () -> {
                    while (!closed) {
                        cancelJobs();
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                    }
                },
                "tarn-interrupt");
        interrupter.setDaemon(true);
        interrupter.start();
    }

    private void cancelJobs() {
        try {
            plain.sparkContext().cancelAllJobs();
        } catch (IllegalStateException stopped) {
            // By a signal, of which Spark hears, too.
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        views.close();
        keeper.close();
    }
}
