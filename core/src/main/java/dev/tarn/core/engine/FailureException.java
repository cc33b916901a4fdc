package dev.tarn.core.engine;

/** Carries a failure from an engine to the node that asked. */
public final class FailureException extends RuntimeException {

    private final transient Failure failure;

    public FailureException(Failure failure) {
        super(failure.message(), failure.cause());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
