package dev.tarn.core.project;

import dev.tarn.core.source.SourceSpan;
import java.util.List;

/** A named set of nodes, usually of one layer (bronze, silver, gold). */
public record Pipeline(
        String name, SourceSpan span, String description, String layer, List<String> tags, List<Node> nodes) {

    public Pipeline {
        tags = List.copyOf(tags);
        nodes = List.copyOf(nodes);
    }
}
