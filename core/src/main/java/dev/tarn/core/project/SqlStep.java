package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;

/**
 * A SELECT over {@code df} and the node's other inputs.
 *
 * @param dialect the node's
 */
public record SqlStep(MappedText sql, Dialect dialect) implements Step {

    /** A step that every engine understands. */
    public SqlStep(MappedText sql) {
        this(sql, Dialect.COMMON);
    }

    @Override
    public MappedText text() {
        return sql;
    }

    @Override
    public SqlStep in(Dialect other) {
        return new SqlStep(sql, other);
    }
}
