package dev.tarn.engine.spark;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.BrokenRows;
import dev.tarn.core.engine.CheckColumns;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.transform.SqlDialect;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows computed once and kept, with a truth value beside each row for each rule, so that no row can be both accepted and
 * rejected or neither, not even when the query or a rule is random. The counts of all rules come from the pass that computes
 * the rows.
 */
final class CheckedRows implements CheckedDataset {

    private final SparkSession session;
    private final Queries queries;
    private final Views views;
    private final Keeper keeper;
    private final List<org.apache.spark.sql.Dataset<Row>> kept = new ArrayList<>();
    private final Map<Path, Long> versions;
    private final List<Check> checks;
    private final CheckColumns flags;
    private final List<String> columns;
    private String flagged = "";
    private List<Long> counts = List.of();

    private CheckedRows(
            SparkSession session, Queries queries, Views views, Keeper keeper, SparkDataset data, List<Check> checks) {
        this.session = session;
        this.queries = queries;
        this.views = views;
        this.keeper = keeper;
        this.versions = data.versions();
        this.checks = checks;
        this.flags = new CheckColumns(SqlDialect.SPARK, checks);
        this.columns = List.of(data.frame().columns());
    }

    static CheckedRows of(
            SparkSession session, Queries queries, Views views, Keeper keeper, SparkDataset data, List<Check> checks) {
        CheckedRows rows = new CheckedRows(session, queries, views, keeper, data, checks);
        try {
            rows.compute(data);
            return rows;
        } catch (Exception e) {
            rows.close();
            throw Failures.of(e, queries);
        }
    }

    private void compute(SparkDataset data) {
        keep(queries.rows(
                session,
                new SqlText.Builder()
                        .add("SELECT *")
                        .add(flags.computed())
                        .add(" FROM " + views.of(data.frame()))
                        .build()));
        for (int i = 0; i < checks.size(); i++) {
            if (checks.get(i) instanceof Check.Unique rule) {
                markDuplicates(i, rule);
            }
        }
        counts = count();
    }

    private void keep(org.apache.spark.sql.Dataset<Row> rows) {
        org.apache.spark.sql.Dataset<Row> stored = keeper.keep(rows);
        kept.add(stored);
        flagged = views.of(stored);
    }

    /** All rows of a group of equals break {@code unique}; groups are counted by key, then the few found are marked. */
    private void markDuplicates(int index, Check.Unique rule) {
        String keys = Literal.names(rule.columns());
        SqlText groups = new SqlText.Builder()
                .add("SELECT ")
                .add(keys, rule.span())
                .add(" FROM " + flagged + " GROUP BY " + keys + " HAVING count(*) > 1")
                .build();
        org.apache.spark.sql.Dataset<Row> duplicates = keeper.keep(queries.rows(session, groups));
        kept.add(duplicates);
        if (duplicates.isEmpty()) {
            return;
        }
        String same = rule.columns().stream()
                .map(Literal::name)
                .map(key -> "c." + key + " <=> d." + key)
                .collect(Collectors.joining(" AND "));
        String others = IntStream.range(0, checks.size())
                .mapToObj(i -> i == index ? "(d.`__tarn_is` IS NOT NULL) AS " + flags.name(i) : "c." + flags.name(i))
                .collect(Collectors.joining(", "));
        String own = columns.stream().map(name -> "c." + Literal.name(name)).collect(Collectors.joining(", "));
        keep(queries.rows(
                session,
                SqlText.ours("SELECT " + own + ", " + others + " FROM " + flagged + " c LEFT JOIN (SELECT " + keys
                        + ", true AS `__tarn_is` FROM " + views.of(duplicates) + ") d ON " + same)));
    }

    private List<Long> count() {
        Row row = queries.rows(session, SqlText.ours("SELECT " + flags.counts() + " FROM " + flagged))
                .first();
        return IntStream.range(0, row.size()).mapToObj(row::getLong).toList();
    }

    @Override
    public long rows() {
        return counts.get(0);
    }

    @Override
    public List<Long> violations() {
        return counts.subList(2, counts.size());
    }

    @Override
    public long rejectedRows() {
        return counts.get(1);
    }

    @Override
    public Dataset accepted() {
        return part(Literal.names(columns), "NOT " + flags.isRejected(), rows() - rejectedRows(), versions);
    }

    @Override
    public Dataset rejected(Quarantine quarantine, String node, String runId, Instant at) {
        String added = flags.rejection(quarantine, node, runId, at);
        return part(
                Literal.names(flags.kept(columns, quarantine)) + added, flags.isRejected(), rejectedRows(), Map.of());
    }

    private SparkDataset part(String select, String where, long rows, Map<Path, Long> from) {
        SqlText query = SqlText.ours("SELECT " + select + " FROM " + flagged + " WHERE " + where);
        return new SparkDataset(queries.rows(session, query), OptionalLong.of(rows), true, from);
    }

    @Override
    public BrokenRows broken(int rows) {
        String all = String.join(", ", flags.names());
        try {
            return flags.split(Samples.of(
                    queries.rows(
                            session,
                            SqlText.ours("SELECT " + Literal.names(columns) + ", " + all + " FROM " + flagged
                                    + " WHERE " + all.replace(", ", " OR "))),
                    rows));
        } catch (Exception e) {
            throw Failures.of(e, queries);
        }
    }

    @Override
    public void close() {
        kept.forEach(keeper::drop);
    }
}
