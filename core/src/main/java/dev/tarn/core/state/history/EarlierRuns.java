package dev.tarn.core.state.history;

import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.NodeResult.Written;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What earlier runs of a project left of its nodes.
 *
 * @param latest each node's newest result
 * @param unfinished for each node that a later run planned and did not finish, that run: it was killed, or still goes on
 * @param makers for each run that made something that is still a node's newest, by which run the outputs that its nodes
 *     read were made
 * @param written for each node's newest output what its run wrote
 * @param tries for each node the newest run that began it after its last success, if there is one, and did not end well,
 *     and those that it resumed, the newest first
 */
public record EarlierRuns(
        Map<NodeId, Latest> latest,
        Map<NodeId, String> unfinished,
        Map<String, Map<NodeId, String>> makers,
        Map<NodeId, List<Written>> written,
        Map<NodeId, List<Try>> tries) {

    static final String SUCCEEDED = "succeeded";
    static final String UP_TO_DATE = "up_to_date";

    /** No run is known. */
    public static final EarlierRuns NONE = new EarlierRuns(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    /**
     * A node's newest result.
     *
     * @param madeBy the run that made the output; empty when the node is not done
     * @param read when that run started, before it read anything; empty when the node is not done
     * @param made when it had made the output; empty when the node is not done
     */
    record Latest(
            String runId,
            String started,
            String status,
            Optional<String> fingerprint,
            String madeBy,
            String read,
            String made) {

        boolean isDone() {
            return status.equals(SUCCEEDED) || status.equals(UP_TO_DATE);
        }
    }

    /**
     * A run of a node that was killed, still goes on, or failed.
     *
     * @param started when the run did
     * @param resumed whether it went on with the one before
     */
    record Try(String runId, String started, Optional<String> fingerprint, boolean resumed) {}

    public EarlierRuns {
        latest = Map.copyOf(latest);
        unfinished = Map.copyOf(unfinished);
        makers = Map.copyOf(makers);
        written = Map.copyOf(written);
        tries = Map.copyOf(tries);
    }

    public boolean isEmpty() {
        return latest.isEmpty() && unfinished.isEmpty();
    }

    static EarlierRuns read(HistoryDatabase database, String project) {
        Map<NodeId, Latest> latest = database.query("""
                SELECT pipeline, node, run_id, started_at, status, fingerprint, made_by, read_at, made_at FROM (
                    SELECT n.*, r.started_at, maker.started_at AS read_at, made.finished_at AS made_at, row_number() OVER (
                        PARTITION BY n.pipeline, n.node ORDER BY n.finished_at DESC, r.started_at DESC, r.id DESC) AS age
                    FROM node_result n JOIN run r ON r.id = n.run_id
                    LEFT JOIN run maker ON maker.id = n.made_by
                    LEFT JOIN node_result made
                        ON made.run_id = n.made_by AND made.pipeline = n.pipeline AND made.node = n.node
                    WHERE r.project = ? AND n.finished_at IS NOT NULL) AS finished
                WHERE age = 1""", EarlierRuns::latest, project);
        Map<NodeId, String> unfinished = new HashMap<>();
        database.query("""
                SELECT n.pipeline, n.node, n.run_id, r.started_at
                FROM node_result n JOIN run r ON r.id = n.run_id
                WHERE r.project = ? AND n.finished_at IS NULL
                ORDER BY r.started_at, r.id""", statement -> unfinished(statement, latest, unfinished), project);
        Map<String, Map<NodeId, String>> makers = new HashMap<>();
        Map<NodeId, List<Written>> written = new HashMap<>();
        Set<String> runs = new LinkedHashSet<>();
        latest.values().stream().filter(Latest::isDone).forEach(l -> runs.add(l.madeBy()));
        for (String run : runs) {
            makers.put(
                    run,
                    database.query(
                            "SELECT pipeline, node, made_by FROM node_result WHERE run_id = ? AND made_by IS NOT NULL",
                            EarlierRuns::makers,
                            run));
            Set<NodeId> made = new HashSet<>();
            latest.forEach((id, l) -> {
                if (l.isDone() && l.madeBy().equals(run)) {
                    made.add(id);
                }
            });
            database.query(
                    "SELECT pipeline, node, target, version FROM table_version WHERE run_id = ?",
                    statement -> written(statement, made, written),
                    run);
        }
        Map<NodeId, List<Try>> tries = database.query("""
                SELECT n.pipeline, n.node, n.run_id, n.fingerprint, r.started_at, r.options
                FROM node_result n JOIN run r ON r.id = n.run_id
                WHERE r.project = ? AND n.status IN ('planned', 'failed', 'failed_ignored')
                    AND r.started_at >= coalesce((
                        SELECT max(good.started_at) FROM node_result g JOIN run good ON good.id = g.run_id
                        WHERE good.project = r.project AND g.pipeline = n.pipeline AND g.node = n.node
                            AND g.status IN ('succeeded', 'up_to_date')), '')
                ORDER BY r.started_at DESC, r.id DESC""", EarlierRuns::tries, project);
        return new EarlierRuns(latest, unfinished, makers, written, tries);
    }

    private static Map<NodeId, Latest> latest(PreparedStatement statement) throws SQLException {
        Map<NodeId, Latest> latest = new HashMap<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                latest.put(
                        node(rows),
                        new Latest(
                                rows.getString("run_id"),
                                rows.getString("started_at"),
                                rows.getString("status"),
                                Optional.ofNullable(rows.getString("fingerprint")),
                                Objects.requireNonNullElse(rows.getString("made_by"), ""),
                                Objects.requireNonNullElse(rows.getString("read_at"), ""),
                                Objects.requireNonNullElse(rows.getString("made_at"), "")));
            }
        }
        return latest;
    }

    /** A run that started after the one that finished the node may have changed what that left. */
    private static Map<NodeId, String> unfinished(
            PreparedStatement statement, Map<NodeId, Latest> latest, Map<NodeId, String> unfinished)
            throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Latest finished = latest.get(node(rows));
                if (finished == null || finished.started().compareTo(rows.getString("started_at")) <= 0) {
                    unfinished.put(node(rows), rows.getString("run_id"));
                }
            }
        }
        return unfinished;
    }

    /** Before a run that was not resumed lies another piece of work: that one was to write its rows in any case. */
    private static Map<NodeId, List<Try>> tries(PreparedStatement statement) throws SQLException {
        Map<NodeId, List<Try>> tries = new HashMap<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                List<Try> newer = tries.computeIfAbsent(node(rows), n -> new ArrayList<>());
                if (newer.isEmpty() || newer.get(newer.size() - 1).resumed()) {
                    newer.add(new Try(
                            rows.getString("run_id"),
                            rows.getString("started_at"),
                            Optional.ofNullable(rows.getString("fingerprint")),
                            (rows.getString("options") + " ").contains(" --resume ")));
                }
            }
        }
        return tries;
    }

    private static Map<NodeId, String> makers(PreparedStatement statement) throws SQLException {
        Map<NodeId, String> makers = new HashMap<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                makers.put(node(rows), rows.getString("made_by"));
            }
        }
        return makers;
    }

    private static Map<NodeId, List<Written>> written(
            PreparedStatement statement, Set<NodeId> made, Map<NodeId, List<Written>> written) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                NodeId node = node(rows);
                long version = rows.getLong("version");
                OptionalLong known = rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(version);
                if (made.contains(node)) {
                    written.computeIfAbsent(node, n -> new ArrayList<>())
                            .add(new Written(rows.getString("target"), known));
                }
            }
        }
        return written;
    }

    private static NodeId node(ResultSet rows) throws SQLException {
        return new NodeId(rows.getString("pipeline"), rows.getString("node"));
    }
}
