package dev.tarn.cdc;

/** A stream that cannot go on until somebody does something about it. */
public final class StreamException extends Exception {

    private static final long serialVersionUID = 1;

    private final String help;

    public StreamException(String message, String help) {
        super(message);
        this.help = help;
    }

    /** What to do. */
    public String help() {
        return help;
    }
}
