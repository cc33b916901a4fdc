package dev.tarn.core.engine;

import dev.tarn.core.check.Check;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Quarantine.RejectionColumn;
import dev.tarn.core.transform.SqlDialect;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The truth values that stand beside each checked row, one for each rule, as SQL. What is accepted and what is rejected are two
 * conditions over them, one the negation of the other, so no row can be in neither or in both.
 */
public final class CheckColumns {

    private final SqlDialect dialect;
    private final List<Check> checks;

    public CheckColumns(SqlDialect dialect, List<Check> checks) {
        this.dialect = dialect;
        this.checks = List.copyOf(checks);
    }

    /** Each rule as a column behind others; of {@code unique} false, until its duplicates are marked. */
    public SqlText computed() {
        SqlText.Builder columns = new SqlText.Builder();
        for (int i = 0; i < checks.size(); i++) {
            Check check = checks.get(i);
            SqlText broken = check instanceof Check.OfRows rule && !(check instanceof Check.Unique)
                    ? BrokenRule.of(rule, dialect)
                    : SqlText.ours("false");
            columns.add(", ").add(placed(broken, check)).add(" AS " + name(i));
        }
        return columns.build();
    }

    /** An error in a condition that we wrote is shown at the check that it was written for. */
    private static SqlText placed(SqlText condition, Check check) {
        return check instanceof Check.CustomSql
                ? condition
                : new SqlText.Builder().add(condition.text(), check.span()).build();
    }

    /** The column of a rule. No user has one of this name, short of trying. */
    public String name(int index) {
        return dialect.name("__tarn_7f3a9c_broken_" + index);
    }

    /** The columns of all rules. */
    public List<String> names() {
        return IntStream.range(0, checks.size()).mapToObj(this::name).toList();
    }

    /** Columns that count all rows, those that are rejected, and those that break each rule. */
    public String counts() {
        return Stream.concat(Stream.of(isRejected()), names().stream())
                .map(condition -> ", count(*) FILTER (WHERE " + condition + ")")
                .collect(Collectors.joining("", "count(*)", ""));
    }

    /** The condition of rows that break a rule which sets rows aside. */
    public String isRejected() {
        String any = quarantining().mapToObj(this::name).collect(Collectors.joining(" OR "));
        return any.isEmpty() ? "false" : "(" + any + ")";
    }

    private IntStream quarantining() {
        return IntStream.range(0, checks.size()).filter(i -> checks.get(i).quarantines());
    }

    /** Those of a row's columns that a quarantine does not replace: the rows of a quarantine may be checked again. */
    public List<String> kept(List<String> columns, Quarantine quarantine) {
        Set<String> replaced =
                quarantine.columns().stream().map(RejectionColumn::column).collect(Collectors.toSet());
        return columns.stream()
                .filter(name -> !replaced.contains(name.toLowerCase(Locale.ROOT)))
                .toList();
    }

    /** What a quarantine adds to a row, as columns behind others. */
    public String rejection(Quarantine quarantine, String node, String runId, Instant at) {
        return Stream.of(RejectionColumn.values())
                .filter(quarantine.columns()::contains)
                .map(column -> ", " + value(column, node, runId, at) + " AS " + dialect.name(column.column()))
                .collect(Collectors.joining());
    }

    private String value(RejectionColumn column, String node, String runId, Instant at) {
        return switch (column) {
            case REJECTION_REASON -> failed("; ", i -> checks.get(i).rule());
            case FAILED_TESTS -> failed(", ", i -> checks.get(i).name());
            case REJECTED_AT -> dialect.instant(at);
            case SOURCE_BATCH_ID -> dialect.text(runId);
            case ORIGINAL_NODE -> dialect.text(node);
        };
    }

    private String failed(String separator, IntFunction<String> text) {
        String cases = quarantining()
                .mapToObj(i -> "CASE WHEN " + name(i) + " THEN " + dialect.text(text.apply(i)) + " END")
                .collect(Collectors.joining(", "));
        return "concat_ws(" + dialect.text(separator) + ", " + cases + ")";
    }

    /** Takes the columns of the rules, which are the last ones, off rows that were looked at. */
    public BrokenRows split(Sample sample) {
        int own = sample.columns().size() - checks.size();
        return new BrokenRows(
                new Sample(
                        sample.columns().subList(0, own),
                        sample.rows().stream().map(row -> row.subList(0, own)).toList()),
                sample.rows().stream()
                        .map(row -> brokenBy(row.subList(own, row.size())))
                        .toList());
    }

    private static List<Integer> brokenBy(List<Optional<String>> flags) {
        return IntStream.range(0, flags.size())
                .filter(i -> flags.get(i).equals(Optional.of("true")))
                .boxed()
                .toList();
    }
}
