package dev.tarn.core.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of a run.
 *
 * @param nodes one result for each selected node, and for each helper that did not succeed, in the plan's order
 * @param interrupted whether the user stopped it
 */
public record RunResult(String runId, Instant started, Duration duration, List<NodeResult> nodes, boolean interrupted) {

    public RunResult {
        nodes = List.copyOf(nodes);
    }

    /** Whether everything ran and nothing failed that was not allowed to. */
    public boolean succeeded() {
        return !interrupted && nodes.stream().allMatch(NodeResult::letsDependentsRun);
    }

    public Stream<NodeResult.Succeeded> successes() {
        return nodes.stream().flatMap(n -> n instanceof NodeResult.Succeeded s ? Stream.of(s) : Stream.empty());
    }

    public Stream<NodeResult.Failed> failures() {
        return nodes.stream().flatMap(n -> n instanceof NodeResult.Failed f ? Stream.of(f) : Stream.empty());
    }

    public Stream<NodeResult.UpToDate> upToDate() {
        return nodes.stream().flatMap(n -> n instanceof NodeResult.UpToDate u ? Stream.of(u) : Stream.empty());
    }

    public Stream<NodeResult.Skipped> skips() {
        return nodes.stream().flatMap(n -> n instanceof NodeResult.Skipped s ? Stream.of(s) : Stream.empty());
    }
}
