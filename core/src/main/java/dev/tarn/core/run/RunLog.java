package dev.tarn.core.run;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.source.SourceSpan;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs what happens in a run, each record with what it is about as values of their own: {@code info} for milestones,
 * {@code warn} for what a user should look at. For one run.
 */
public final class RunLog implements RunListener {

    /** The context that tells the records of a run, and of a node in it. */
    public static final String RUN = "run";

    public static final String NODE = "node";

    private static final Logger LOG = LoggerFactory.getLogger("dev.tarn.run");

    private final String runId;

    public RunLog(String runId) {
        this.runId = runId;
    }

    @Override
    public void runStarted(String id, Plan plan) {
        aboutTheRun(() -> {
            LoggingEventBuilder event =
                    LOG.atInfo().addKeyValue("project", plan.project().name());
            if (!plan.project().environment().isEmpty()) {
                event = event.addKeyValue("environment", plan.project().environment());
            }
            event.addKeyValue("nodes", plan.selected().size()).log("run started");
        });
        for (PlannedNode node : plan.helpers()) {
            about(node.id(), () -> LOG.debug("computed only because others need it"));
        }
    }

    @Override
    public void nodeStarted(NodeId node) {
        about(node, () -> LOG.debug("node started"));
    }

    @Override
    public void nodeRetrying(NodeId node, int attempt, Failure failure, Duration pause) {
        about(
                node,
                () -> described(LOG.atWarn(), failure)
                        .addKeyValue("attempt", attempt)
                        .addKeyValue("pause_ms", pause.toMillis())
                        .log("failed and is tried again: " + failure.message()));
    }

    @Override
    public void nodeFinished(NodeResult result) {
        about(result.node(), () -> {
            result.checks().stream()
                    .filter(check -> check.status() != CheckResult.Status.PASSED)
                    .forEach(RunLog::log);
            finished(result);
        });
    }

    private static void log(CheckResult check) {
        LOG.atWarn()
                .addKeyValue("check", check.check().name())
                .addKeyValue("violations", check.violations())
                .addKeyValue("rows", check.rows())
                .log("check " + check.status().name().toLowerCase(java.util.Locale.ROOT) + ": " + check.sentence());
    }

    private static void finished(NodeResult result) {
        if (result instanceof NodeResult.Succeeded ok) {
            with(with(LOG.atInfo(), "rows_in", ok.rowsIn()), "rows_out", ok.rowsOut())
                    .addKeyValue("rows_rejected", ok.rowsRejected())
                    .addKeyValue("attempts", ok.attempts())
                    .addKeyValue("ms", ok.duration().toMillis())
                    .log("node succeeded");
        } else if (result instanceof NodeResult.Failed failed) {
            described(LOG.atLevel(failed.ignored() ? Level.WARN : Level.ERROR), failed.failure())
                    .addKeyValue("attempts", failed.attempts())
                    .addKeyValue("ms", failed.duration().toMillis())
                    .log("node failed: " + failed.failure().message());
        } else if (result instanceof NodeResult.UpToDate upToDate) {
            LOG.atInfo().addKeyValue("made_by", upToDate.madeBy()).log("node is up to date");
        } else if (result instanceof NodeResult.Skipped skipped) {
            LOG.warn("node skipped: {}", skipped.reason());
        }
    }

    private static LoggingEventBuilder with(LoggingEventBuilder event, String key, OptionalLong value) {
        return value.isPresent() ? event.addKeyValue(key, value.getAsLong()) : event;
    }

    private static LoggingEventBuilder described(LoggingEventBuilder event, Failure failure) {
        Optional<SourceSpan> span = failure.span();
        LoggingEventBuilder coded = event.addKeyValue("code", failure.code().id());
        return span.map(at -> coded.addKeyValue("file", at.file().name())
                        .addKeyValue("line", at.line())
                        .addKeyValue("column", at.column()))
                .orElse(coded);
    }

    @Override
    public void runFinished(RunResult result) {
        String word = result.interrupted() ? "interrupted" : result.succeeded() ? "succeeded" : "failed";
        aboutTheRun(() -> LOG.atLevel(result.succeeded() ? Level.INFO : Level.ERROR)
                .addKeyValue("ms", result.duration().toMillis())
                .log("run " + word));
    }

    private void about(NodeId node, Runnable log) {
        MDC.put(NODE, node.toString());
        try {
            aboutTheRun(log);
        } finally {
            MDC.remove(NODE);
        }
    }

    private void aboutTheRun(Runnable log) {
        MDC.put(RUN, runId);
        try {
            log.run();
        } finally {
            MDC.remove(RUN);
        }
    }
}
