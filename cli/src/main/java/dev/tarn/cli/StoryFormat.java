package dev.tarn.cli;

/** How a story is printed. */
enum StoryFormat {
    TEXT,
    JSON,
    MARKDOWN,
    HTML
}
