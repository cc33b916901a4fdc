package dev.tarn.core.story;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.engine.ColumnRange;
import dev.tarn.core.engine.Profile;
import dev.tarn.core.engine.Sample;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Columns;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.TransformStep;
import dev.tarn.core.project.Write;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.NodeTrace;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import dev.tarn.core.story.NodeStory.BrokenRow;
import dev.tarn.core.story.NodeStory.BrokenValue;
import dev.tarn.core.story.NodeStory.Check;
import dev.tarn.core.story.NodeStory.Column;
import dev.tarn.core.story.NodeStory.ColumnType;
import dev.tarn.core.story.NodeStory.Failure;
import dev.tarn.core.story.NodeStory.Input;
import dev.tarn.core.story.NodeStory.PhaseTime;
import dev.tarn.core.story.NodeStory.Retry;
import dev.tarn.core.story.NodeStory.Rows;
import dev.tarn.core.story.NodeStory.Step;
import dev.tarn.core.story.NodeStory.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Puts together what is known of one node. Here, and nowhere later, sensitive values are taken out. */
final class NodeStoryBuilder {

    private final PlannedNode node;
    private final NodeResult result;
    private final Sensitive.Names sensitive;
    private final Map<NodeId, NodeStory> told;
    private Optional<Duration> started = Optional.empty();
    private List<StoryRecorder.Retry> retries = List.of();
    private Optional<NodeTrace> trace = Optional.empty();

    /** @param told the nodes before this one */
    NodeStoryBuilder(PlannedNode node, NodeResult result, Sensitive.Names sensitive, Map<NodeId, NodeStory> told) {
        this.node = node;
        this.result = result;
        this.sensitive = sensitive;
        this.told = told;
    }

    NodeStoryBuilder started(Optional<Duration> after) {
        this.started = after;
        return this;
    }

    NodeStoryBuilder retries(List<StoryRecorder.Retry> tried) {
        this.retries = tried;
        return this;
    }

    NodeStoryBuilder trace(Optional<NodeTrace> taken) {
        this.trace = taken;
        return this;
    }

    NodeStory build() {
        Optional<NodeResult.Succeeded> ok =
                result instanceof NodeResult.Succeeded succeeded ? Optional.of(succeeded) : Optional.empty();
        Optional<NodeResult.Failed> failed = result instanceof NodeResult.Failed f ? Optional.of(f) : Optional.empty();
        List<Input> inputs = node.inputs().stream().map(this::input).toList();
        List<Column> columns = columns();
        return new NodeStory(
                node.id().toString(),
                node.node().description(),
                node.node().tags(),
                node.helper(),
                status(),
                result instanceof NodeResult.Skipped skipped ? Optional.of(skipped.reason()) : Optional.empty(),
                result instanceof NodeResult.UpToDate upToDate ? Optional.of(upToDate.madeBy()) : Optional.empty(),
                started,
                result.duration(),
                ok.map(NodeResult.Succeeded::attempts)
                        .or(() -> failed.map(NodeResult.Failed::attempts))
                        .orElse(0),
                retries.stream().map(this::retry).toList(),
                trace.map(NodeStoryBuilder::phases).orElse(List.of()),
                names(node.needs()),
                names(node.after()).stream()
                        .filter(name -> !names(node.needs()).contains(name))
                        .toList(),
                inputs,
                node.node().statements().before().stream()
                        .map(NodeStoryBuilder::step)
                        .toList(),
                node.node().steps().stream().map(NodeStoryBuilder::step).toList(),
                node.node().statements().after().stream()
                        .map(NodeStoryBuilder::step)
                        .toList(),
                node.node().write().map(this::target),
                node.node().validation().quarantine().map(q -> target(q.write())),
                ok.map(NodeResult.Succeeded::rowsIn).orElse(OptionalLong.empty()),
                ok.map(NodeResult.Succeeded::rowsOut).orElse(OptionalLong.empty()),
                ok.map(NodeResult.Succeeded::rowsRejected).orElse(0L),
                columns,
                changes(inputs, columns),
                sample(),
                result.checks().stream().map(NodeStoryBuilder::check).toList(),
                broken(),
                failed.map(f -> failure(f.failure())),
                Optional.empty());
    }

