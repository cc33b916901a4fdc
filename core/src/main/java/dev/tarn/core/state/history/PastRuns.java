package dev.tarn.core.state.history;

import dev.tarn.core.manifest.Manifest;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.select.Outcome;
import dev.tarn.core.source.ProblemCode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The recorded runs of one project, to be asked about by their names. Usable while its history is open. */
public final class PastRuns {

    /** A node that did not succeed in so many runs is compared with none. */
    private static final int RUNS_COMPARED = 50;

    private final HistoryDatabase database;
    private final String project;

    PastRuns(HistoryDatabase database, String project) {
        this.database = database;
        this.project = project;
    }

    /**
     * A node's last success.
     *
     * @param rowsOut rows that it made, where they were counted
     */
    public record Success(String runId, OptionalLong rowsOut, Duration duration) {}

    /** Each node's newest success in the latest runs before one of them. */
    public Map<NodeId, Success> lastSuccesses(String before) {
        return database.query(
                "SELECT n.pipeline, n.node, n.run_id, n.rows_out, n.duration_ms"
                        + " FROM node_result n JOIN run r ON r.id = n.run_id WHERE n.status = 'succeeded'"
                        + " AND r.id IN (SELECT id FROM run WHERE project = ? AND id <> ?"
                        + " ORDER BY started_at DESC, id DESC LIMIT " + RUNS_COMPARED + ")"
                        + " ORDER BY r.started_at, r.id",
                PastRuns::successes,
                project,
                before);
    }

    private static Map<NodeId, Success> successes(PreparedStatement statement) throws SQLException {
        Map<NodeId, Success> newest = new HashMap<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                long rowsOut = rows.getLong("rows_out");
                newest.put(
                        new NodeId(rows.getString("pipeline"), rows.getString("node")),
                        new Success(
                                rows.getString("run_id"),
                                rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(rowsOut),
                                Duration.ofMillis(rows.getLong("duration_ms"))));
            }
        }
        return newest;
    }

    /**
     * A run as it is stored.
     *
     * @param duration absent while it goes on, and for one that was killed
     * @param nodes how many it planned
     * @param failed how many of them failed
     */
    public record Run(
            String runId, Instant startedAt, String status, Optional<Duration> duration, long nodes, long failed) {}

    /** The newest runs, at most so many, the newest first. */
    public List<Run> newest(int most) {
        return database.query(
                "SELECT r.id, r.started_at, r.status, r.duration_ms, count(n.node) AS nodes,"
                        + " sum(CASE WHEN n.status IN ('failed', 'failed_ignored') THEN 1 ELSE 0 END) AS failed"
                        + " FROM run r LEFT JOIN node_result n ON n.run_id = r.id WHERE r.project = ?"
                        + " GROUP BY r.id, r.started_at, r.status, r.duration_ms"
                        + " ORDER BY r.started_at DESC, r.id DESC LIMIT " + most,
                PastRuns::runs,
                project);
    }

    private static List<Run> runs(PreparedStatement statement) throws SQLException {
        List<Run> runs = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                long millis = rows.getLong("duration_ms");
                Optional<Duration> duration =
                        rows.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
                runs.add(new Run(
                        rows.getString("id"),
                        Instant.parse(rows.getString("started_at")),
                        rows.getString("status"),
                        duration,
                        rows.getLong("nodes"),
                        rows.getLong("failed")));
            }
        }
        return runs;
    }

    /** The names of all runs, the newest first. */
    public List<String> names() {
        return database.query(
                "SELECT id FROM run WHERE project = ? ORDER BY started_at DESC, id DESC", PastRuns::texts, project);
    }

    /** What the project's nodes were in a run; empty if a Tarn recorded it that did not store this. */
    public Optional<Manifest> manifest(String run) {
        return database.query(
                "SELECT m.nodes FROM run r JOIN manifest m ON m.id = r.manifest WHERE r.project = ? AND r.id = ?",
                statement -> texts(statement).stream().findFirst().flatMap(Manifest::parse),
                project,
                run);
    }

    /** What came of each node that a run planned. */
    public Map<NodeId, Set<Outcome>> outcomes(String run) {
        return database.query("""
                SELECT n.pipeline, n.node, n.status, n.failure_code,
                       EXISTS (SELECT 1 FROM check_result c WHERE c.run_id = n.run_id AND c.pipeline = n.pipeline
                               AND c.node = n.node AND c.status = 'warned') AS warned
                FROM node_result n JOIN run r ON r.id = n.run_id
                WHERE r.project = ? AND r.id = ?""", PastRuns::outcomes, project, run);
    }

    private static Map<NodeId, Set<Outcome>> outcomes(PreparedStatement statement) throws SQLException {
        Map<NodeId, Set<Outcome>> outcomes = new HashMap<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                outcomes.put(
                        new NodeId(rows.getString("pipeline"), rows.getString("node")),
                        outcome(rows.getString("status"), rows.getString("failure_code"), rows.getBoolean("warned")));
            }
        }
        return outcomes;
    }

    private static Set<Outcome> outcome(String status, String failureCode, boolean warned) {
        Set<Outcome> outcomes = EnumSet.of(
                switch (status) {
                    case "planned" -> Outcome.UNFINISHED;
                    case "skipped" -> Outcome.SKIPPED;
                    case "failed", "failed_ignored" -> Outcome.ERROR;
                    default -> Outcome.SUCCESS;
                });
        if (ProblemCode.CHECK_FAILED.id().equals(failureCode)) {
            outcomes.add(Outcome.FAIL);
        }
        if (warned) {
            outcomes.add(Outcome.WARN);
        }
        return outcomes;
    }

    private static List<String> texts(PreparedStatement statement) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
