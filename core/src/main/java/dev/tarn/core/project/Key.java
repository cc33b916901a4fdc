package dev.tarn.core.project;

/**
 * One key of a mapping.
 *
 * @param whenAbsent what is taken without it, as a user would write it; empty where that goes without saying
 * @param meaning a clause in Markdown
 * @param ignored whether it is accepted and has no effect
 */
record Key(String name, Kind kind, boolean required, String whenAbsent, String meaning, boolean ignored) {}
