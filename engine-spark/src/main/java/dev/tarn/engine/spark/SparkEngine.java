package dev.tarn.engine.spark;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.Node;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Problems;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Spark in this process. Texts are parsed without a session; that one starts with the first run. */
final class SparkEngine implements Engine {

    private final QueryAnalyzer analyzer = new QueryAnalyzer();
    private final Cluster cluster = new Cluster();

    @Override
    public String version() {
        return "Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION();
    }

    @Override
    public Set<Dialect> dialects() {
        return Set.of(Dialect.SPARK, Dialect.COMMON);
    }

    @Override
    public QueryAnalysis analyze(MappedText sql) {
        return analyzer.analyze(sql.text());
    }

    /** Statements around a node are refused. */
    @Override
    public Optional<String> tableMadeBy(MappedText statement) {
        return Optional.empty();
    }

    @Override
    public void validate(List<Node> nodes, Problems problems) {
        nodes.forEach(node -> new NodeValidator(analyzer, problems).validate(node));
    }

    @Override
    public Session open(SessionSettings settings) {
        return new SparkRun(cluster.open(settings), analyzer, settings, cluster.isLocal());
    }

    @Override
    public void close() {
        cluster.close();
    }
}
