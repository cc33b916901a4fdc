package dev.tarn.cli;

/** Says why nothing can be said about what came before: a usage error. */
final class ComparisonException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String help;

    ComparisonException(String message, String help) {
        super(message);
        this.help = help;
    }

    String help() {
        return help;
    }
}
