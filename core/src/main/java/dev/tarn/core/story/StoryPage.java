package dev.tarn.core.story;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.source.Counted;
import dev.tarn.core.story.NodeStory.PhaseTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the page of a story shows, in the order in which it does, with all that its template would have to compute.
 *
 * @param policy what a browser may load and run: nothing but what is in the page
 * @param graph where the nodes stand, in the story's order
 * @param anchors by a node's name where its section is
 */
public record StoryPage(
        Story story, String style, String script, String policy, GraphLayout graph, Map<String, String> anchors) {

    /** Below so many nodes all details are open from the start. */
    private static final int FEW = 4;

    /** Longer lists go on behind a fold: what is below them matters, too. */
    private static final int SHOWN = 8;

    static StoryPage of(Story story, String style, String script, String policy) {
        Map<String, String> anchors = new HashMap<>();
        for (int i = 0; i < story.nodes().size(); i++) {
            anchors.put(story.nodes().get(i).node(), "n" + i);
        }
        return new StoryPage(story, style, script, policy, GraphLayout.of(story.nodes()), anchors);
    }

    public StoryPage {
        anchors = Map.copyOf(anchors);
    }

    public String title() {
        return story.project() + ": " + word(story.status()) + ", " + story.runId();
    }

    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    public static String symbol(NodeStatus status) {
        return switch (status) {
            case SUCCEEDED -> "✓";
            case FAILED, FAILED_IGNORED -> "✕";
            case SKIPPED -> "–";
            case UP_TO_DATE -> "≡";
        };
    }

    public static String symbol(Story.RunStatus status) {
        return switch (status) {
            case SUCCEEDED -> "✓";
            case FAILED -> "✕";
            case INTERRUPTED -> "■";
        };
    }

    /** The style class of a status. */
    public static String tone(NodeStatus status) {
        return switch (status) {
            case SUCCEEDED -> "good";
            case FAILED -> "bad";
            case FAILED_IGNORED -> "warn";
            case SKIPPED, UP_TO_DATE -> "quiet";
        };
    }

    public static String tone(Story.RunStatus status) {
        return switch (status) {
            case SUCCEEDED -> "good";
            case FAILED -> "bad";
            case INTERRUPTED -> "warn";
        };
    }

    public static String tone(CheckResult.Status status) {
        return switch (status) {
            case PASSED -> "good";
            case WARNED, QUARANTINED -> "warn";
            case FAILED -> "bad";
        };
    }

    /** Where a node's section is; empty for what is no node of the story. */
    public Optional<String> anchor(String node) {
        return Optional.ofNullable(anchors.get(node));
    }

    /** What a node is found by. */
    public static String searched(NodeStory node) {
        return (node.node() + " " + node.status().word() + " " + String.join(" ", node.tags()) + " " + news(node))
                .toLowerCase(Locale.ROOT);
    }

    /** What a node's line says beside its name: the worst, or what is new. */
    public static String news(NodeStory node) {
        if (node.failure().isPresent()) {
            return shortened(node.failure().get().message(), 90);
        }
        if (node.reason().isPresent()) {
            return node.reason().get();
        }
        List<String> news = new ArrayList<>();
        if (node.rowsRejected() > 0) {
            news.add(Words.number(node.rowsRejected()) + " rejected");
        }
        long warnings = node.checks().stream()
                .filter(check -> check.status() == CheckResult.Status.WARNED)
                .count();
        if (warnings > 0) {
            news.add(warnings + (warnings == 1 ? " warning" : " warnings"));
        }
        if (!Words.compared(node).isEmpty()) {
            news.add(Words.compared(node));
        }
        return String.join(", ", news);
    }

    /** What stands before a line of a comparison. */
    public static String sign(Comparison.DiffLine.Kind kind) {
        return switch (kind) {
            case SAME -> "  ";
            case ADDED -> "+ ";
            case REMOVED -> "- ";
        };
    }

    public List<NodeStory> failed() {
        return story.nodes().stream().filter(node -> node.status().isFailure()).toList();
    }

    /** Checks that did not pass, of nodes that did not fail by them. */
    public List<Finding> findings() {
        return story.nodes().stream()
                .flatMap(node -> node.checks().stream()
                        .filter(check -> check.status() == CheckResult.Status.WARNED
                                || check.status() == CheckResult.Status.QUARANTINED)
                        .map(check -> new Finding(node, check)))
                .toList();
    }

    /** A check that did not pass. */
    public record Finding(NodeStory node, NodeStory.Check check) {}

    public List<NodeStory> changed() {
        return story.nodes().stream()
                .filter(node -> node.previous()
                        .filter(p -> p.sqlChanged() || !p.columns().isEmpty())
                        .isPresent())
                .toList();
    }

    /** What is shown of a list at once. */
    public static <T> List<T> first(List<T> list) {
        return list.subList(0, Math.min(SHOWN, list.size()));
    }

    /** What is shown of a list when it is asked for. */
    public static <T> List<T> others(List<T> list) {
        return list.subList(Math.min(SHOWN, list.size()), list.size());
    }

    public boolean opensAll() {
        return story.nodes().size() < FEW;
    }

    /** Nodes that ran, in the order in which they began. */
    public List<Bar> timeline() {
        double total = Math.max(1, end().toNanos());
        return story.nodes().stream()
                .filter(node -> node.startedAfter().isPresent())
                .sorted(Comparator.comparing(node -> node.startedAfter().orElseThrow()))
                .map(node -> new Bar(
                        node,
                        percent(node.startedAfter().orElseThrow().toNanos() / total),
                        percent(node.seconds().toNanos() / total),
                        parts(node)))
                .toList();
    }

    private Duration end() {
        return story.nodes().stream()
                .flatMap(node -> node.startedAfter().map(node.seconds()::plus).stream())
                .reduce(story.seconds(), (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    /** Round times for the axis: from the start to the end in some steps. */
    public List<Tick> ticks() {
        Duration end = end();
        double seconds = Math.max(end.toNanos() / 1e9, 1e-6);
        double step = Math.pow(10, Math.floor(Math.log10(seconds / 3)));
        for (double factor : new double[] {1, 2, 5, 10}) {
            if (seconds / (step * factor) <= 5) {
                step *= factor;
                break;
            }
        }
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i * step < seconds * 0.97; i++) {
            Duration at = Duration.ofNanos(Math.round(i * step * 1e9));
            ticks.add(new Tick(percent(i * step / seconds), i == 0 ? "0" : Words.duration(at)));
        }
        return ticks;
    }

    /** A time on the axis, in percent from the left. */
    public record Tick(String left, String text) {}

    private static List<Part> parts(NodeStory node) {
        double total = Math.max(1, node.seconds().toNanos());
        return node.phases().stream()
                .filter(phase -> phase.seconds().toNanos() / total > 0.001)
                .map(phase -> new Part(phase, percent(phase.seconds().toNanos() / total)))
                .toList();
    }

    /** A node's time: from where and how long, in percent of the run's. */
    public record Bar(NodeStory node, String left, String width, List<Part> parts) {}

    /** A phase's share of its node's time, in percent. */
    public record Part(PhaseTime phase, String width) {
        public String name() {
            return word(phase.phase());
        }
    }

    static String percent(double share) {
        return Words.decimal(Math.min(1, Math.max(0, share)) * 100, 2) + "%";
    }

    /** The share of values that are NULL, where it is known and not zero. */
    public static Optional<String> nullShare(NodeStory.Column column, OptionalLong rows) {
        return column.nulls().isPresent()
                        && rows.isPresent()
                        && rows.getAsLong() > 0
                        && column.nulls().getAsLong() > 0
                ? Optional.of(percent((double) column.nulls().getAsLong() / rows.getAsLong()))
                : Optional.empty();
    }

    /** What is different in a column from the input's. */
    public static Optional<ColumnChange> change(NodeStory node, String column) {
        return node.changes().stream()
                .filter(change -> change.kind() != ColumnChange.Kind.REMOVED
                        && change.column().equals(column))
                .findFirst();
    }

    public static List<ColumnChange> removed(NodeStory node) {
        return node.changes().stream()
                .filter(change -> change.kind() == ColumnChange.Kind.REMOVED)
                .toList();
    }

    /** Nodes that read a node. */
    public List<String> readers(NodeStory node) {
        return story.nodes().stream()
                .filter(other -> other.needs().contains(node.node()))
                .map(NodeStory::node)
                .toList();
    }

    /** Which of two durations is longer, and by how much; empty where it hardly matters. */
    public static Optional<String> pace(Duration before, Duration now) {
        long more = now.minus(before).toMillis();
        if (Math.abs(more) < 50 || before.toMillis() == 0) {
            return Optional.empty();
        }
        double factor = (double) now.toMillis() / before.toMillis();
        return factor > 1.5
                ? Optional.of(Words.decimal(factor, 1) + " times slower")
                : factor < 0.67 && now.toMillis() > 0
                        ? Optional.of(Words.decimal(1 / factor, 1) + " times faster")
                        : Optional.empty();
    }

    /** As much of a name as has room. */
    public static String shortened(String name, int characters) {
        return name.length() <= characters ? name : name.substring(0, characters - 1) + "…";
    }

    /** What a node's box in the graph says below its name. */
    public static String caption(NodeStory node) {
        String what = node.status() == NodeStatus.SUCCEEDED
                ? node.rowsOut().isPresent() ? Counted.of(node.rowsOut().getAsLong(), "row") : "ok"
                : node.status().word();
        return shortened(node.pipeline(), 14) + " · " + what;
    }
}
