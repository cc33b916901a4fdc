package dev.tarn.cli;

/** How a command's result is printed. */
enum OutputFormat {
    TEXT,
    JSON
}
