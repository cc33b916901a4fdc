package dev.tarn.core.story;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.run.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What came of a node and how.
 *
 * @param node {@code pipeline.node}
 * @param helper whether it was not selected and ran because others take its output
 * @param reason why it was skipped
 * @param madeBy the earlier run whose output is still good, of a node that is up to date
 * @param startedAfter since the start of the run; empty for a node that did not run
 * @param phases of the last try; the engine computes what it read and transformed when it must
 * @param needs nodes whose output it reads
 * @param after nodes that it waits for without reading them
 * @param preSql statements that ran before it read
 * @param postSql statements that ran after its write
 * @param columns of its output, empty where they are not known
 * @param changes from its input to its output, if there is one input and both are known
 * @param sample first rows of what it stored
 * @param broken rows that break its checks
 * @param previous how it went in the last run in which it succeeded
 */
public record NodeStory(
        String node,
        String description,
        List<String> tags,
        boolean helper,
        NodeStatus status,
        Optional<String> reason,
        Optional<String> madeBy,
        Optional<Duration> startedAfter,
        Duration seconds,
        long attempts,
        List<Retry> retries,
        List<PhaseTime> phases,
        List<String> needs,
        List<String> after,
        List<Input> inputs,
        List<Step> preSql,
        List<Step> steps,
        List<Step> postSql,
        Optional<Target> target,
        Optional<Target> quarantine,
        OptionalLong rowsIn,
        OptionalLong rowsOut,
        long rowsRejected,
        List<Column> columns,
        List<ColumnChange> changes,
        Rows sample,
        List<Check> checks,
        List<BrokenRow> broken,
        Optional<Failure> failure,
        Optional<Comparison> previous) {

    /** A try that failed and was followed by another one. */
    public record Retry(long attempt, String code, String message, Duration pause) {}

    /** How long one phase took. */
    public record PhaseTime(Phase phase, Duration seconds) {}

    /**
     * What the node reads.
     *
     * @param source {@code pipeline.node}, or {@code connection:path}
     * @param internal whether it is another node's output
     */
    public record Input(
            String name, String source, boolean internal, Optional<String> format, List<ColumnType> columns) {
        public Input {
            columns = List.copyOf(columns);
        }
    }

    /** A column and the engine's name of its type. */
    public record ColumnType(String name, String type) {}

    /** A query as it ran, with variables replaced, and where it stands. */
    public record Step(String sql, String file, long line) {}

    /**
     * Where rows were stored, or would have been.
     *
     * @param place {@code connection:path}
     * @param version the version that the write made, of a table
     */
    public record Target(String place, String format, String mode, OptionalLong version) {}

    /**
     * A column of the output.
     *
     * @param nulls values that are NULL, where known
     * @param min the least value, where known and not sensitive
     * @param max the greatest value
     * @param sensitive whether its values may not be shown
     */
    public record Column(
            String name,
            String type,
            OptionalLong nulls,
            Optional<String> min,
            Optional<String> max,
            boolean sensitive,
            String description) {}

    /** A few rows; a value is absent when it is NULL. Values of sensitive columns are {@link Sensitive#MASK}. */
    public record Rows(List<String> columns, List<List<Optional<String>>> rows) {

        static final Rows NONE = new Rows(List.of(), List.of());

        public Rows {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /** What a check found; {@code threshold} and the like are part of the rule's text. */
    public record Check(String name, String rule, CheckResult.Status status, long violations, long rows) {}

    /** A row that breaks checks, by their names. */
    public record BrokenRow(List<String> checks, List<BrokenValue> values) {
        public BrokenRow {
            checks = List.copyOf(checks);
            values = List.copyOf(values);
        }
    }

    /** A value of a row, absent when it is NULL. */
    public record BrokenValue(String column, Optional<String> value) {}

    /** Why the node failed. */
    public record Failure(
            String code,
            String message,
            Optional<String> help,
            Optional<String> file,
            OptionalLong line,
            OptionalLong column,
            List<String> excerpt) {
        public Failure {
            excerpt = List.copyOf(excerpt);
        }
    }

    public NodeStory {
        tags = List.copyOf(tags);
        retries = List.copyOf(retries);
        phases = List.copyOf(phases);
        needs = List.copyOf(needs);
        after = List.copyOf(after);
        inputs = List.copyOf(inputs);
        preSql = List.copyOf(preSql);
        steps = List.copyOf(steps);
        postSql = List.copyOf(postSql);
        columns = List.copyOf(columns);
        changes = List.copyOf(changes);
        checks = List.copyOf(checks);
        broken = List.copyOf(broken);
    }

    NodeStory comparedTo(Comparison other) {
        return new NodeStory(
                node,
                description,
                tags,
                helper,
                status,
                reason,
                madeBy,
                startedAfter,
                seconds,
                attempts,
                retries,
                phases,
                needs,
                after,
                inputs,
                preSql,
                steps,
                postSql,
                target,
                quarantine,
                rowsIn,
                rowsOut,
                rowsRejected,
                columns,
                changes,
                sample,
                checks,
                broken,
                failure,
                Optional.of(other));
    }

    /** The name without its pipeline. */
    public String shortName() {
        return node.substring(node.indexOf('.') + 1);
    }

    public String pipeline() {
        return node.substring(0, node.indexOf('.'));
    }

    /** All its SQL, for comparisons. */
    List<String> sqlLines() {
        return Stream.of(preSql, steps, postSql)
                .flatMap(List::stream)
                .flatMap(step -> step.sql().strip().lines())
                .toList();
    }
}
