package dev.tarn.core.story;

import dev.tarn.core.story.StoryDiff.NodeDiff;
import java.util.Locale;
import java.util.Optional;

/** Writes what is different between two runs as Markdown. */
public final class DiffMarkdown {

    private DiffMarkdown() {}

    public static String write(StoryDiff diff) {
        StringBuilder text = new StringBuilder();
        text.append("| | ")
                .append(diff.from().runId())
                .append(" | ")
                .append(diff.to().runId())
                .append(" |\n");
        text.append("|---|---|---|\n");
        text.append(row("status", word(diff.from()), word(diff.to())));
        text.append(row(
                "duration",
                Words.duration(diff.from().seconds()),
                Words.duration(diff.to().seconds())));
        text.append(row(
                "rows written",
                Words.number(diff.from().rowsOut()),
                Words.number(diff.to().rowsOut())));
        text.append(row(
                "rows rejected",
                Words.number(diff.from().rowsRejected()),
                Words.number(diff.to().rowsRejected())));
        text.append("\n| node | status | rows | duration |\n|---|---|---|---|\n");
        diff.nodes().forEach(node -> text.append(row(node)));
        text.append('\n');
        diff.nodes().forEach(node -> changes(node, text));
        return text.toString();
    }

    private static String word(StoryDiff.Side side) {
        return side.status().name().toLowerCase(Locale.ROOT);
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String row(NodeDiff node) {
        return row(
                StoryMarkdown.cell(node.node()),
                arrow(word(node.from()), word(node.to())),
                arrow(Words.number(node.rowsFrom()), Words.number(node.rowsTo())),
                Words.duration(node.secondsFrom()) + " → " + Words.duration(node.secondsTo()));
    }

    private static String word(Optional<NodeStatus> status) {
        return status.map(NodeStatus::word).orElse("-");
    }

    private static String arrow(String from, String to) {
        return from.equals(to) ? to : "**" + from + " → " + to + "**";
    }

    private static void changes(NodeDiff node, StringBuilder text) {
        if (node.sql().isEmpty() && node.columns().isEmpty()) {
            return;
        }
        text.append("## ").append(StoryMarkdown.cell(node.node())).append("\n\n````diff\n");
        node.columns().forEach(change -> text.append(change.text()).append('\n'));
        node.sql().forEach(line -> text.append(StoryMarkdown.diff(line)).append('\n'));
        text.append("````\n\n");
    }
}
