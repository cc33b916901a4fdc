package dev.tarn.core.project;

import dev.tarn.core.source.SourceSpan;

/** One of a node's inputs, under the name that its SQL uses. */
public sealed interface Input {

    /** The name that a node's first input always has in its SQL, and the only one that {@code read} gives. */
    String OWN = "df";

    String name();

    /** Data from outside the project. */
    record External(String name, Read read) implements Input {}

    /** The output of another node: {@code $pipeline.node}, or a name in {@code depends_on}. */
    record FromNode(String name, NodeId node, SourceSpan span) implements Input {}
}
