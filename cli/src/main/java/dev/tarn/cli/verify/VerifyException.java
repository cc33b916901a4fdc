package dev.tarn.cli.verify;

/** There is nothing to compare. */
public final class VerifyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String help;

    /** Says why, and what to do about it. */
    public VerifyException(String message, String help) {
        super(message);
        this.help = help;
    }

    /** What to do about it. */
    public String help() {
        return help;
    }
}
