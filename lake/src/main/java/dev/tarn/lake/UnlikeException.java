package dev.tarn.lake;

/** Says what in an expression of Spark's may mean something else, or nothing, to DuckDB. */
final class UnlikeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param what completes the sentence "it has …" */
    UnlikeException(String what) {
        super(what);
    }
}
