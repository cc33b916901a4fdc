package dev.tarn.core.select;

import dev.tarn.core.source.Names;

/**
 * One {@code --select} or {@code --exclude} of a command.
 *
 * @param option the option's name, for messages
 * @param text what the user wrote
 */
record Argument(String option, String text) {

    /** Something that is wrong with this argument. */
    SelectionProblem problem(String message, String help) {
        return new SelectionProblem(this + ": " + message, help);
    }

    @Override
    public String toString() {
        return option + " " + Names.quoted(text);
    }
}