    private NodeStatus status() {
        if (result instanceof NodeResult.Succeeded) {
            return NodeStatus.SUCCEEDED;
        }
        if (result instanceof NodeResult.UpToDate) {
            return NodeStatus.UP_TO_DATE;
        }
        if (result instanceof NodeResult.Failed failed) {
            return failed.ignored() ? NodeStatus.FAILED_IGNORED : NodeStatus.FAILED;
        }
        return NodeStatus.SKIPPED;
    }

    private static List<String> names(Set<NodeId> nodes) {
        return nodes.stream().map(NodeId::toString).sorted().toList();
    }

    private static List<PhaseTime> phases(NodeTrace taken) {
        return taken.phases().entrySet().stream()
                .map(phase -> new PhaseTime(phase.getKey(), phase.getValue()))
                .toList();
    }

    private Input input(dev.tarn.core.project.Input input) {
        if (input instanceof dev.tarn.core.project.Input.External external) {
            return new Input(
                    input.name(),
                    external.read().location().toString(),
                    false,
                    Optional.of(external.read().format().id()),
                    traced(input.name()));
        }
        NodeId from = ((dev.tarn.core.project.Input.FromNode) input).node();
        NodeStory maker = told.get(from);
        List<ColumnType> made = maker == null ? List.of() : types(maker.columns());
        return new Input(
                input.name(), from.toString(), true, Optional.empty(), made.isEmpty() ? traced(input.name()) : made);
    }

    private List<ColumnType> traced(String input) {
        return trace.map(taken -> taken.inputs().getOrDefault(input, List.of())).orElse(List.of()).stream()
                .map(column -> new ColumnType(column.name(), column.type()))
                .toList();
    }

    private static List<ColumnType> types(List<Column> columns) {
        return columns.stream()
                .map(column -> new ColumnType(column.name(), column.type()))
                .toList();
    }

    private static Step step(dev.tarn.core.project.Step step) {
        return step instanceof TransformStep transform
                ? step(transform.call().toString(), step.text().start())
                : step(step.text());
    }

    private static Step step(MappedText sql) {
        return step(sql.text(), sql.start());
    }

    private static Step step(String text, SourceSpan start) {
        return new Step(text, start.file().name(), start.line());
    }

    private Target target(Write write) {
        String place = write.location().toString();
        OptionalLong version = result instanceof NodeResult.Succeeded succeeded
                ? succeeded.written().stream()
                        .filter(written -> written.target().equals(place))
                        .findFirst()
                        .map(NodeResult.Written::version)
                        .orElse(OptionalLong.empty())
                : OptionalLong.empty();
        return new Target(place, write.format().id(), write.mode().id(), version);
    }

    private List<Column> columns() {
        Optional<Profile> profile = trace.flatMap(NodeTrace::output);
        List<Column> columns = new ArrayList<>();
        for (dev.tarn.core.engine.Column column :
                profile.map(Profile::sample).orElse(Sample.NONE).columns()) {
            Optional<ColumnRange> range =
                    profile.map(Profile::ranges).flatMap(r -> Optional.ofNullable(r.get(column.name())));
            boolean hidden = sensitive.hides(column.name());
            columns.add(new Column(
                    column.name(),
                    column.type(),
                    range.map(ColumnRange::nulls).orElse(OptionalLong.empty()),
                    range.flatMap(ColumnRange::min).filter(value -> !hidden).map(NodeStoryBuilder::cut),
                    range.flatMap(ColumnRange::max).filter(value -> !hidden).map(NodeStoryBuilder::cut),
                    hidden,
                    description(column.name())));
        }
        return columns;
    }

