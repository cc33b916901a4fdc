package dev.tarn.cli.render;

/** How a run says how far it is. */
public enum ProgressMode {
    /** Live lines on a terminal, plain ones elsewhere, none beside a log of JSON. */
    AUTO,
    /** A line for each event, and a last one that is rewritten. */
    TTY,
    /** A line for each event. */
    PLAIN,
    /** A line of JSON for each event. */
    JSON,
    /** Nothing. */
    QUIET
}
