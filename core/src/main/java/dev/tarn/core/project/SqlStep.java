package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;

/**
 * One step of a transform: a SELECT over {@code df} and the node's other inputs.
 *
 * @param dialect the node's
 */
public record SqlStep(MappedText sql, Dialect dialect) {

    /** A step that every engine understands. */
    public SqlStep(MappedText sql) {
        this(sql, Dialect.COMMON);
    }
}
