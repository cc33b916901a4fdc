package dev.tarn.core.state.history;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.manifest.CanonicalText;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The runs of the projects in one folder, in {@code .tarn/history.db}. A run is stored when it starts, each node when it
 * is finished: what a killed run did not finish is known as not finished. Not thread-safe.
 */
public final class RunHistory implements AutoCloseable {

    /** Of each project so many runs are kept at most, ... */
    static final int RUNS_KEPT = 1_000;
    /** ... and none that is older, except what made a node's newest output. */
    static final Duration TIME_KEPT = Duration.ofDays(90);

    /** Sorts as the time does. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final HistoryDatabase database;
    private final Clock clock;

    private RunHistory(HistoryDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Opens the history of a project's folder, whose {@code .tarn} must be there; makes a new one if there is none. */
    public static RunHistory open(Path projectDirectory, Clock clock) {
        return new RunHistory(HistoryDatabase.open(file(projectDirectory)), clock);
    }

    /** The history of a project's folder; empty, and none is made, if nothing ran there. */
    public static Optional<RunHistory> openExisting(Path projectDirectory, Clock clock) {
        return Files.exists(file(projectDirectory)) ? Optional.of(open(projectDirectory, clock)) : Optional.empty();
    }

    /**
     * How many runs the history of a project's folder has, after SQLite has looked through the file for damage; empty if
     * nothing ran there. Neither makes nor changes anything.
     */
    public static Optional<Integer> check(Path projectDirectory) {
        Path file = file(projectDirectory);
        return Files.exists(file) ? Optional.of(HistoryDatabase.check(file)) : Optional.empty();
    }

    private static Path file(Path projectDirectory) {
        return projectDirectory.resolve(".tarn").resolve("history.db");
    }

    /** The runs until now of a project. */
    public PastRuns past(String project) {
        return new PastRuns(database, project);
    }

    /** What the runs until now left of each node of a project. */
    public EarlierRuns earlier(String project) {
        return EarlierRuns.read(database, project);
    }

    /** Stores that a run has started. */
    public void begin(RunStart run) {
        database.transaction(connection -> {
            String manifest = run.manifest().text();
            String manifestId = CanonicalText.sha256(manifest);
            HistoryDatabase.execute(
                    connection,
                    "INSERT INTO manifest (id, nodes) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM manifest WHERE id = ?)",
                    manifestId,
                    manifest,
                    manifestId);
            HistoryDatabase.execute(
                    connection,
                    "INSERT INTO run (id, project, environment, manifest, started_at, status, tarn_version, options)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    run.runId(),
                    run.project(),
                    run.environment(),
                    manifestId,
                    TIME.format(run.at()),
                    "running",
                    run.tarnVersion(),
                    run.options());
            int position = 0;
            for (NodeId node : run.nodes()) {
                HistoryDatabase.execute(
                        connection,
                        "INSERT INTO node_result (run_id, pipeline, node, position, status) VALUES (?, ?, ?, ?, ?)",
                        run.runId(),
                        node.pipeline(),
                        node.node(),
                        position++,
                        "planned");
            }
        });
    }

    /**
     * Stores what the nodes of a run are, before they run: if it is killed, what it has written can be told from what another
     * version of the node would write.
     */
    void plan(String runId, Map<NodeId, String> fingerprints) {
        database.transaction(connection -> {
            for (Map.Entry<NodeId, String> node : fingerprints.entrySet()) {
                HistoryDatabase.execute(
                        connection,
                        "UPDATE node_result SET fingerprint = ? WHERE run_id = ? AND pipeline = ? AND node = ?",
                        node.getValue(),
                        runId,
                        node.getKey().pipeline(),
                        node.getKey().node());
            }
        });
    }

    /** Completes the record of nodes that an earlier run had done. */
    public void complete(List<Recovery.Done> nodes) {
        database.transaction(connection -> {
            for (Recovery.Done done : nodes) {
                HistoryDatabase.execute(
                        connection,
                        "UPDATE node_result SET status = ?, finished_at = ?, made_by = ?, failure_code = NULL,"
                                + " failure_message = NULL, failure_file = NULL, failure_line = NULL,"
                                + " failure_column = NULL WHERE run_id = ? AND pipeline = ? AND node = ?",
                        EarlierRuns.SUCCEEDED,
                        TIME.format(done.at()),
                        done.runId(),
                        done.runId(),
                        done.node().pipeline(),
                        done.node().node());
                storeWritten(connection, done.runId(), done.node(), done.written());
            }
        });
    }

    /** Stores which state of the sources a run works with. */
    void describe(String runId, GitRevision revision) {
        database.transaction(connection -> HistoryDatabase.execute(
                connection,
                "UPDATE run SET git_revision = ?, git_dirty = ? WHERE id = ?",
                revision.commit(),
                revision.dirty(),
                runId));
    }

    /**
     * Stores what came of a node.
     *
     * @param fingerprint what the node was when it ran; absent where that cannot be told
     * @param madeBy the run whose output this is, if the node is done: this one, or an earlier one that made the same
     */
    public void append(String runId, NodeResult result, Optional<String> fingerprint, String madeBy) {
        database.transaction(connection -> {
            store(connection, runId, result, fingerprint, madeBy);
            storeDetails(connection, runId, result);
        });
    }

