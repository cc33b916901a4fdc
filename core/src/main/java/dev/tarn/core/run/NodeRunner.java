package dev.tarn.core.run;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.connection.Location;
import dev.tarn.core.engine.CheckedDataset;
import dev.tarn.core.engine.Dataset;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.StagedWrite;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.MetadataColumn;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.OnError;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.Retry;
import dev.tarn.core.project.Step;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.ProblemCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs one node: read, transform, check, write. Nothing is visible at a target before all of it succeeded. Thread-safe:
 * shared by all nodes of a run.
 */
final class NodeRunner {

    /** What a node made so far, kept while its tries go on. */
    private record Attempt(
            OptionalLong rowsIn,
            OptionalLong rowsOut,
            long rejected,
            List<CheckResult> checks,
            List<NodeResult.Written> written) {}

    /** A write that is stored but not yet visible. */
    private record Pending(Write target, StagedWrite staged) {}

    private final RunSettings settings;
    private final Instant started;
    private final Session session;
    private final Retry retry;
    private final RunListener listener;
    private final Cancellation stop;
    private final Map<NodeId, Write> writes = new HashMap<>();
    private final Map<NodeId, NodeResult.UpToDate> upToDate = new HashMap<>();
    private final Map<NodeId, Dataset> outputs = new ConcurrentHashMap<>();

    NodeRunner(
            RunSettings settings,
            Instant started,
            Session session,
            Plan plan,
            List<NodeResult.UpToDate> upToDate,
            RunListener listener,
            Cancellation stop) {
        this.settings = settings;
        this.started = started;
        this.session = session;
        this.retry = plan.project().retry();
        plan.nodes().forEach(n -> n.node().write().ifPresent(w -> writes.put(n.id(), w)));
        writes.putAll(plan.earlier());
        upToDate.forEach(result -> this.upToDate.put(result.node(), result));
        this.listener = listener;
        this.stop = stop;
    }

