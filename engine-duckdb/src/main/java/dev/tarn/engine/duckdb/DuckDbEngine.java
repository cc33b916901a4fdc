package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.project.Dialect;
import dev.tarn.core.project.Node;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Problems;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB in this process. The database that understands texts opens in the background from the first moment on: that takes
 * 0.1 s, about as long as a project takes to be read.
 */
final class DuckDbEngine implements Engine {

    private final CompletableFuture<Database> opening = new CompletableFuture<>();
    private @Nullable SqlParser parser;

    DuckDbEngine() {
        Thread opener =
                new Thread(() -> opening.completeAsync(Database::openForTexts, Runnable::run), "tarn-duckdb-opener");
        opener.setDaemon(true);
        opener.start();
    }

    @Override
    public String version() {
        try {
            return "DuckDB " + opening.join().rows("SELECT version()").get(0).get(0);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public Set<Dialect> dialects() {
        return Set.of(Dialect.DUCKDB, Dialect.COMMON);
    }

    @Override
    public QueryAnalysis analyze(MappedText sql) {
        return new QueryAnalyzer(parser()).analyze(sql.text());
    }

    @Override
    public Optional<String> tableMadeBy(MappedText statement) {
        return StatementText.of(statement).tableMade();
    }

    @Override
    public void validate(List<Node> nodes, Problems problems) {
        new NodeValidator(opening.join(), parser(), problems).validate(nodes);
    }

    @Override
    public Session open(SessionSettings settings) {
        return new DuckDbSession(Database.open(settings.workFolder()), settings);
    }

    private SqlParser parser() {
        if (parser == null) {
            parser = new SqlParser(opening.join());
        }
        return parser;
    }

    @Override
    public void close() {
        opening.join().close();
    }
}
