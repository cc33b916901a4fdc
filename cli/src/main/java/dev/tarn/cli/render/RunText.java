package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.check.CheckResult;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.source.Counted;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.state.history.Recovery;
import dev.tarn.core.state.history.Resumption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Prints a plan, a run's failures and its summary for a person. */
public final class RunText {

    private final Console console;

    public RunText(Console console) {
        this.console = console;
    }

    public void plan(Plan plan) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("node", "runs after", "writes"));
        plan.nodes().forEach(node -> rows.add(List.of(node.id().toString(), after(node), target(node))));
        Columns.print(rows, 3, console.out());
        if (plan.nodes().stream().anyMatch(node -> !node.node().statements().isEmpty())) {
            console.out().println();
            plan.nodes().forEach(this::statements);
        }
        console.out().println();
        console.out().println(count(plan.selected(), "node") + " would run" + helpers(plan) + "; nothing was touched");
    }

    private void statements(PlannedNode node) {
        node.node().statements().before().forEach(sql -> statement(node, "before it reads", sql));
        node.node().statements().after().forEach(sql -> statement(node, "after its write", sql));
    }

    private void statement(PlannedNode node, String when, MappedText sql) {
        String line = sql.text().strip().replaceAll("\\s+", " ");
        console.out().println(node.id() + ", " + when + ": " + line);
    }

    static String count(List<PlannedNode> nodes, String noun) {
        return nodes.size() + " " + noun + (nodes.size() == 1 ? "" : "s");
    }

    private static String helpers(Plan plan) {
        return plan.helpers().isEmpty()
                ? ""
                : "; " + plan.helpers().stream().map(n -> n.id().toString()).collect(Collectors.joining(", "))
                        + " would be computed for " + (plan.selected().size() == 1 ? "it" : "them");
    }

    private static String after(PlannedNode node) {
        return node.after().isEmpty()
                ? "-"
                : node.after().stream().map(NodeId::toString).sorted().collect(Collectors.joining(", "));
    }

    private static String target(PlannedNode node) {
        return node.node()
                .write()
                .map(w ->
                        w.location() + " (" + w.format().id() + ", " + w.mode().id() + ")")
                .orElse("-");
    }

    /** A run that is to be resumed and that nobody knows of. */
    public void nothingToResume(Project project) {
        note("no earlier run of '" + project.name() + "' is recorded, so everything runs");
    }

    /** What a run that is resumed had written without recording it. */
    public void recovery(Recovery recovery) {
        recovery.done()
                .forEach(done ->
                        note(done.node() + " was done in run " + done.runId() + ", which ended before it said so"));
        recovery.committed()
                .forEach((node, written) -> note(node + " had written "
                        + written.stream()
                                .map(each -> "'" + each.target() + "'")
                                .collect(Collectors.joining(", "))
                        + " before it was stopped, and does not write that again"));
    }

    /** Why nodes run although the run is resumed. */
    public void resumption(Plan plan, Resumption resumption) {
        plan.nodes().forEach(node -> {
            String reason = resumption.reasons().get(node.id());
            if (reason != null) {
                note(node.id() + " runs: " + reason);
            }
        });
    }

    private void note(String text) {
        console.err().println(console.paint(Style.NOTE, "note") + ": " + text);
    }

    /** Prints why nodes failed; {@code trace} adds stack traces. */
    public void failures(RunResult result, boolean trace) {
        ProblemText text = new ProblemText(console);
        result.failures().forEach(failed -> {
            text.print(failed.node().toString(), failed.failure());
            Throwable cause = failed.failure().cause();
            if (trace && cause != null) {
                cause.printStackTrace(console.err());
            }
        });
    }

    public void summary(RunResult result) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("node", "status", "rows in", "rows out", "rejected", "seconds"));
        result.nodes().forEach(node -> rows.add(row(node)));
        Columns.print(rows, 2, console.out());
        warnings(result);
        console.out().println();
        console.out().println(total(result));
    }

    /** Where the run's story is, as short as it can be. */
    public void story(Path page) {
        Path here = Path.of("").toAbsolutePath();
        console.out().println("story: " + (page.startsWith(here) ? here.relativize(page) : page));
    }

    private static List<String> row(NodeResult result) {
        if (result instanceof NodeResult.Succeeded ok) {
            return List.of(
                    ok.node().toString(),
                    "ok",
                    number(ok.rowsIn()),
                    number(ok.rowsOut()),
                    number(OptionalLong.of(ok.rowsRejected())),
                    seconds(ok.duration()));
        }
        if (result instanceof NodeResult.Failed failed) {
            String status = failed.ignored() ? "failed (ignored)" : "failed";
            return List.of(failed.node().toString(), status, "-", "-", "-", seconds(failed.duration()));
        }
        String status = result instanceof NodeResult.UpToDate ? "up to date" : "skipped";
        return List.of(result.node().toString(), status, "-", "-", "-", "-");
    }

    private static String number(OptionalLong value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%,d", value.getAsLong()) : "-";
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f", duration.toMillis() / 1000.0);
    }

    private void warnings(RunResult result) {
        result.nodes()
                .forEach(node -> node.checks().stream()
                        .filter(check -> check.status() == CheckResult.Status.WARNED)
                        .forEach(check -> console.err()
                                .println(console.paint(Style.WARNING, "warning") + ": " + node.node() + ": "
                                        + check.sentence())));
    }

    private String total(RunResult result) {
        List<String> parts = new ArrayList<>();
        long ok = result.successes().count();
        long ignored = result.failures().filter(NodeResult.Failed::ignored).count();
        long failed = result.failures().count() - ignored;
        parts.add(ok + " ok");
        add(parts, failed, " failed");
        add(parts, ignored, " failed (ignored)");
        add(parts, result.upToDate().count(), " up to date");
        add(parts, result.skips().count(), " skipped");
        long rejected =
                result.successes().mapToLong(NodeResult.Succeeded::rowsRejected).sum();
        if (rejected > 0) {
            parts.add(Counted.of(rejected, "row") + " rejected");
        }
        String word = result.interrupted() ? "interrupted" : result.succeeded() ? "succeeded" : "failed";
        Style style = result.succeeded() ? Style.GOOD : Style.ERROR;
        return console.paint(style, "run " + word) + " in " + seconds(result.duration()) + " s: "
                + String.join(", ", parts) + "  (" + result.runId() + ")";
    }

    private static void add(List<String> parts, long count, String what) {
        if (count > 0) {
            parts.add(String.format(Locale.ROOT, "%,d", count) + what);
        }
    }
}