    NodeResult run(PlannedNode node) {
        if (stop.isRequested()) {
            return new NodeResult.Skipped(node.id(), "the run was stopped");
        }
        listener.nodeStarted(node.id());
        long startNanos = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            List<CheckResult> checks = new ArrayList<>();
            Tracer trace = new Tracer(session, settings.tracing());
            try {
                Attempt made = attempt(node, checks, trace);
                return traced(succeeded(node, made, attempt, since(startNanos)), trace);
            } catch (FailureException e) {
                if (!tryAgain(node, e.failure(), attempt)) {
                    return traced(failed(node, e.failure(), checks, attempt, since(startNanos)), trace);
                }
            } catch (RuntimeException | Error e) {
                return traced(failed(node, unexpected(e), checks, attempt, since(startNanos)), trace);
            }
        }
    }

    private NodeResult traced(NodeResult result, Tracer trace) {
        trace.trace(result.node()).ifPresent(listener::nodeTraced);
        return result;
    }

    private Attempt attempt(PlannedNode node, List<CheckResult> checks, Tracer trace) {
        try (Surroundings around = Surroundings.of(node, session, trace)) {
            Optional<NodeResult.Written> done = node.node().write().flatMap(write -> before(node, place(write)));
            if (done.isPresent()) {
                return finish(node, done.get(), around, trace);
            }
            Map<String, Dataset> inputs = trace.timed(Phase.READ, () -> read(node, around.session()));
            trace.inputs(fromOutside(node, inputs));
            Dataset output =
                    trace.timed(Phase.TRANSFORM, () -> around.leaving(transform(node, inputs, around.session())));
            trace.output(output);
            OptionalLong rowsIn = rows(inputs);
            return node.node().validation().checks().isEmpty()
                    ? write(node, output, rowsIn, around, trace)
                    : writeChecked(node, output, rowsIn, checks, around, trace);
        }
    }

    /** A node whose rows were stored by an earlier try: only what comes after is left to do. */
    private Attempt finish(PlannedNode node, NodeResult.Written done, Surroundings around, Tracer trace) {
        Dataset written = session.earlier(node.node().write().orElseThrow(), done.version());
        publish(node, written);
        around.finish(written, trace);
        return new Attempt(OptionalLong.empty(), written.rows(), 0, List.of(), committed(node));
    }

    private static String place(Write write) {
        return write.location().toString();
    }

    private Map<String, Dataset> fromOutside(PlannedNode node, Map<String, Dataset> inputs) {
        Map<String, Dataset> found = new LinkedHashMap<>(inputs);
        node.inputs().stream()
                .filter(input -> input instanceof Input.FromNode from && outputs.containsKey(from.node()))
                .forEach(input -> found.remove(input.name()));
        return found;
    }

    private Map<String, Dataset> read(PlannedNode node, Session around) {
        Map<String, Dataset> inputs = new LinkedHashMap<>();
        for (Input input : node.inputs()) {
            Dataset data = input instanceof Input.FromNode from
                    ? outputOf(node, from)
                    : read(node, ((Input.External) input).read(), around);
            inputs.put(input.name(), data);
        }
        return inputs;
    }

    private static Dataset read(PlannedNode node, Read read, Session around) {
        boolean withFile = node.node()
                .write()
                .filter(w -> w.metadata().contains(MetadataColumn.SOURCE_FILE))
                .isPresent();
        return withFile ? around.readWithFile(read, MetadataColumn.SOURCE_FILE.column()) : around.read(read);
    }

    private Dataset outputOf(PlannedNode node, Input.FromNode from) {
        Dataset output = outputs.get(from.node());
        return output != null ? output : earlierOutputOf(node, from);
    }

    /**
     * What a node stored that gives none in this run. One that is up to date: the rows of its own run. One that is not
     * selected, or that failed with {@code on_error: ignore}: what is there now.
     */
    private Dataset earlierOutputOf(PlannedNode node, Input.FromNode from) {
        Write write = writes.get(from.node());
        NodeResult.UpToDate earlier = upToDate.get(from.node());
        if (write != null && earlier != null) {
            return EarlierOutput.read(session, write, earlier, from);
        }
        if (write == null) {
            throw new FailureException(Failure.lasting(
                    ProblemCode.READ_FAILED,
                    "node '" + from.node() + "' failed and writes nothing, so '" + node.id()
                            + "' has nothing to read from it",
                    Optional.of(from.span())));
        }
        return session.present(write, from.span());
    }

    private static OptionalLong rows(Map<String, Dataset> inputs) {
        boolean known = inputs.values().stream().allMatch(d -> d.rows().isPresent());
        return known && !inputs.isEmpty()
                ? OptionalLong.of(inputs.values().stream()
                        .mapToLong(d -> d.rows().getAsLong())
                        .sum())
                : OptionalLong.empty();
    }

    private static Dataset transform(PlannedNode node, Map<String, Dataset> inputs, Session around) {
        Map<String, Dataset> visible = new LinkedHashMap<>(inputs);
        if (node.hasDf()) {
            visible.put("df", inputs.values().iterator().next());
        }
        for (Step step : node.node().steps()) {
            visible.put("df", around.apply(step, visible));
        }
        Dataset output = visible.get("df");
        if (output == null) {
            throw new IllegalStateException("node " + node.id() + " has neither inputs nor steps");
        }
        return output;
    }

    private Attempt writeChecked(
            PlannedNode node,
            Dataset output,
            OptionalLong rowsIn,
            List<CheckResult> results,
            Surroundings around,
            Tracer trace) {
        CheckedDataset checked = trace.timed(
                Phase.CHECK,
                () -> session.check(output, node.node().validation().checks()));
        boolean keep = false;
        List<Pending> staged = new ArrayList<>();
        try {
            results.addAll(judge(node, checked));
            trace.checked(checked);
            failOnBrokenRule(results);
            node.node()
                    .validation()
                    .quarantine()
                    .ifPresent(q -> staged.add(
                            new Pending(q.write(), trace.timed(Phase.WRITE, () -> stageRejected(node, checked, q)))));
            long rows = checked.rows() - checked.rejectedRows();
            Dataset stored = trace.timed(Phase.WRITE, () -> stageOutput(node, checked.accepted(), around, staged));
            publish(node, stored);
            List<NodeResult.Written> written = trace.timed(Phase.COMMIT, () -> commitAll(node, staged));
            around.finish(stored, trace);
            look(node, checked.accepted(), staged, trace);
            keep = node.readers() > 0 && !standsAlone(node, staged);
            return new Attempt(
                    known(node, rowsIn, checked.rows()),
                    OptionalLong.of(rows),
                    checked.rejectedRows(),
                    results,
                    written);
        } finally {
            discardAll(staged);
            if (!keep) {
                checked.close();
            }
        }
    }

    /** The output is staged last, after what was rejected. */
    private static void look(PlannedNode node, Dataset output, List<Pending> staged, Tracer trace) {
        if (node.node().write().isPresent()) {
            trace.stored(staged.get(staged.size() - 1).staged());
        } else {
            trace.kept(output);
        }
    }

    private static boolean standsAlone(PlannedNode node, List<Pending> staged) {
        return node.node().write().isPresent()
                && staged.get(staged.size() - 1).staged().standsAlone();
    }

    /** A node that hands its only input through has read as many rows as it made. */
    private static OptionalLong known(PlannedNode node, OptionalLong rowsIn, long made) {
        boolean handsThrough = node.node().steps().isEmpty() && node.inputs().size() == 1;
        return rowsIn.isEmpty() && handsThrough ? OptionalLong.of(made) : rowsIn;
    }

    /**
     * Makes all writes visible. Once one of them is, the node must not be tried again: its rows would be stored twice
     * where the mode is append.
     */
    private List<NodeResult.Written> commitAll(PlannedNode node, List<Pending> staged) {
        List<NodeResult.Written> written = new ArrayList<>();
        try {
            for (Pending write : staged) {
                String target = place(write.target());
                Optional<NodeResult.Written> before = before(node, target);
                written.add(
                        before.isPresent()
                                ? before.get()
                                : new NodeResult.Written(target, write.staged().commit()));
            }
            return written;
        } catch (FailureException e) {
            throw written.isEmpty() ? e : new FailureException(e.failure().lasting());
        }
    }

    /** What a run that was killed between two commits of this node has left; it is discarded with all that is staged. */
    private Optional<NodeResult.Written> before(PlannedNode node, String target) {
        return committed(node).stream()
                .filter(each -> each.target().equals(target))
                .findFirst();
    }

    private List<NodeResult.Written> committed(PlannedNode node) {
        return settings.committed().getOrDefault(node.id(), List.of());
    }

    private static void discardAll(List<Pending> staged) {
        staged.forEach(write -> write.staged().discard());
    }

    private static List<CheckResult> judge(PlannedNode node, CheckedDataset checked) {
        List<CheckResult> results = new ArrayList<>();
        for (int i = 0; i < checked.violations().size(); i++) {
            results.add(CheckResult.of(
                    node.node().validation().checks().get(i),
                    checked.violations().get(i),
                    checked.rows()));
        }
        return results;
    }

    private static void failOnBrokenRule(List<CheckResult> results) {
        List<CheckResult> broken = results.stream()
                .filter(r -> r.status() == CheckResult.Status.FAILED)
                .toList();
        if (!broken.isEmpty()) {
            throw new FailureException(Failure.lasting(
                    ProblemCode.CHECK_FAILED,
                    String.join("; ", broken.stream().map(CheckResult::sentence).toList()),
                    Optional.of(broken.get(0).check().span())));
        }
    }

    private StagedWrite stageRejected(PlannedNode node, CheckedDataset checked, Quarantine quarantine) {
        Dataset rejected = checked.rejected(quarantine, node.id().node(), settings.runId(), started);
        return session.stage(rejected, quarantine.write(), node.id(), false);
    }

    private Dataset stageOutput(PlannedNode node, Dataset output, Surroundings around, List<Pending> staged) {
        Optional<Write> target = node.node().write();
        if (target.isEmpty()) {
            return output;
        }
        Dataset rows = withMetadata(node, output, target.get());
        boolean reused = node.readers() > 0 || around.readsOutput();
        StagedWrite write = session.stage(rows, target.get(), node.id(), reused);
        staged.add(new Pending(target.get(), write));
        return reused ? write.written() : output;
    }

    /** The path of the file is there since the rows were read. */
    private Dataset withMetadata(PlannedNode node, Dataset output, Write target) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (MetadataColumn column : target.metadata().stream().sorted().toList()) {
            if (column != MetadataColumn.SOURCE_FILE) {
                values.put(column.column(), value(column, node));
            }
        }
        return values.isEmpty() ? output : session.withColumns(output, values);
    }

    private Object value(MetadataColumn column, PlannedNode node) {
        if (column == MetadataColumn.EXTRACTED_AT) {
            return started;
        }
        Location source = ((Input.External) node.inputs().get(0)).read().location();
        return column == MetadataColumn.SOURCE_CONNECTION ? source.connection() : source.declared();
    }

    private Attempt write(PlannedNode node, Dataset output, OptionalLong rowsIn, Surroundings around, Tracer trace) {
        if (node.node().write().isPresent()) {
            List<Pending> staged = new ArrayList<>();
            try {
                Dataset stored = trace.timed(Phase.WRITE, () -> stageOutput(node, output, around, staged));
                publish(node, stored);
                List<NodeResult.Written> written = trace.timed(Phase.COMMIT, () -> commitAll(node, staged));
                around.finish(stored, trace);
                look(node, output, staged, trace);
                if (node.readers() > 0 && !standsAlone(node, staged)) {
                    around.keepForOthers();
                }
                long rows = staged.get(0).staged().rows();
                return new Attempt(known(node, rowsIn, rows), OptionalLong.of(rows), 0, List.of(), written);
            } finally {
                discardAll(staged);
            }
        }
        if (node.readers() == 0 && !around.readsOutput()) {
            long rows = trace.timed(Phase.TRANSFORM, () -> session.count(output));
            return new Attempt(known(node, rowsIn, rows), OptionalLong.of(rows), 0, List.of(), List.of());
        }
        boolean keep = !around.keeps() && (node.readers() > 1 || node.keep());
        Dataset kept = keep ? trace.timed(Phase.TRANSFORM, () -> session.cache(output)) : output;
        publish(node, kept);
        around.finish(kept, trace);
        around.keepForOthers();
        trace.kept(kept);
        return new Attempt(rowsIn, kept.rows(), 0, List.of(), List.of());
    }

    private void publish(PlannedNode node, Dataset output) {
        outputs.put(node.id(), output);
    }

    private boolean tryAgain(PlannedNode node, Failure failure, int attempt) {
        if (!failure.passing() || !retry.allowsAnother(attempt) || stop.isRequested()) {
            return false;
        }
        Duration pause = retry.pauseAfter(attempt);
        listener.nodeRetrying(node.id(), attempt, failure.redacted(settings.redaction()), pause);
        try {
            return !stop.await(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static NodeResult succeeded(PlannedNode node, Attempt made, int attempts, Duration duration) {
        return new NodeResult.Succeeded(
                node.id(),
                made.rowsIn(),
                made.rowsOut(),
                made.rejected(),
                made.checks(),
                attempts,
                made.written(),
                duration);
    }

    private NodeResult failed(
            PlannedNode node, Failure failure, List<CheckResult> checks, int attempts, Duration duration) {
        outputs.remove(node.id());
        boolean ignored = node.node().onError() == OnError.IGNORE && !stop.isRequested();
        return new NodeResult.Failed(
                node.id(),
                stopped(failure).redacted(settings.redaction()).at(node.node().span()),
                checks,
                ignored,
                attempts,
                duration);
    }

    /** What an engine says of a query that was cut is not the reason: the stop is. */
    private Failure stopped(Failure failure) {
        return stop.isRequested()
                ? Failure.lasting(ProblemCode.INTERRUPTED, "stopped while running", Optional.empty())
                : failure;
    }

    private static Failure unexpected(Throwable bug) {
        return new Failure(
                ProblemCode.INTERNAL_ERROR,
                "internal error: " + bug,
                Optional.of("this is a bug in Tarn; please report it with the output of --trace"),
                Optional.empty(),
                false,
                bug,
                true);
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
