package dev.tarn.cli;

/** What is done with stories. */
enum StoryAction {
    LAST,
    LIST,
    SHOW,
    DIFF,
    OPEN
}
