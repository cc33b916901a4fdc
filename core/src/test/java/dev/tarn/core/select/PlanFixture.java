package dev.tarn.core.select;

import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Columns;
import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.OnError;
import dev.tarn.core.project.Pipeline;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.Retry;
import dev.tarn.core.project.SqlStep;
import dev.tarn.core.project.Statements;
import dev.tarn.core.project.Step;
import dev.tarn.core.project.Validation;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds plans of nodes {@code pipeline.node} that only need each other. */
final class PlanFixture {

    private static final SourceSpan SPAN = new SourceFile("work/tarn.yaml", "project: test").start();

    private final Map<String, List<String>> pipelineTags = new LinkedHashMap<>();
    private final List<Node> declared = new ArrayList<>();
    private final List<PlannedNode> planned = new ArrayList<>();

    static NodeId id(String text) {
        int dot = text.indexOf('.');
        return new NodeId(text.substring(0, dot), text.substring(dot + 1));
    }

    PlanFixture pipeline(String name, String... tags) {
        pipelineTags.put(name, List.of(tags));
        return this;
    }

    PlanFixture node(String name, String... needs) {
        return node(name, List.of(), List.of(), Set.of(needs), Set.of());
    }

    PlanFixture disabled(String name) {
        declared.add(declare(name, false, List.of(), List.of()));
        return this;
    }

    PlanFixture node(String name, List<String> tags, List<String> sqlFiles, Set<String> needs, Set<String> waits) {
        Node node = declare(name, true, tags, sqlFiles);
        declared.add(node);
        Set<NodeId> after = new HashSet<>(ids(needs));
        after.addAll(ids(waits));
        planned.add(new PlannedNode(node, List.of(), false, ids(needs), after, 0, false, false));
        return this;
    }

    private static Set<NodeId> ids(Set<String> names) {
        return names.stream().map(PlanFixture::id).collect(Collectors.toSet());
    }

    private static Node declare(String name, boolean enabled, List<String> tags, List<String> sqlFiles) {
        List<Step> steps = sqlFiles.stream()
                .<Step>map(file -> new SqlStep(MappedText.of(new SourceFile(file, "select 1"))))
                .toList();
        return new Node(
                id(name),
                SPAN,
                "",
                enabled,
                tags,
                List.of(),
                List.of(),
                steps,
                Statements.NONE,
                Validation.NONE,
                Optional.empty(),
                OnError.FAIL_LATER,
                Dialect.DUCKDB,
                false,
                Columns.NONE,
                Optional.empty());
    }

    Plan plan() {
        Stream<String> names = Stream.concat(
                pipelineTags.keySet().stream(),
                declared.stream().map(node -> node.id().pipeline()));
        List<Pipeline> pipelines = names.distinct().map(this::pipeline).toList();
        Path folder = Path.of("work").toAbsolutePath();
        return new Plan(
                new Project("test", "", "", "", "duckdb", "", folder, List.of(), Retry.DEFAULT, pipelines, SPAN),
                planned);
    }

    private Pipeline pipeline(String name) {
        List<Node> nodes = declared.stream()
                .filter(node -> node.id().pipeline().equals(name))
                .toList();
        return new Pipeline(name, SPAN, "", "", pipelineTags.getOrDefault(name, List.of()), nodes);
    }
}
