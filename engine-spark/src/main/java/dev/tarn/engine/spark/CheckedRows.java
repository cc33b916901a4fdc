package dev.tarn.engine.spark;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.BrokenRows;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Quarantine.RejectionColumn;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows computed once and kept, with a truth value beside each row for each rule. What is accepted and what is rejected are
 * two conditions over these values, one the negation of the other, so no row can be in neither or in both, not even when
 * the query or a rule is random. The counts of all rules come from the pass that computes the rows.
 */
final class CheckedRows implements CheckedDataset {

    private final SparkSession session;
    private final Queries queries;
    private final Views views;
    private final Keeper keeper;
    private final List<org.apache.spark.sql.Dataset<Row>> kept = new ArrayList<>();
    private final Map<Path, Long> versions;
    private final List<Check> checks;
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
        SqlText.Builder query = new SqlText.Builder().add("SELECT *");
        for (int i = 0; i < checks.size(); i++) {
            Check check = checks.get(i);
            SqlText flag = check instanceof Check.OfRows rule && !(check instanceof Check.Unique)
                    ? CheckSql.violation(rule)
                    : SqlText.ours("false");
            query.add(", ").add(placed(flag, check)).add(" AS " + flag(i));
        }
        keep(queries.rows(session, query.add(" FROM " + views.of(data.frame())).build()));
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

    /** An error in a condition that we wrote is shown at the check that it was written for. */
    private static SqlText placed(SqlText condition, Check check) {
        return check instanceof Check.CustomSql
                ? condition
                : new SqlText.Builder().add(condition.text(), check.span()).build();
    }

    /** No user has a column of this name, short of trying. */
    private static String flag(int index) {
        return Literal.name("__tarn_7f3a9c_broken_" + index);
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
                .mapToObj(i -> i == index ? "(d.`__tarn_is` IS NOT NULL) AS " + flag(i) : "c." + flag(i))
                .collect(Collectors.joining(", "));
        String own = columns.stream().map(name -> "c." + Literal.name(name)).collect(Collectors.joining(", "));
        keep(queries.rows(
                session,
                SqlText.ours("SELECT " + own + ", " + others + " FROM " + flagged + " c LEFT JOIN (SELECT " + keys
                        + ", true AS `__tarn_is` FROM " + views.of(duplicates) + ") d ON " + same)));
    }

    /** All rows, those that are rejected, and those that break each rule. */
    private List<Long> count() {
        String sums = IntStream.range(0, checks.size())
                .mapToObj(i -> ", count_if(" + flag(i) + ")")
                .collect(Collectors.joining());
        Row row = queries.rows(
                        session,
                        SqlText.ours("SELECT count(*), count_if(" + isRejected() + ")" + sums + " FROM " + flagged))
                .first();
        return IntStream.range(0, row.size()).mapToObj(row::getLong).toList();
    }

    private String isRejected() {
        String any = quarantining().mapToObj(CheckedRows::flag).collect(Collectors.joining(" OR "));
        return any.isEmpty() ? "false" : "(" + any + ")";
    }

    private IntStream quarantining() {
        return IntStream.range(0, checks.size()).filter(i -> checks.get(i).quarantines());
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
        return part(Literal.names(columns), "NOT " + isRejected(), rows() - rejectedRows(), versions);
    }

    @Override
    public Dataset rejected(Quarantine quarantine, String node, String runId, Instant at) {
        String added = Stream.of(RejectionColumn.values())
                .filter(quarantine.columns()::contains)
                .map(column -> ", " + value(column, node, runId, at) + " AS " + Literal.name(column.column()))
                .collect(Collectors.joining());
        // The rows of a quarantine may be checked again: what it adds is replaced.
        Set<String> names =
                quarantine.columns().stream().map(RejectionColumn::column).collect(Collectors.toSet());
        List<String> own = columns.stream()
                .filter(name -> !names.contains(name.toLowerCase(Locale.ROOT)))
                .toList();
        return part(Literal.names(own) + added, isRejected(), rejectedRows(), Map.of());
    }

    private SparkDataset part(String select, String where, long rows, Map<Path, Long> from) {
        SqlText query = SqlText.ours("SELECT " + select + " FROM " + flagged + " WHERE " + where);
        return new SparkDataset(queries.rows(session, query), OptionalLong.of(rows), true, from);
    }

    private String value(RejectionColumn column, String node, String runId, Instant at) {
        return switch (column) {
            case REJECTION_REASON -> failed("; ", i -> checks.get(i).rule());
            case FAILED_TESTS -> failed(", ", i -> checks.get(i).name());
            case REJECTED_AT -> Literal.instant(at);
            case SOURCE_BATCH_ID -> Literal.text(runId);
            case ORIGINAL_NODE -> Literal.text(node);
        };
    }

    private String failed(String separator, IntFunction<String> text) {
        String cases = quarantining()
                .mapToObj(i -> "CASE WHEN " + flag(i) + " THEN " + Literal.text(text.apply(i)) + " END")
                .collect(Collectors.joining(", "));
        return "concat_ws(" + Literal.text(separator) + ", " + cases + ")";
    }

    @Override
    public BrokenRows broken(int rows) {
        String flags =
                IntStream.range(0, checks.size()).mapToObj(CheckedRows::flag).collect(Collectors.joining(", "));
        try {
            Sample sample = Samples.of(
                    queries.rows(
                            session,
                            SqlText.ours("SELECT " + Literal.names(columns) + ", " + flags + " FROM " + flagged
                                    + " WHERE " + flags.replace(", ", " OR "))),
                    rows);
            int own = columns.size();
            return new BrokenRows(
                    new Sample(
                            sample.columns().subList(0, own),
                            sample.rows().stream()
                                    .map(row -> row.subList(0, own))
                                    .toList()),
                    sample.rows().stream()
                            .map(row -> brokenBy(row.subList(own, row.size())))
                            .toList());
        } catch (Exception e) {
            throw Failures.of(e, queries);
        }
    }

    private static List<Integer> brokenBy(List<Optional<String>> flags) {
        return IntStream.range(0, flags.size())
                .filter(i -> flags.get(i).equals(Optional.of("true")))
                .boxed()
                .toList();
    }

    @Override
    public void close() {
        kept.forEach(keeper::drop);
    }
}
