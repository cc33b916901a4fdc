package dev.tarn.engine.spark;

import dev.tarn.core.engine.SqlText;
import dev.tarn.core.source.SourceSpan;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.trees.SQLQueryContext;

/**
 * The statements of a run. Spark computes a query long after it was given, and then says at which character of which
 * statement something went wrong. Thread-safe.
 */
final class Queries {

    private final Map<String, SqlText> known = new ConcurrentHashMap<>();

    /** The rows of a query; nothing is computed. */
    Dataset<Row> rows(SparkSession session, SqlText query) {
        known.put(query.text(), query);
        try {
            return session.sql(query.text());
        } catch (Exception e) {
            throw Failures.of(e, this, Optional.of(query));
        }
    }

    /** Where a user wrote what an error is about. */
    Optional<SourceSpan> locate(Throwable error, Optional<SqlText> query) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof SparkThrowable said) {
                for (QueryContext context : said.getQueryContext()) {
                    Optional<SourceSpan> span = locate(context, query);
                    if (span.isPresent()) {
                        return span;
                    }
                }
            }
            if (query.isPresent()
                    && e instanceof AnalysisException analysis
                    && analysis.line().isDefined()) {
                String text = query.get().text();
                int index = Positions.index(
                        text, Positions.number(analysis.line()), Positions.number(analysis.startPosition()));
                return query.get().locate(index, 1);
            }
        }
        return Optional.empty();
    }

    private Optional<SourceSpan> locate(QueryContext context, Optional<SqlText> query) {
        if (!(context instanceof SQLQueryContext place)
                || !place.originStartIndex().isDefined()) {
            return Optional.empty();
        }
        Optional<SqlText> text = place.sqlText().isDefined()
                ? Optional.ofNullable(known.get(String.valueOf(place.sqlText().get())))
                : query;
        int length = context.stopIndex() - context.startIndex() + 1;
        return text.flatMap(sql -> sql.locate(context.startIndex(), Math.max(1, length)));
    }
}
