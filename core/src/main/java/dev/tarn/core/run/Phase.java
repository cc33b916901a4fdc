package dev.tarn.core.run;

/** What a node does, in this order. An engine that computes when it must does the work of the first two in the later ones. */
public enum Phase {
    READ,
    TRANSFORM,
    CHECK,
    WRITE,
    COMMIT
}
