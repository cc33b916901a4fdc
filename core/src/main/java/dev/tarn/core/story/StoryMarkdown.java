package dev.tarn.core.story;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.source.Counted;
import dev.tarn.core.story.Comparison.DiffLine;
import dev.tarn.core.story.NodeStory.BrokenRow;
import dev.tarn.core.story.NodeStory.BrokenValue;
import dev.tarn.core.story.NodeStory.Check;
import dev.tarn.core.story.NodeStory.Column;
import dev.tarn.core.story.NodeStory.Failure;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Writes a story as Markdown (GitHub's), for pull requests and terminals. Not thread-safe. */
public final class StoryMarkdown {

    private final StringBuilder text = new StringBuilder();

    private StoryMarkdown() {}

    public static String write(Story story) {
        StoryMarkdown markdown = new StoryMarkdown();
        markdown.head(story);
        markdown.failures(story);
        markdown.nodes(story);
        story.nodes().forEach(markdown::details);
        return markdown.text.toString();
    }

    private void head(Story story) {
        line("# " + cell(story.project()) + ": " + story.status().name().toLowerCase(Locale.ROOT));
        line("");
        if (!story.description().isBlank()) {
            line(cell(story.description()));
            line("");
        }
        line("| | |");
        line("|---|---|");
        row("run", code(story.runId()));
        story.environment().ifPresent(name -> row("environment", cell(name)));
        row("started", Words.time(story.startedAt()));
        row("duration", Words.duration(story.seconds()));
        row("nodes", Words.totals(story.totals()));
        row("rows written", Words.number(story.totals().rowsOut()));
        row("rows rejected", Words.number(story.totals().rowsRejected()));
        story.gitRevision().ifPresent(commit -> row("commit", code(commit) + (story.gitDirty() ? " and changes" : "")));
        row("options", code(story.options()));
        row("tarn", cell(story.tarnVersion()));
        line("");
    }

    private void failures(Story story) {
        List<NodeStory> failed =
                story.nodes().stream().filter(node -> node.status().isFailure()).toList();
        if (!failed.isEmpty()) {
            line("## Failed");
            line("");
            failed.forEach(node -> node.failure().ifPresent(failure -> failure(node, failure)));
        }
    }

    private void failure(NodeStory node, Failure failure) {
        String place = failure.file()
                .map(file -> " at `" + file.replace("`", "") + ":"
                        + failure.line().orElse(0) + ":" + failure.column().orElse(0) + "`")
                .orElse("");
        line("**" + cell(node.node()) + "**, " + failure.code() + place + ": " + cell(failure.message()));
        line("");
        if (!failure.excerpt().isEmpty()) {
            fence("", failure.excerpt());
        }
        failure.help().ifPresent(help -> {
            line("help: " + cell(help));
            line("");
        });
    }

    private void nodes(Story story) {
        line("## Nodes");
        line("");
        line("| node | status | rows in | rows out | rejected | duration | since the last success |");
        line("|---|---|---:|---:|---:|---:|---|");
        story.nodes()
                .forEach(node -> row(
                        cell(node.node()),
                        node.status().word(),
                        Words.number(node.rowsIn()),
                        Words.number(node.rowsOut()),
                        node.rowsRejected() == 0 ? "-" : Words.number(node.rowsRejected()),
                        node.startedAfter().isPresent() ? Words.duration(node.seconds()) : "-",
                        Words.compared(node)));
        line("");
    }

    private void details(NodeStory node) {
        line("## " + cell(node.node()));
        line("");
        if (!node.description().isBlank()) {
            line(cell(node.description()));
            line("");
        }
        node.reason().ifPresent(reason -> {
            line("Skipped: " + cell(reason) + ".");
            line("");
        });
        node.target().ifPresent(target -> {
            line("Writes " + code(target.place()) + " (" + target.format() + ", " + target.mode()
                    + (target.version().isPresent()
                            ? ", version " + target.version().getAsLong()
                            : "") + ").");
            line("");
        });
        node.previous().ifPresent(previous -> previous(node, previous));
        checks(node);
        sql("Before it reads (pre_sql):", node.preSql());
        sql("", node.steps());
        sql("After its write (post_sql):", node.postSql());
        columns(node);
        sample(node);
    }

    private void sql(String title, List<NodeStory.Step> steps) {
        if (!title.isEmpty() && !steps.isEmpty()) {
            line(title);
            line("");
        }
        steps.forEach(step -> fence("sql", step.sql().strip().lines().toList()));
    }

    private void previous(NodeStory node, Comparison previous) {
        String words = Words.compared(node);
        line("Since its last success (" + code(previous.runId()) + ", "
                + rows(previous.rowsOut()) + ", " + Words.duration(previous.seconds()) + "): "
                + (words.isEmpty() ? "nothing changed" : words) + ".");
        line("");
        if (previous.sqlChanged()) {
            fence("diff", previous.sql().stream().map(StoryMarkdown::diff).toList());
        }
        if (!previous.columns().isEmpty()) {
            fence("", previous.columns().stream().map(ColumnChange::text).toList());
        }
    }

    static String diff(DiffLine line) {
        return switch (line.kind()) {
                    case SAME -> "  ";
                    case ADDED -> "+ ";
                    case REMOVED -> "- ";
                }
                + line.text();
    }

    private void checks(NodeStory node) {
        if (node.checks().isEmpty()) {
            return;
        }
        line("| check | result | rows that break it | rule |");
        line("|---|---|---:|---|");
        for (Check check : node.checks()) {
            boolean passed = check.status() == CheckResult.Status.PASSED;
            row(
                    cell(check.name()),
                    (passed ? "" : "**") + check.status().name().toLowerCase(Locale.ROOT) + (passed ? "" : "**"),
                    Words.number(check.violations()) + " of " + Words.number(check.rows()),
                    cell(check.rule()));
        }
        line("");
        broken(node.broken());
    }

    private void broken(List<BrokenRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<String> names =
                rows.get(0).values().stream().map(BrokenValue::column).toList();
        line("Rows that break checks:");
        line("");
        line("| breaks | " + names.stream().map(StoryMarkdown::cell).collect(Collectors.joining(" | ")) + " |");
        line("|---" + "|---".repeat(names.size()) + "|");
        rows.forEach(row -> line("| " + cell(String.join(", ", row.checks())) + " | "
                + row.values().stream().map(v -> value(v.value())).collect(Collectors.joining(" | ")) + " |"));
        line("");
    }

    private void columns(NodeStory node) {
        if (node.columns().isEmpty()) {
            return;
        }
        line("| column | type | NULL | min | max | |");
        line("|---|---|---:|---|---|---|");
        for (Column column : node.columns()) {
            row(
                    cell(column.name()),
                    cell(column.type()),
                    column.nulls().isPresent() ? Words.number(column.nulls()) : "",
                    column.min().map(StoryMarkdown::cell).orElse(""),
                    column.max().map(StoryMarkdown::cell).orElse(""),
                    column.sensitive() ? "sensitive" : cell(column.description()));
        }
        line("");
    }

    private static String rows(OptionalLong count) {
        return count.isPresent() ? Counted.of(count.getAsLong(), "row") : "- rows";
    }

    private void sample(NodeStory node) {
        if (node.sample().rows().isEmpty()) {
            return;
        }
        line("| " + node.sample().columns().stream().map(StoryMarkdown::cell).collect(Collectors.joining(" | "))
                + " |");
        line("|" + "---|".repeat(node.sample().columns().size()));
        node.sample()
                .rows()
                .forEach(row ->
                        line("| " + row.stream().map(StoryMarkdown::value).collect(Collectors.joining(" | ")) + " |"));
        line("");
    }

    private static String value(Optional<String> value) {
        return value.map(StoryMarkdown::cell).orElse("*NULL*");
    }

    private void row(String... cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** More backticks than the text has in a row. */
    private void fence(String language, List<String> lines) {
        String fence = "```";
        while (String.join("\n", lines).contains(fence)) {
            fence += "`";
        }
        line(fence + language);
        lines.forEach(this::line);
        line(fence);
        line("");
    }

    private static String code(String text) {
        return "`" + text.replace("`", "'").replace("|", "\\|").replaceAll("\\s+", " ") + "`";
    }

    /** A text that is shown as it is, on one line: nothing in it is markup. */
    static String cell(String text) {
        StringBuilder cell = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                cell.append(' ');
            } else if (c == '<') {
                cell.append("&lt;");
            } else if (c == '&') {
                cell.append("&amp;");
            } else {
                cell.append("\\`*[]|!#~".indexOf(c) >= 0 ? "\\" : "").appendCodePoint(c);
            }
        });
        return cell.toString();
    }
}
