package dev.tarn.cli;

/** How a graph is drawn. */
enum GraphFormat {
    TREE,
    DOT,
    MERMAID
}