    private String description(String column) {
        return node.node().columns().declared().stream()
                .filter(declared -> declared.name().equalsIgnoreCase(column))
                .map(Columns.Column::description)
                .findFirst()
                .orElse("");
    }

    private static String cut(String value) {
        return value.length() <= 60 ? value : value.substring(0, 60) + "…";
    }

    private static List<ColumnChange> changes(List<Input> inputs, List<Column> columns) {
        boolean comparable = inputs.size() == 1 && !inputs.get(0).columns().isEmpty() && !columns.isEmpty();
        return comparable ? ColumnChange.between(inputs.get(0).columns(), types(columns)) : List.of();
    }

    private Rows sample() {
        Sample sample = trace.flatMap(NodeTrace::output).map(Profile::sample).orElse(Sample.NONE);
        if (sample.rows().isEmpty()) {
            return Rows.NONE;
        }
        List<String> names =
                sample.columns().stream().map(dev.tarn.core.engine.Column::name).toList();
        return new Rows(
                names, sample.rows().stream().map(row -> masked(names, row)).toList());
    }

    private List<Optional<String>> masked(List<String> names, List<Optional<String>> row) {
        List<Optional<String>> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(sensitive.hides(names.get(i)) ? Optional.of(Sensitive.MASK) : row.get(i));
        }
        return values;
    }

    private static Check check(CheckResult checked) {
        return new Check(
                checked.check().name(), checked.check().rule(), checked.status(), checked.violations(), checked.rows());
    }

    private List<BrokenRow> broken() {
        List<BrokenRow> broken = new ArrayList<>();
        trace.flatMap(NodeTrace::broken).ifPresent(found -> {
            List<String> names = found.sample().columns().stream()
                    .map(dev.tarn.core.engine.Column::name)
                    .toList();
            for (int i = 0; i < found.sample().rows().size(); i++) {
                List<String> checks = found.checks().get(i).stream()
                        .map(index ->
                                node.node().validation().checks().get(index).name())
                        .toList();
                broken.add(new BrokenRow(
                        checks, named(names, masked(names, found.sample().rows().get(i)))));
            }
        });
        return broken;
    }

    private static List<BrokenValue> named(List<String> names, List<Optional<String>> row) {
        List<BrokenValue> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(new BrokenValue(names.get(i), row.get(i)));
        }
        return values;
    }

    private Retry retry(StoryRecorder.Retry tried) {
        return new Retry(tried.attempt(), tried.failure().code().id(), message(tried.failure()), tried.pause());
    }

    private Failure failure(dev.tarn.core.engine.Failure failure) {
        Optional<SourceSpan> span = failure.span();
        return new Failure(
                failure.code().id(),
                message(failure),
                hides(failure) ? Optional.empty() : failure.help(),
                span.map(s -> s.file().name()),
                span.map(s -> OptionalLong.of(s.line())).orElse(OptionalLong.empty()),
                span.map(s -> OptionalLong.of(s.column())).orElse(OptionalLong.empty()),
                span.map(NodeStoryBuilder::excerpt).orElse(List.of()));
    }

    /** What an engine says of a value cannot be told from the value. */
    private String message(dev.tarn.core.engine.Failure failure) {
        return hides(failure)
                ? failure.code().title().toLowerCase(Locale.ROOT)
                        + " (the message is left out, because it may show values of sensitive columns)"
                : failure.message();
    }

    private boolean hides(dev.tarn.core.engine.Failure failure) {
        return failure.quotesRows() && sensitive.any();
    }

    /** The line without its indentation, and a mark below the place. */
    private static List<String> excerpt(SourceSpan span) {
        String line = span.file().line(span.line());
        int place = line.offsetByCodePoints(0, Math.min(span.column() - 1, line.codePointCount(0, line.length())));
        int indent = Math.min(place, line.length() - line.stripLeading().length());
        String mark = line.substring(indent, place).replaceAll("[^\t]", " ") + "^".repeat(span.length());
        return line.isBlank() ? List.of() : List.of(line.substring(indent), mark);
    }
}
