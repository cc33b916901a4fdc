package dev.tarn.engine.duckdb;

import dev.tarn.core.check.Check;
import dev.tarn.core.engine.BrokenRows;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.engine.SqlText;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Quarantine.RejectionColumn;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows stored once, with a truth value beside each row for each rule. What is accepted and what is rejected are two
 * conditions over these values, one the negation of the other, so no row can be in neither or in both, not even when
 * the query or a rule is random.
 */
final class CheckedTable implements CheckedDataset {

    private final Database database;
    private final String table;
    private final Map<Path, Long> versions;
    private final List<Check> checks;
    private final long rows;
    private final List<Long> violations;
    private final long rejectedRows;

    private CheckedTable(
            Database database, String table, Map<Path, Long> versions, List<Check> checks, List<Long> counts) {
        this.database = database;
        this.table = table;
        this.versions = versions;
        this.checks = checks;
        this.rows = counts.get(0);
        this.rejectedRows = counts.get(1);
        this.violations = List.copyOf(counts.subList(2, counts.size()));
    }

    static CheckedTable of(Database database, DuckDbDataset data, List<Check> checks, String table) {
        store(database, data.query(), checks, table);
        try {
            markDuplicates(database, checks, table);
            return new CheckedTable(database, table, data.versions(), checks, count(database, checks, table));
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    @Override
    public void close() {
        try {
            database.execute("DROP TABLE IF EXISTS " + table);
        } catch (SQLException e) {
            // Only memory is at stake, and the session's end frees it; the node's work must not fail for it.
            return;
        }
    }

    private static void store(Database database, SqlText query, List<Check> checks, String table) {
        SqlText.Builder statement = new SqlText.Builder().add("CREATE TABLE " + table + " AS SELECT *");
        for (int i = 0; i < checks.size(); i++) {
            Check check = checks.get(i);
            SqlText flag = check instanceof Check.OfRows rule && !(check instanceof Check.Unique)
                    ? CheckSql.violation(rule)
                    : SqlText.ours("false");
            statement.add(", ").add(placed(flag, check)).add(" AS " + flag(i));
        }
        SqlText complete = statement.add(" FROM (").add(query).add(")").build();
        try {
            database.execute(complete.text());
        } catch (SQLException e) {
            throw Failures.of(e, complete);
        }
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
    private static void markDuplicates(Database database, List<Check> checks, String table) throws SQLException {
        for (int i = 0; i < checks.size(); i++) {
            if (checks.get(i) instanceof Check.Unique rule) {
                String keys = Literal.names(rule.columns());
                String same = rule.columns().stream()
                        .map(Literal::name)
                        .map(key -> "c." + key + " IS NOT DISTINCT FROM d." + key)
                        .collect(Collectors.joining(" AND "));
                database.execute("UPDATE " + table + " AS c SET " + flag(i) + " = true FROM (SELECT " + keys + " FROM "
                        + table + " GROUP BY " + keys + " HAVING count(*) > 1) d WHERE " + same);
            }
        }
    }

    /** Rows, rejected rows, then the violations of each check. */
    private static List<Long> count(Database database, List<Check> checks, String table) throws SQLException {
        String counts = IntStream.range(0, checks.size())
                .mapToObj(i -> ", count(*) FILTER (" + flag(i) + ")")
                .collect(Collectors.joining());
        return database
                .rows("SELECT count(*), count(*) FILTER (" + isRejected(checks) + ")" + counts + " FROM " + table)
                .get(0)
                .stream()
                .map(count -> Long.valueOf(String.valueOf(count)))
                .toList();
    }

    private static String isRejected(List<Check> checks) {
        return quarantining(checks)
                .mapToObj(CheckedTable::flag)
                .collect(Collectors.joining(" OR ", "(false OR ", ")"))
                .replace("(false OR )", "false");
    }

    private static IntStream quarantining(List<Check> checks) {
        return IntStream.range(0, checks.size()).filter(i -> checks.get(i).quarantines());
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public List<Long> violations() {
        return violations;
    }

    @Override
    public long rejectedRows() {
        return rejectedRows;
    }

    @Override
    public Dataset accepted() {
        String filter = rejectedRows == 0 ? "" : " WHERE NOT " + isRejected(checks);
        return DuckDbDataset.constant(
                SqlText.ours("SELECT " + withoutFlags() + " FROM " + table + filter),
                OptionalLong.of(rows - rejectedRows),
                versions);
    }

    private String withoutFlags() {
        return "* EXCLUDE ("
                + IntStream.range(0, checks.size()).mapToObj(CheckedTable::flag).collect(Collectors.joining(", "))
                + ")";
    }

    @Override
    public BrokenRows broken(int rows) {
        String flags =
                IntStream.range(0, checks.size()).mapToObj(CheckedTable::flag).collect(Collectors.joining(", "));
        try {
            Sample sample = database.sample("SELECT " + withoutFlags() + ", " + flags + " FROM " + table + " WHERE "
                    + flags.replace(", ", " OR ") + " LIMIT " + rows);
            int own = sample.columns().size() - checks.size();
            return new BrokenRows(
                    new Sample(
                            sample.columns().subList(0, own),
                            sample.rows().stream()
                                    .map(row -> row.subList(0, own))
                                    .toList()),
                    sample.rows().stream()
                            .map(row -> brokenBy(row.subList(own, row.size())))
                            .toList());
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    private static List<Integer> brokenBy(List<Optional<String>> flags) {
        return IntStream.range(0, flags.size())
                .filter(i -> flags.get(i).equals(Optional.of("true")))
                .boxed()
                .toList();
    }

    @Override
    public Dataset rejected(Quarantine quarantine, String node, String runId, Instant at) {
        String added = Stream.of(RejectionColumn.values())
                .filter(quarantine.columns()::contains)
                .map(column -> ", " + value(column, node, runId, at) + " AS " + Literal.name(column.column()))
                .collect(Collectors.joining());
        String query = "SELECT " + ownColumns(quarantine) + added + " FROM " + table + " WHERE " + isRejected(checks);
        return DuckDbDataset.constant(SqlText.ours(query), OptionalLong.of(rejectedRows), Map.of());
    }

    /** The rows' columns, without those that the quarantine adds: rows of a quarantine may be checked again. */
    private String ownColumns(Quarantine quarantine) {
        Set<String> added =
                quarantine.columns().stream().map(RejectionColumn::column).collect(Collectors.toSet());
        try {
            return database.describe("FROM " + table).stream()
                    .map(Database.Column::name)
                    .filter(name -> !added.contains(name.toLowerCase(Locale.ROOT)))
                    .map(Literal::name)
                    .filter(name -> IntStream.range(0, checks.size()).noneMatch(i -> flag(i).equals(name)))
                    .collect(Collectors.joining(", "));
        } catch (SQLException e) {
            throw Failures.of(e, SqlText.ours(""));
        }
    }

    private String value(RejectionColumn column, String node, String runId, Instant at) {
        return switch (column) {
            case REJECTION_REASON -> failed("; ", i -> checks.get(i).rule());
            case FAILED_TESTS -> failed(", ", i -> checks.get(i).name());
            case REJECTED_AT -> Literal.text(at.toString()) + "::TIMESTAMPTZ";
            case SOURCE_BATCH_ID -> Literal.text(runId);
            case ORIGINAL_NODE -> Literal.text(node);
        };
    }

    private String failed(String separator, java.util.function.IntFunction<String> text) {
        List<String> cases = new ArrayList<>();
        quarantining(checks)
                .forEach(i -> cases.add("CASE WHEN " + flag(i) + " THEN " + Literal.text(text.apply(i)) + " END"));
        return "concat_ws(" + Literal.text(separator) + ", " + String.join(", ", cases) + ")";
    }
}
