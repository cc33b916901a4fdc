package dev.tarn.engine.duckdb;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.QueryAnalysis;
import dev.tarn.core.engine.Session;
import dev.tarn.core.engine.SessionSettings;
import dev.tarn.core.project.Node;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Problems;
import org.jspecify.annotations.Nullable;

/** DuckDB in this process. The database that understands texts is opened when the first text comes. */
final class DuckDbEngine implements Engine {

    private @Nullable Database texts;

    @Override
    public QueryAnalysis analyze(MappedText sql) {
        return new QueryAnalyzer(texts()).analyze(sql.text());
    }

    @Override
    public void validate(Node node, Problems problems) {
        new NodeValidator(texts(), problems).validate(node);
    }

    @Override
    public Session open(SessionSettings settings) {
        return new DuckDbSession(Database.open(settings.workFolder()), settings);
    }

    private Database texts() {
        if (texts == null) {
            texts = Database.openForTexts();
        }
        return texts;
    }

    @Override
    public void close() {
        if (texts != null) {
            texts.close();
        }
    }
}
