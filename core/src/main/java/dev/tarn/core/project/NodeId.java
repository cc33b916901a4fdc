package dev.tarn.core.project;

import org.jspecify.annotations.Nullable;

/** A node's name together with its pipeline's: unique in a project. */
public record NodeId(String pipeline, String node) {

    // Like the record's own; those are linked anew in each process, which is 15 ms of a start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NodeId id && node.equals(id.node) && pipeline.equals(id.pipeline);
    }

    @Override
    public int hashCode() {
        return 31 * pipeline.hashCode() + node.hashCode();
    }

    /** {@code pipeline.node} */
    @Override
    public String toString() {
        return pipeline + "." + node;
    }
}
