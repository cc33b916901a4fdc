package dev.tarn.services;

/** A service cannot be started or found; says what the user can do. */
public final class ServiceException extends Exception {

    private final String help;

    public ServiceException(String message, String help) {
        super(message);
        this.help = help;
    }

    public String help() {
        return help;
    }
}
