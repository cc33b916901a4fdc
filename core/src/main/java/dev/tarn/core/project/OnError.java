package dev.tarn.core.project;

/** What a failed node does to the rest of a run. */
public enum OnError {
    /** Nodes that are running are ended; nothing else starts. */
    FAIL_FAST,
    /** All that does not depend on the failed node still runs. */
    FAIL_LATER,
    /** Nodes that depend on the failed one run too, and see what was there before. */
    IGNORE
}
