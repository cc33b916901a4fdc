package dev.tarn.core.state.history;

/** The history cannot be read or written. The message names the file and the reason, as a clause. */
public final class HistoryException extends RuntimeException {

    private final String help;

    HistoryException(String message, String help, Throwable cause) {
        super(message, cause);
        this.help = help;
    }

    HistoryException(String message, String help) {
        super(message);
        this.help = help;
    }

    /** What a user can do about it. */
    public String help() {
        return help;
    }
}
