package dev.tarn.core.project;

/** A node's name together with its pipeline's: unique in a project. */
public record NodeId(String pipeline, String node) {

    /** {@code pipeline.node} */
    @Override
    public String toString() {
        return pipeline + "." + node;
    }
}
