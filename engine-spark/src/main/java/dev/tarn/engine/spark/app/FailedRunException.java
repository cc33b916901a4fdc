package dev.tarn.engine.spark.app;

/** Ends an application whose run failed; what went wrong is its message, and where in our code is of no use. */
final class FailedRunException extends RuntimeException {

    FailedRunException(String message) {
        super(message, null, false, false);
    }
}
