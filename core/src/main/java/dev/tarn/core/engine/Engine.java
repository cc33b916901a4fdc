package dev.tarn.core.engine;

import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.Node;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Problems;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Understands and runs a project's SQL.
 *
 * <p>The methods but for {@link #open} look at texts only and touch no data. Implementations need not be thread-safe; sessions are.
 */
public interface Engine extends AutoCloseable {

    /** The engine's name and version, once all that it needs is loaded; throws what keeps it from that. */
    String version();

    /** What SQL it runs as it is written. */
    Set<Dialect> dialects();

    /** What a query reads, or why it cannot be parsed. */
    QueryAnalysis analyze(MappedText sql);

    /** The temporary table or view that a statement makes, for queries that name it. */
    Optional<String> tableMadeBy(MappedText statement);

    /**
     * Reports what in nodes this engine can know to be wrong before they run: options, conditions, patterns. All of a
     * project come at once, because a parser answers one long question faster than many short ones.
     */
    void validate(List<Node> nodes, Problems problems);

    Session open(SessionSettings settings);

    @Override
    void close();
}