    private void store(
            Connection connection, String runId, NodeResult result, Optional<String> fingerprint, String madeBy)
            throws SQLException {
        Optional<NodeResult.Succeeded> ok =
                result instanceof NodeResult.Succeeded succeeded ? Optional.of(succeeded) : Optional.empty();
        Optional<NodeResult.Failed> failed = result instanceof NodeResult.Failed f ? Optional.of(f) : Optional.empty();
        Optional<Failure> failure = failed.map(NodeResult.Failed::failure);
        Optional<SourceSpan> span = failure.flatMap(Failure::span);
        HistoryDatabase.execute(
                connection,
                "UPDATE node_result SET status = ?, finished_at = ?, duration_ms = ?, attempts = ?, rows_in = ?,"
                        + " rows_out = ?, rows_rejected = ?, reason = ?, failure_code = ?, failure_message = ?,"
                        + " failure_file = ?, failure_line = ?, failure_column = ?, fingerprint = ?, made_by = ?"
                        + " WHERE run_id = ? AND pipeline = ? AND node = ?",
                status(result),
                TIME.format(clock.instant()),
                result.duration().toMillis(),
                ok.map(NodeResult.Succeeded::attempts)
                        .or(() -> failed.map(NodeResult.Failed::attempts))
                        .orElse(null),
                ok.map(s -> number(s.rowsIn())).orElse(null),
                ok.map(s -> number(s.rowsOut())).orElse(null),
                ok.map(NodeResult.Succeeded::rowsRejected).orElse(null),
                result instanceof NodeResult.Skipped skipped ? skipped.reason() : null,
                failure.map(f -> f.code().id()).orElse(null),
                failure.map(Failure::message).orElse(null),
                span.map(s -> s.file().name()).orElse(null),
                span.map(SourceSpan::line).orElse(null),
                span.map(SourceSpan::column).orElse(null),
                fingerprint.orElse(null),
                result instanceof NodeResult.Succeeded || result instanceof NodeResult.UpToDate ? madeBy : null,
                runId,
                result.node().pipeline(),
                result.node().node());
    }

    private static String status(NodeResult result) {
        if (result instanceof NodeResult.Succeeded) {
            return EarlierRuns.SUCCEEDED;
        }
        if (result instanceof NodeResult.UpToDate) {
            return EarlierRuns.UP_TO_DATE;
        }
        if (result instanceof NodeResult.Failed failed) {
            return failed.ignored() ? "failed_ignored" : "failed";
        }
        return "skipped";
    }

    private static @Nullable Long number(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static void storeDetails(Connection connection, String runId, NodeResult result) throws SQLException {
        NodeId node = result.node();
        if (result instanceof NodeResult.Succeeded succeeded) {
            storeWritten(connection, runId, node, succeeded.written());
        }
        for (CheckResult check : result.checks()) {
            HistoryDatabase.execute(
                    connection,
                    "INSERT INTO check_result (run_id, pipeline, node, check_name, rule, status, violations, row_count)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    runId,
                    node.pipeline(),
                    node.node(),
                    check.check().name(),
                    check.check().rule(),
                    check.status().name().toLowerCase(Locale.ROOT),
                    check.violations(),
                    check.rows());
        }
    }

    /** Once: a run that still goes on may record what a resumed one has found of it. */
    private static void storeWritten(Connection connection, String runId, NodeId node, List<NodeResult.Written> targets)
            throws SQLException {
        HistoryDatabase.execute(
                connection,
                "DELETE FROM table_version WHERE run_id = ? AND pipeline = ? AND node = ?",
                runId,
                node.pipeline(),
                node.node());
        for (NodeResult.Written written : targets) {
            HistoryDatabase.execute(
                    connection,
                    "INSERT INTO table_version (run_id, pipeline, node, target, version) VALUES (?, ?, ?, ?, ?)",
                    runId,
                    node.pipeline(),
                    node.node(),
                    written.target(),
                    number(written.version()));
        }
    }

    /** Stores how a run ended, whose nodes are all stored, and forgets what is too old. */
    public void finish(String project, RunResult result) {
        database.transaction(connection -> {
            HistoryDatabase.execute(
                    connection,
                    "UPDATE run SET status = ?, duration_ms = ? WHERE id = ?",
                    result.interrupted() ? "interrupted" : result.succeeded() ? "succeeded" : "failed",
                    result.duration().toMillis(),
                    result.runId());
            sweep(connection, project, result.runId());
        });
    }

    /**
     * What made a node's newest output stays, however old, also where the newest run was one of other nodes: the next --resume
     * asks for it, and would run a node that nobody knows of.
     */
    private void sweep(Connection connection, String project, String newest) throws SQLException {
        Instant oldest = clock.instant().minus(TIME_KEPT);
        HistoryDatabase.execute(
                connection,
                "DELETE FROM run WHERE project = ? AND id <> ?"
                        + " AND (started_at < ? OR id NOT IN (SELECT id FROM run WHERE project = ?"
                        + " ORDER BY started_at DESC, id DESC LIMIT " + RUNS_KEPT + "))"
                        + " AND NOT EXISTS (SELECT 1 FROM node_result made WHERE made.made_by = run.id AND NOT EXISTS ("
                        + "SELECT 1 FROM node_result newer JOIN run later ON later.id = newer.run_id"
                        + " WHERE newer.pipeline = made.pipeline AND newer.node = made.node"
                        + " AND newer.finished_at > made.finished_at AND newer.made_by <> run.id"
                        + " AND later.project = run.project))",
                project,
                newest,
                TIME.format(oldest),
                project);
        HistoryDatabase.execute(
                connection,
                "DELETE FROM manifest WHERE id NOT IN (SELECT manifest FROM run WHERE manifest IS NOT NULL)");
    }

    @Override
    public void close() {
        database.close();
    }
}
