package dev.tarn.core.source;

/** How bad a problem is: errors stop a run before it starts, warnings and notes do not. */
public enum Severity {
    ERROR,
    WARNING,
    NOTE
}
