package dev.tarn.core.select;

/**
 * A selector that cannot be followed. It is part of a command and not of a project, so it has no place in a file.
 *
 * @param message the selector and what is wrong with it, in one sentence without a full stop
 * @param help what to do about it
 */
public record SelectionProblem(String message, String help) {}
