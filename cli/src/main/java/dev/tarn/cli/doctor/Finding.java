package dev.tarn.cli.doctor;

import java.util.Optional;

/**
 * What one check found.
 *
 * @param check what was looked at, in a word or two
 * @param help what to do about it
 */
public record Finding(String check, Status status, String message, Optional<String> help) {

    /** How bad it is, the best first. */
    public enum Status {
        OK,
        /** Runs work, but not as well as they could. */
        WARNING,
        /** Something will not work. */
        ERROR
    }

    public static Finding ok(String check, String message) {
        return new Finding(check, Status.OK, message, Optional.empty());
    }

    public static Finding warning(String check, String message, String help) {
        return new Finding(check, Status.WARNING, message, Optional.of(help));
    }

    public static Finding error(String check, String message, String help) {
        return new Finding(check, Status.ERROR, message, Optional.of(help));
    }
}
