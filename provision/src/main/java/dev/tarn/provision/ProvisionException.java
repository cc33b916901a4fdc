package dev.tarn.provision;

/** Something that was asked for is not in the cache and could not be fetched. */
public final class ProvisionException extends Exception {

    private final String help;

    /**
     * @param message what is missing and why
     * @param help what the user can do
     */
    public ProvisionException(String message, String help) {
        super(message);
        this.help = help;
    }

    ProvisionException(String message, String help, Throwable cause) {
        super(message, cause);
        this.help = help;
    }

    public String help() {
        return help;
    }
}
