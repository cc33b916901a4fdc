package dev.tarn.engine.spark;

import dev.tarn.core.transform.SqlDialect;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Writes names and values as Spark's SQL reads them. */
final class Literal {

    private Literal() {}

    /** A quoted identifier. */
    static String name(String name) {
        return SqlDialect.SPARK.name(name);
    }

    static String names(List<String> names) {
        return names.stream().map(Literal::name).collect(Collectors.joining(", "));
    }

    /** A text or a moment. */
    static String constant(Object value) {
        return value instanceof Instant moment
                ? SqlDialect.SPARK.instant(moment)
                : SqlDialect.SPARK.text(value.toString());
    }
}
