package dev.tarn.core.run;

/**
 * What a node does, in this order. An engine that computes when it must does the work of {@link #READ} and
 * {@link #TRANSFORM} in the later ones.
 */
public enum Phase {
    PRE_SQL,
    READ,
    TRANSFORM,
    CHECK,
    WRITE,
    COMMIT,
    POST_SQL
}
