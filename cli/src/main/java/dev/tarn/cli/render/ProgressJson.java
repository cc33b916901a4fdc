package dev.tarn.cli.render;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints a line of JSON for each thing that happens in a run. Thread-safe. */
final class ProgressJson implements RunListener {

    private final Console console;

    ProgressJson(Console console) {
        this.console = console;
    }

    private static Map<String, Object> event(String name) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("schema", "tarn/event/v1");
        event.put("event", name);
        return event;
    }

    private void print(Map<String, Object> event) {
        console.errLine(Json.line(event));
    }

    @Override
    public void runStarted(String runId, Plan plan) {
        Map<String, Object> event = event("run_started");
        event.put("run", runId);
        event.put("project", plan.project().name());
        event.put("nodes", plan.selected().stream().map(n -> n.id().toString()).toList());
        print(event);
    }

    @Override
    public void nodeStarted(NodeId node) {
        Map<String, Object> event = event("node_started");
        event.put("node", node.toString());
        print(event);
    }

    @Override
    public void nodeRetrying(NodeId node, int attempt, Failure failure, Duration pause) {
        Map<String, Object> event = event("node_retrying");
        event.put("node", node.toString());
        event.put("attempt", attempt);
        event.put("message", failure.message());
        event.put("pause_seconds", pause.toMillis() / 1000.0);
        print(event);
    }

    @Override
    public void nodeFinished(NodeResult result) {
        Map<String, Object> event = event("node_finished");
        event.putAll(RunJson.node(result));
        print(event);
    }

    @Override
    public void runFinished(RunResult result) {
        Map<String, Object> event = event("run_finished");
        event.put("run", result.runId());
        event.put("status", RunJson.status(result));
        event.put("seconds", result.duration().toMillis() / 1000.0);
        print(event);
    }
}
