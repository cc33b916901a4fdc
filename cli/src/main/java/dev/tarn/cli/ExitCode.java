package dev.tarn.cli;

/** What a command's exit says. */
final class ExitCode {

    static final int OK = 0;
    /** The work ran and something failed. */
    static final int FAILED = 1;
    /** Usage or configuration: nothing ran. */
    static final int INVALID = 2;
    /** Stopped by the user. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
