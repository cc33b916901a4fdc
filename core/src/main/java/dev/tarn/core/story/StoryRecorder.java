package dev.tarn.core.story;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.NodeTrace;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.story.Story.RunStatus;
import dev.tarn.core.story.Story.Totals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Listens to a run, and tells its story when it has ended. */
public final class StoryRecorder implements RunListener {

    /** A try of a node that will be followed by another one. */
    record Retry(int attempt, Failure failure, Duration pause) {}

    private final Plan whole;
    private final Plan plan;
    private final Map<NodeId, Duration> started = new ConcurrentHashMap<>();
    private final Map<NodeId, List<Retry>> retries = new ConcurrentHashMap<>();
    private final Map<NodeId, NodeTrace> traces = new ConcurrentHashMap<>();
    private final Map<NodeId, NodeResult> results = new ConcurrentHashMap<>();
    private volatile long startNanos = System.nanoTime();

    /**
     * @param whole the plan of all nodes: what is sensitive in one that is left out is so in those that read it
     * @param plan what runs
     */
    public StoryRecorder(Plan whole, Plan plan) {
        this.whole = whole;
        this.plan = plan;
    }

    @Override
    public void runStarted(String runId, Plan running) {
        startNanos = System.nanoTime();
    }

    @Override
    public void nodeStarted(NodeId node) {
        started.put(node, Duration.ofNanos(System.nanoTime() - startNanos));
    }

    @Override
    public void nodeRetrying(NodeId node, int attempt, Failure failure, Duration pause) {
        retries.computeIfAbsent(node, id -> Collections.synchronizedList(new ArrayList<>()))
                .add(new Retry(attempt, failure, pause));
    }

    @Override
    public void nodeTraced(NodeTrace trace) {
        traces.put(trace.node(), trace);
    }

    @Override
    public void nodeFinished(NodeResult result) {
        results.put(result.node(), result);
    }

    /**
     * The story of a run that has ended.
     *
     * @param previous each node's last success before this run, where there is one
     */
    public Story story(RunResult run, StoryFacts facts, Map<NodeId, LastSuccess> previous) {
        Sensitive sensitive = Sensitive.of(whole, outputs());
        List<NodeStory> nodes = new ArrayList<>();
        Map<NodeId, NodeStory> told = new HashMap<>();
        for (PlannedNode node : plan.nodes()) {
            NodeResult result = results.get(node.id());
            if (result != null) {
                NodeStory story = new NodeStoryBuilder(node, result, sensitive.of(node.id()), told)
                        .started(Optional.ofNullable(started.get(node.id())))
                        .retries(retries.getOrDefault(node.id(), List.of()))
                        .trace(Optional.ofNullable(traces.get(node.id())))
                        .build();
                told.put(node.id(), story);
                nodes.add(compared(story, Optional.ofNullable(previous.get(node.id()))));
            }
        }
        return new Story(
                Story.SCHEMA,
                run.runId(),
                plan.project().name(),
                facts.environment(),
                plan.project().description(),
                run.interrupted() ? RunStatus.INTERRUPTED : run.succeeded() ? RunStatus.SUCCEEDED : RunStatus.FAILED,
                run.started(),
                run.duration(),
                facts.tarnVersion(),
                facts.options(),
                facts.gitRevision(),
                facts.gitDirty(),
                Totals.of(nodes),
                nodes);
    }

    private Map<NodeId, List<String>> outputs() {
        Map<NodeId, List<String>> outputs = new HashMap<>();
        traces.forEach((id, trace) -> trace.output()
                .ifPresent(output -> outputs.put(
                        id,
                        output.sample().columns().stream()
                                .map(column -> column.name())
                                .toList())));
        return outputs;
    }

    /** A node that did not run is not compared. */
    private static NodeStory compared(NodeStory story, Optional<LastSuccess> previous) {
        boolean ran = story.status() == NodeStatus.SUCCEEDED || story.status().isFailure();
        return ran && previous.isPresent() ? story.comparedTo(previous.get().compare(story)) : story;
    }
}
