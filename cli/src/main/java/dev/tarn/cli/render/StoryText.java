package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.core.check.CheckResult;
import dev.tarn.core.source.Counted;
import dev.tarn.core.state.history.PastRuns;
import dev.tarn.core.story.ColumnChange;
import dev.tarn.core.story.Comparison.DiffLine;
import dev.tarn.core.story.NodeStatus;
import dev.tarn.core.story.NodeStory;
import dev.tarn.core.story.Story;
import dev.tarn.core.story.StoryDiff;
import dev.tarn.core.story.StoryDiff.NodeDiff;
import dev.tarn.core.story.StoryJson;
import dev.tarn.core.story.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Prints stories, lists of them and what is different between two. */
public final class StoryText {

    private final Console console;

    public StoryText(Console console) {
        this.console = console;
    }

    /** Runs, each with whether it has a story. */
    public void list(List<PastRuns.Run> runs, Predicate<String> hasStory, boolean json) {
        if (json) {
            Map<String, Object> answer = Json.answer("tarn/story-list/v1", "ok");
            answer.put(
                    "runs",
                    runs.stream()
                            .map(run -> json(run, hasStory.test(run.runId())))
                            .toList());
            console.out().println(Json.text(answer));
            return;
        }
        if (runs.isEmpty()) {
            console.err().println(console.paint(Style.NOTE, "note") + ": no run is recorded");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("run", "started", "status", "story", "nodes", "failed", "duration"));
        runs.forEach(run -> rows.add(List.of(
                run.runId(),
                Words.time(run.startedAt()),
                status(run),
                hasStory.test(run.runId()) ? "yes" : "-",
                Words.number(run.nodes()),
                run.failed() == 0 ? "-" : Words.number(run.failed()),
                run.duration().map(Words::duration).orElse("-"))));
        Columns.print(rows, 4, console.out());
    }

    /** A run that has no end was killed, or goes on; nobody can tell which from here. */
    private static String status(PastRuns.Run run) {
        return run.status().equals("running") ? "not finished" : run.status();
    }

    private static Map<String, Object> json(PastRuns.Run run, boolean story) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run_id", run.runId());
        json.put("started_at", run.startedAt().toString());
        json.put("status", run.status());
        json.put("seconds", run.duration().map(d -> d.toMillis() / 1000.0).orElse(null));
        json.put("nodes", run.nodes());
        json.put("failed", run.failed());
        json.put("story", story);
        return json;
    }

    /** A run at a glance. */
    public void story(Story story, Path page) {
        console.out()
                .println(story.project()
                        + story.environment().map(e -> " (" + e + ")").orElse("") + ", run " + story.runId() + ", "
                        + Words.time(story.startedAt()));
        console.out().println();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("node", "status", "since the last success", "rows in", "rows out", "rejected", "duration"));
        story.nodes().forEach(node -> rows.add(row(node)));
        Columns.print(rows, 3, console.out());
        story.nodes().forEach(this::trouble);
        console.out().println();
        String status = "run " + story.status().name().toLowerCase(Locale.ROOT);
        console.out()
                .println(console.paint(story.status() == Story.RunStatus.SUCCEEDED ? Style.GOOD : Style.ERROR, status)
                        + " in " + Words.duration(story.seconds()) + ": " + Words.totals(story.totals()));
        page(page);
    }

    private static List<String> row(NodeStory node) {
        return List.of(
                node.node(),
                node.status().word(),
                Words.compared(node).isEmpty() ? "-" : Words.compared(node),
                Words.number(node.rowsIn()),
                Words.number(node.rowsOut()),
                node.rowsRejected() == 0 ? "-" : Words.number(node.rowsRejected()),
                node.startedAfter().isPresent() ? Words.duration(node.seconds()) : "-");
    }

    private void trouble(NodeStory node) {
        node.failure().ifPresent(failure -> {
            console.out().println();
            console.out()
                    .println(console.paint(Style.ERROR, "error[" + failure.code() + "]") + ": " + node.node() + ": "
                            + failure.message());
            failure.file()
                    .ifPresent(file -> console.out()
                            .println("  --> " + file + ":" + failure.line().orElse(0) + ":"
                                    + failure.column().orElse(0)));
            failure.excerpt().forEach(line -> console.out().println("   |  " + line));
            failure.help().ifPresent(help -> console.out().println(console.paint(Style.NOTE, "help") + ": " + help));
        });
        node.checks().stream()
                .filter(check ->
                        check.status() == CheckResult.Status.WARNED || check.status() == CheckResult.Status.QUARANTINED)
                .forEach(check -> console.out()
                        .println(console.paint(
                                        Style.WARNING, check.status().name().toLowerCase(Locale.ROOT)) + ": "
                                + node.node() + ": "
                                + check.name() + ": " + Words.number(check.violations()) + " of "
                                + Counted.of(check.rows(), "row") + ": " + check.rule()));
    }

    /** Where a story can be looked at, as short as it can be. */
    public void page(Path page) {
        new RunText(console).story(page);
    }

    public void json(StoryDiff diff) {
        console.out().println(Json.text(StoryJson.value(diff)));
    }

    public void diff(StoryDiff diff) {
        List<List<String>> runs = new ArrayList<>();
        runs.add(List.of("run", "status", "rows written", "rejected", "duration"));
        List.of(diff.from(), diff.to())
                .forEach(side -> runs.add(List.of(
                        side.runId(),
                        side.status().name().toLowerCase(Locale.ROOT),
                        Words.number(side.rowsOut()),
                        Words.number(side.rowsRejected()),
                        Words.duration(side.seconds()))));
        Columns.print(runs, 2, console.out());
        console.out().println();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("node", "status", "SQL", "columns", "rows", "", "duration", ""));
        diff.nodes().forEach(node -> rows.add(row(node)));
        Columns.print(rows, 4, console.out());
        diff.nodes().forEach(this::changes);
    }

    private static List<String> row(NodeDiff node) {
        String from = word(node.from());
        String to = word(node.to());
        return List.of(
                node.node(),
                from.equals(to) ? to : from + " -> " + to,
                node.sql().isEmpty() ? "same" : "changed",
                node.columns().isEmpty() ? "same" : "changed",
                Words.number(node.rowsFrom()),
                "-> " + Words.number(node.rowsTo()),
                Words.duration(node.secondsFrom()),
                "-> " + Words.duration(node.secondsTo()));
    }

    private static String word(Optional<NodeStatus> status) {
        return status.map(NodeStatus::word).orElse("not there");
    }

    private void changes(NodeDiff node) {
        if (node.columns().isEmpty() && node.sql().isEmpty()) {
            return;
        }
        console.out().println();
        console.out().println(console.paint(Style.STRONG, node.node()));
        node.columns().stream()
                .map(ColumnChange::text)
                .forEach(line -> console.out().println("  " + line));
        node.sql().forEach(line -> console.out().println("  " + text(line)));
    }

    private String text(DiffLine line) {
        return switch (line.kind()) {
            case SAME -> "  " + line.text();
            case ADDED -> console.paint(Style.GOOD, "+ " + line.text());
            case REMOVED -> console.paint(Style.ERROR, "- " + line.text());
        };
    }
}
