package dev.tarn.cli;

/** A story that is asked for and is not there. */
final class StoryException extends RuntimeException {

    private final String help;

    StoryException(String message, String help) {
        super(message);
        this.help = help;
    }

    /** What to do about it. */
    String help() {
        return help;
    }
}
