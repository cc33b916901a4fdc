package dev.tarn.core.connection;

import org.jspecify.annotations.Nullable;

/** Something outside the project does not let us in, or breaks off. The texts are for users and hold no secret. */
public final class ConnectionException extends Exception {

    /** What the matter is. */
    public enum Kind {
        /** A secret that cannot be had. */
        SECRET,
        /** The server cannot be reached: host, port, network. */
        UNREACHABLE,
        /** The server does not let this user in. */
        REFUSED,
        /** No such database, table or column. */
        NOT_FOUND,
        /** The server's certificate, or encryption as such. */
        TLS,
        /** A statement that the server did not run. */
        STATEMENT,
        /** What the target has does not fit what is to be written. */
        SCHEMA,
        /** A value that would not be the same on the other side. */
        VALUE,
        /** A target that must not be there is there. */
        EXISTS,
        /** Another transaction was in the way. */
        CONFLICT
    }

    private final Kind kind;
    private final String help;

    public ConnectionException(Kind kind, String message, String help) {
        this(kind, message, help, null);
    }

    public ConnectionException(Kind kind, String message, String help, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.help = help;
    }

    public Kind kind() {
        return kind;
    }

    /** What the user can do. */
    public String help() {
        return help;
    }

    /** Whether it may go away by itself. */
    public boolean isPassing() {
        return kind == Kind.UNREACHABLE || kind == Kind.CONFLICT;
    }
}
