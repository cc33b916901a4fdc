package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;

/** One step of a transform. */
public sealed interface Step permits SqlStep, TransformStep {

    /** What the user wrote: the query, or the transformer's name. */
    MappedText text();

    /** The same step, in another dialect of SQL. */
    Step in(Dialect other);
}
