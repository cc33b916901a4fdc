package dev.tarn.core.story;

import dev.tarn.core.story.NodeStory.ColumnType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a node went in another run, and what is different.
 *
 * @param runId the other, earlier run
 * @param complete whether the other run's story is there; without it only rows and seconds are known
 * @param rowsOut rows that the node made then
 * @param seconds how long it took then
 * @param sql the queries of both, if they differ
 * @param columns what is different in the output's columns
 */
public record Comparison(
        String runId,
        boolean complete,
        OptionalLong rowsOut,
        Duration seconds,
        List<DiffLine> sql,
        List<ColumnChange> columns) {

    /** A line that both, only the newer or only the older text has. */
    public record DiffLine(Kind kind, String text) {

        /** Which of the texts has the line. */
        public enum Kind {
            SAME,
            ADDED,
            REMOVED
        }
    }

    public Comparison {
        sql = List.copyOf(sql);
        columns = List.copyOf(columns);
    }

    /** What is different in {@code newer}. */
    static Comparison of(String runId, NodeStory older, NodeStory newer) {
        List<ColumnType> before = types(older);
        List<ColumnType> now = types(newer);
        return new Comparison(
                runId,
                true,
                older.rowsOut(),
                older.seconds(),
                LineDiff.between(older.sqlLines(), newer.sqlLines()),
                before.isEmpty() || now.isEmpty() ? List.of() : ColumnChange.between(before, now));
    }

    /** Of a run whose story is gone. */
    static Comparison of(String runId, OptionalLong rowsOut, Duration seconds) {
        return new Comparison(runId, false, rowsOut, seconds, List.of(), List.of());
    }

    private static List<ColumnType> types(NodeStory node) {
        return node.columns().stream()
                .map(column -> new ColumnType(column.name(), column.type()))
                .toList();
    }

    public boolean sqlChanged() {
        return !sql.isEmpty();
    }

    /** The difference of two numbers of rows, with its sign; empty where one is not known. */
    public static Optional<Long> delta(OptionalLong before, OptionalLong now) {
        return before.isPresent() && now.isPresent()
                ? Optional.of(now.getAsLong() - before.getAsLong())
                : Optional.empty();
    }
}
