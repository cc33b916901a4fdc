package dev.tarn.cli;

/** Says that what the command line asks for is not there, as is known only once the project is read. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String help;

    UsageException(String message, String help) {
        super(message);
        this.help = help;
    }

    String help() {
        return help;
    }
}
