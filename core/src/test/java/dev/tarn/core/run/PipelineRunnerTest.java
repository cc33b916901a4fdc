package dev.tarn.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.OnError;
import dev.tarn.core.project.Retry;
import dev.tarn.core.project.Validation;
import dev.tarn.core.source.ProblemCode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PipelineRunnerTest {

    private final ScriptedSession session = new ScriptedSession();
    private final Cancellation cancellation = new Cancellation();

    private RunResult run(Plan plan) {
        return run(plan, 4, new RunListener() {});
    }

    private RunResult run(Plan plan, int workers, RunListener listener) {
        return new PipelineRunner(new RunSettings("run-1", workers, Clock.systemUTC()), listener, cancellation)
                .run(plan, session);
    }

    private static RunListener whenStarted(NodeId awaited, CountDownLatch latch) {
        return new RunListener() {
            @Override
            public void nodeStarted(NodeId node) {
                if (node.equals(awaited)) {
                    latch.countDown();
                }
            }
        };
    }

    private static List<String> outcomes(RunResult result) {
        return result.nodes().stream()
                .map(n -> n.node().node() + " " + n.getClass().getSimpleName())
                .toList();
    }

    @Test
    void runsEveryNodeAfterWhatItNeeds() {
        RunResult result =
                run(new Plans().node("a").node("b", "a").node("c", "b").build());

        assertThat(result.succeeded()).isTrue();
        assertThat(session.log.stream().filter(l -> l.startsWith("commit")))
                .containsExactly("commit a", "commit b", "commit c");
    }

    @Test
    void startsANodeAsSoonAsItsOwnNeedsAreMetNotWhenALayerIs() {
        CountDownLatch slow = new CountDownLatch(1);
        session.gates.put("slow", slow);
        RunListener opensGateAfterThird = new RunListener() {
            @Override
            public void nodeFinished(NodeResult result) {
                if (result.node().equals(Plans.id("third"))) {
                    slow.countDown();
                }
            }
        };

        RunResult result = run(
                new Plans()
                        .node("slow")
                        .node("first")
                        .node("second", "first")
                        .node("third", "second")
                        .build(),
                2,
                opensGateAfterThird);

        assertThat(result.succeeded()).isTrue();
    }

    @Test
    void skipsAllDescendantsOfAFailedNodeAndRunsTheRest() {
        session.stageFailures.put("a", List.of(ScriptedSession.failure(false)));

        RunResult result = run(new Plans()
                .node("a")
                .node("b", "a")
                .node("c", "b")
                .node("other")
                .build());

        assertThat(outcomes(result)).containsExactly("a Failed", "b Skipped", "c Skipped", "other Succeeded");
        assertThat(result.succeeded()).isFalse();
        assertThat(result.skips().map(NodeResult.Skipped::reason))
                .containsExactly("needs p.a, which failed", "needs p.b, which was skipped");
    }

    @Test
    void ignoreLetsDependentsRunAndTheRunSucceed() {
        session.stageFailures.put("a", List.of(ScriptedSession.failure(false)));

        RunResult result = run(new Plans()
                .node("a", OnError.IGNORE, Validation.NONE)
                .node("b", "a")
                .node("c", "b")
                .build());

        assertThat(outcomes(result)).containsExactly("a Failed", "b Succeeded", "c Succeeded");
        assertThat(result.succeeded()).isTrue();
    }

    @Test
    void failFastEndsWhatRunsAndStartsNothingMore() {
        session.stageFailures.put("bad", List.of(ScriptedSession.failure(false)));
        session.gates.put("slow", new CountDownLatch(1));
        CountDownLatch slowStarted = new CountDownLatch(1);
        session.gates.put("bad", slowStarted);

        RunResult result = run(
                new Plans()
                        .node("slow")
                        .node("bad", OnError.FAIL_FAST, Validation.NONE)
                        .node("later", "slow")
                        .build(),
                4,
                whenStarted(Plans.id("slow"), slowStarted));

        assertThat(outcomes(result)).containsExactly("slow Failed", "bad Failed", "later Skipped");
        assertThat(result.failures().map(f -> f.failure().code()))
                .containsExactly(ProblemCode.INTERRUPTED, ProblemCode.WRITE_FAILED);
        assertThat(result.interrupted()).isFalse();
    }

    @Test
    void cancellationEndsTheRunAndKeepsWhatWasDone() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        session.gates.put("b", new CountDownLatch(1));
        RunListener signals = whenStarted(Plans.id("b"), started);

        CompletableFuture<RunResult> running = CompletableFuture.supplyAsync(
                () -> run(new Plans().node("a").node("b", "a").node("c", "b").build(), 4, signals));
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        cancellation.request();
        RunResult result = running.get(10, TimeUnit.SECONDS);

        assertThat(outcomes(result)).containsExactly("a Succeeded", "b Failed", "c Skipped");
        assertThat(result.interrupted()).isTrue();
        assertThat(result.succeeded()).isFalse();
        assertThat(session.log).contains("commit a").doesNotContain("commit b");
    }

    @Test
    void triesAgainOnlyAfterPassingFailures() {
        session.stageFailures.put("passing", List.of(ScriptedSession.failure(true)));
        session.stageFailures.put("lasting", List.of(ScriptedSession.failure(false)));
        List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
        RunListener records = new RunListener() {
            @Override
            public void nodeRetrying(NodeId node, int attempt, Failure failure, Duration pause) {
                pauses.add(pause);
            }
        };

        RunResult result = run(new Plans().node("passing").node("lasting").build(), 4, records);

        assertThat(outcomes(result)).containsExactly("passing Succeeded", "lasting Failed");
        assertThat(result.successes().map(NodeResult.Succeeded::attempts)).containsExactly(2);
        assertThat(result.failures().map(NodeResult.Failed::attempts)).containsExactly(1);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void triesNoMoreThanAllowed() {
        Failure passing = ScriptedSession.failure(true);
        session.stageFailures.put("a", List.of(passing, passing, passing));

        RunResult result = run(new Plans().node("a").build(new Retry(true, 2, Retry.Backoff.CONSTANT)));

        assertThat(result.failures().map(NodeResult.Failed::attempts)).containsExactly(2);
    }

    @Test
    void writesNothingWhenACheckFails() {
        session.violations = List.of(3L);

        RunResult result =
                run(new Plans().node("a", OnError.FAIL_LATER, Plans.failing()).build());

        NodeResult.Failed failed = result.failures().findFirst().orElseThrow();
        assertThat(failed.failure().code()).isEqualTo(ProblemCode.CHECK_FAILED);
        assertThat(failed.failure().message())
                .isEqualTo("not_null_x: 3 of 10 rows break the rule: 'x' must not be NULL");
        assertThat(session.log).containsExactly("free checked rows");
    }

    @Test
    void stagesRejectedAndAcceptedRowsBeforeEitherIsVisible() {
        session.violations = List.of(3L);
        session.rejected = 3;

        RunResult result = run(
                new Plans().node("a", OnError.FAIL_LATER, Plans.quarantining()).build());

        assertThat(session.log.subList(0, 4))
                .containsExactly("stage rejected", "stage a", "commit rejected", "commit a");
        NodeResult.Succeeded succeeded = result.successes().findFirst().orElseThrow();
        assertThat(succeeded.rowsOut()).hasValue(7);
        assertThat(succeeded.rowsRejected()).isEqualTo(3);
    }

    @Test
    void discardsTheQuarantineWhenTheTargetCannotBeStaged() {
        session.violations = List.of(3L);
        session.stageFailures.put("a", List.of(ScriptedSession.failure(false)));

        run(new Plans().node("a", OnError.FAIL_LATER, Plans.quarantining()).build());

        assertThat(session.log).containsExactly("stage rejected", "stage a", "discard rejected", "free checked rows");
    }

    @Test
    void doesNotTryAgainOnceOneOfTwoWritesIsVisible() {
        session.violations = List.of(3L);
        session.commitFailures.put("a", ScriptedSession.failure(true));

        RunResult result = run(
                new Plans().node("a", OnError.FAIL_LATER, Plans.quarantining()).build());

        assertThat(result.failures().map(NodeResult.Failed::attempts)).containsExactly(1);
        assertThat(session.log.stream().filter("commit rejected"::equals)).hasSize(1);
    }

    @Test
    void leavesOutWhatIsUpToDateAndReadsWhatItWroteThen() {
        NodeResult.UpToDate a = new NodeResult.UpToDate(
                Plans.id("a"), "run-0", List.of(new NodeResult.Written("lake:a", OptionalLong.of(3))));
        Plan plan = new Plans().node("a").node("b", "a").build();

        RunResult result = new PipelineRunner(
                        new RunSettings("run-1", 4, Clock.systemUTC()), new RunListener() {}, cancellation)
                .run(plan, List.of(a), session);

        assertThat(result.succeeded()).isTrue();
        assertThat(outcomes(result)).containsExactly("a UpToDate", "b Succeeded");
        assertThat(session.log)
                .contains("earlier a OptionalLong[3]", "commit b")
                .doesNotContain("commit a");
    }

    @Test
    void saysWhichVersionsItWrote() {
        session.rejected = 1;
        session.violations = List.of(1L);

        RunResult result = run(
                new Plans().node("a", OnError.FAIL_LATER, Plans.quarantining()).build());

        assertThat(result.successes().findFirst().orElseThrow().written())
                .containsExactly(
                        new NodeResult.Written("lake:rejected", OptionalLong.of(7)),
                        new NodeResult.Written("lake:a", OptionalLong.of(7)));
    }

    @Test
    void finishesWhenEverythingIsUpToDate() {
        NodeResult.UpToDate a = new NodeResult.UpToDate(Plans.id("a"), "run-0", List.of());

        RunResult result = new PipelineRunner(
                        new RunSettings("run-1", 4, Clock.systemUTC()), new RunListener() {}, cancellation)
                .run(new Plans().node("a").build(), List.of(a), session);

        assertThat(result.succeeded()).isTrue();
        assertThat(session.log).isEmpty();
    }
}
