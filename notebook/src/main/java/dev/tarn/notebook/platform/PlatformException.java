package dev.tarn.notebook.platform;

/** A call of a notebook that cannot be answered; it becomes an exception of the notebook's language. */
public final class PlatformException extends Exception {

    private static final long serialVersionUID = 1;

    /** By which the other side chooses its exception. */
    public enum Kind {
        NOT_FOUND("not found"),
        EXISTS("exists"),
        WRONG("wrong"),
        FAILED("failed");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** How it is said on the line. */
        public String word() {
            return word;
        }
    }

    private final Kind kind;

    public PlatformException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
