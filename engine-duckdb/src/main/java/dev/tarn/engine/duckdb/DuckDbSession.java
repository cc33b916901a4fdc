package dev.tarn.engine.duckdb;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.MappedText;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One in-memory DuckDB for one run. Queries are put together as text and computed only when their rows are stored,
 * counted, checked or kept.
 */
final class DuckDbSession implements Session {

    private final Database database;
    private final SessionSettings settings;
    private final AtomicLong tables = new AtomicLong();

    DuckDbSession(Database database, SessionSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    @Override
    public Dataset read(Read read) {
        return new Source(database).dataset(read);
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
    public Dataset earlier(Write target, OptionalLong version) {
        return new EarlierWrites(database).rows(target, version);
    }

    @Override
    public Dataset query(SqlStep step, Map<String, Dataset> inputs) {
        SqlText.Builder query = new SqlText.Builder();
        String separator = "WITH ";
        for (Map.Entry<String, Dataset> input : inputs.entrySet()) {
            DuckDbDataset data = DuckDbDataset.of(input.getValue());
            // A table read twice is better scanned twice, with each reader's own filter; a computed one is not, and
            // random() in it must give both readers the same rows.
            String materialized = data.stable() ? " AS NOT MATERIALIZED (" : " AS (";
            query.add(separator + Literal.name(input.getKey()) + materialized)
                    .add(data.query())
                    .add(")");
            separator = ",\n";
        }
        MappedText sql = step.sql();
        int length = new QueryAnalyzer(database).bodyLength(sql.text());
        query.add((inputs.isEmpty() ? "" : "\n") + "SELECT * FROM (\n")
                .add(sql, length)
                .add("\n)");
        return new DuckDbDataset(query.build(), OptionalLong.empty(), false);
    }

    @Override
    public Dataset cache(Dataset data) {
        SqlText query = DuckDbDataset.of(data).query();
        return new DuckDbDataset(SqlText.ours("FROM " + store(query, "*", "")), OptionalLong.empty(), true);
    }

    /** Stores a query's rows in a new table; gives the table's name. */
    private String store(SqlText query, String selection, String suffix) {
        String table = Literal.name("tarn_" + tables.incrementAndGet());
        String before = "CREATE TABLE " + table + " AS SELECT " + selection + " FROM (";
        run(before, query, ")" + suffix);
        return table;
    }

    private void run(String before, SqlText query, String after) {
        String statement = before + query.text() + after;
        try {
            database.execute(statement);
        } catch (SQLException e) {
            throw Failures.of(e, query, before.length(), statement);
        }
    }

    @Override
    public long count(Dataset data) {
        SqlText query = DuckDbDataset.of(data).query();
        String before = "SELECT count(*) FROM (";
        String statement = before + query.text() + ")";
        try {
            return Long.parseLong(String.valueOf(database.rows(statement).get(0).get(0)));
        } catch (SQLException e) {
            throw Failures.of(e, query, before.length(), statement);
        }
    }

    @Override
    public CheckedDataset check(Dataset data, List<Check> checks) {
        return CheckedTable.of(database, DuckDbDataset.of(data), checks, "tarn_" + tables.incrementAndGet());
    }

    @Override
    public StagedWrite stage(Dataset data, Write target, boolean reused) {
        if (target.format() == Format.DELTA) {
            return DeltaTarget.stage(database, DuckDbDataset.of(data), target, settings.runId());
        }
        Dataset kept = reused && !DuckDbDataset.of(data).stable() ? cache(data) : data;
        return FileTarget.stage(database, DuckDbDataset.of(kept), target);
    }

    @Override
    public void cancel() {
        database.cancel();
    }

    @Override
    public void close() {
        database.close();
    }
}
