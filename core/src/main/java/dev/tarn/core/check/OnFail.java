package dev.tarn.core.check;

/** What a check that does not hold does. */
public enum OnFail {
    /** The node fails and writes nothing. */
    FAIL,
    /** The node goes on; the result says so. */
    WARN,
    /** The rows that break the rule go to the quarantine, the others are written. */
    QUARANTINE
}
