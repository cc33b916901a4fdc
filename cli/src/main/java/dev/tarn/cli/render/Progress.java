package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.source.Counted;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Prints one line for each thing that happens; on a terminal also a last line with what runs now. Thread-safe.
 */
public final class Progress implements RunListener {

    private static final int SHOWN = 3;

    private final Console console;
    private final Set<NodeId> running = new LinkedHashSet<>();
    private final Set<NodeId> helpers = new HashSet<>();
    private int finished;
    private int planned;

    private Progress(Console console) {
        this.console = console;
    }

    /**
     * What prints the progress of one run.
     *
     * @param mode anything but {@link ProgressMode#AUTO}
     */
    public static RunListener on(Console console, ProgressMode mode) {
        return switch (mode) {
            case TTY -> new Progress(console.withLive(true));
            case PLAIN -> new Progress(console.withLive(false));
            case JSON -> new ProgressJson(console);
            case QUIET -> new RunListener() {};
            case AUTO -> throw new IllegalStateException("not decided");
        };
    }

    @Override
    public synchronized void runStarted(String runId, Plan plan) {
        planned = plan.nodes().size();
        plan.helpers().forEach(helper -> helpers.add(helper.id()));
        line(console.paint(Style.STRONG, plan.project().name()) + ": " + RunText.count(plan.selected(), "node")
                + (helpers.isEmpty() ? "" : " and " + RunText.count(plan.helpers(), "helper")) + ", run " + runId);
    }

    @Override
    public synchronized void nodeStarted(NodeId node) {
        running.add(node);
        showRunning();
    }

    @Override
    public synchronized void nodeRetrying(NodeId node, int attempt, Failure failure, Duration pause) {
        line(console.paint(Style.WARNING, "  retry   ") + node + "  " + failure.message() + "; again in "
                + pause.toSeconds() + " s");
    }

    @Override
    public synchronized void nodeFinished(NodeResult result) {
        running.remove(result.node());
        finished++;
        line(describe(result));
    }

    private String describe(NodeResult result) {
        if (result instanceof NodeResult.Succeeded ok) {
            String word = helpers.contains(ok.node()) ? "  helper  " : "  ok      ";
            return console.paint(Style.GOOD, word) + ok.node() + rows(ok) + seconds(ok.duration());
        }
        if (result instanceof NodeResult.Failed failed) {
            return console.paint(Style.ERROR, "  failed  ") + failed.node() + "  "
                    + failed.failure().code().id() + seconds(failed.duration());
        }
        if (result instanceof NodeResult.UpToDate upToDate) {
            return console.paint(Style.FAINT, "  current ") + upToDate.node() + "  made by run " + upToDate.madeBy();
        }
        String reason = result instanceof NodeResult.Skipped skipped ? "  " + skipped.reason() : "";
        return console.paint(Style.FAINT, "  skipped ") + result.node() + reason;
    }

    private static String rows(NodeResult.Succeeded ok) {
        String rows = ok.rowsOut().isPresent() ? "  " + Counted.of(ok.rowsOut().getAsLong(), "row") : "";
        return ok.rowsRejected() == 0 ? rows : rows + String.format(Locale.ROOT, ", %,d rejected", ok.rowsRejected());
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "  %.2f s", duration.toMillis() / 1000.0);
    }

    private void line(String text) {
        console.errLine(text);
        showRunning();
    }

    private void showRunning() {
        if (!console.live() || running.isEmpty()) {
            return;
        }
        String names = running.stream().limit(SHOWN).map(NodeId::toString).collect(Collectors.joining(", "));
        String more = running.size() > SHOWN ? " and " + (running.size() - SHOWN) + " more" : "";
        console.err()
                .print(Console.CLEAR_LINE
                        + console.paint(Style.FAINT, finished + "/" + planned + "  running " + names + more));
        console.err().flush();
    }

    @Override
    public synchronized void runFinished(RunResult result) {
        running.clear();
        if (console.live()) {
            console.err().print(Console.CLEAR_LINE);
            console.err().flush();
        }
    }
}
