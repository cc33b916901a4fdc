package dev.tarn.core.engine;

import dev.tarn.core.project.Node;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Problems;

/**
 * Understands and runs a project's SQL.
 *
 * <p>The first two methods look at texts only and touch no data. Implementations need not be thread-safe; sessions are.
 */
public interface Engine extends AutoCloseable {

    /** What a query reads, or why it cannot be parsed. */
    QueryAnalysis analyze(MappedText sql);

    /** Reports what in a node this engine can know to be wrong before it runs: options, conditions, patterns. */
    void validate(Node node, Problems problems);

    Session open(SessionSettings settings);

    @Override
    void close();
}
