package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;
import dev.tarn.core.transform.TransformCall;

/**
 * A transformer over {@code df}.
 *
 * @param dialect the node's, in which the user's expressions are written
 */
public record TransformStep(TransformCall call, Dialect dialect) implements Step {
    @Override
    public MappedText text() {
        return call.name();
    }

    @Override
    public TransformStep in(Dialect other) {
        return new TransformStep(call, other);
    }
}
