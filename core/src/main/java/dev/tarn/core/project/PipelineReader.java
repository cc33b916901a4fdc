package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.util.List;
import java.util.Optional;

/** Reads the pipelines of a project. Knows the names it has seen; not thread-safe. */
final class PipelineReader {

    private final NodeReader nodes;
    private final Problems problems;
    private final Identifiers names;

    PipelineReader(NodeReader nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
        this.names = new Identifiers("pipeline", problems);
    }

    /** The pipeline; empty when it has no name or another one's. */
    Optional<Pipeline> read(MappingReader unnamed) {
        Optional<Yaml.Scalar> name = unnamed.scalar("pipeline");
        MappingReader in = name.map(
                        n -> unnamed.named("pipeline " + Names.quoted(n.text().text())))
                .orElse(unnamed);
        in.require("pipeline");
        String pipeline = name.map(n -> n.text().text()).orElse("");
        SourceSpan span = name.map(Yaml.Scalar::span).orElse(in.where());
        String description = in.text("description").orElse("");
        String layer = in.text("layer").orElse("");
        List<String> tags = in.texts("tags").stream().map(t -> t.text().text()).toList();
        List<Node> read = nodes(in, pipeline);
        in.unsupported("owner", "freshness_sla", "freshness_anchor", "auto_cache_threshold");
        in.hint("use 'pipeline'", "name");
        in.finish();
        boolean usable = name.isPresent() && names.add(pipeline, span);
        return usable ? Optional.of(new Pipeline(pipeline, span, description, layer, tags, read)) : Optional.empty();
    }

    private List<Node> nodes(MappingReader in, String pipeline) {
        in.require("nodes");
        Optional<List<Yaml>> items = in.list("nodes");
        if (items.isPresent() && items.get().isEmpty()) {
            in.keySpan("nodes")
                    .ifPresent(span ->
                            problems.error(ProblemCode.NOTHING_TO_DO, span, in.what() + " has no node", "add one"));
        }
        Identifiers nodeNames = new Identifiers("node", problems);
        return MappingReader.mappings(items.orElse(List.of()), Model.NODE, "a node", problems).stream()
                .flatMap(item -> nodes.read(item, pipeline, nodeNames).stream())
                .toList();
    }
}
