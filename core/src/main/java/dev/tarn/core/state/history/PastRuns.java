package dev.tarn.core.state.history;

import dev.tarn.core.manifest.Manifest;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.select.Outcome;
import dev.tarn.core.source.ProblemCode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The recorded runs of one project, to be asked about by their names. Usable while its history is open. */
public final class PastRuns {

    private final HistoryDatabase database;
    private final String project;

    PastRuns(HistoryDatabase database, String project) {
        this.database = database;
        this.project = project;
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
