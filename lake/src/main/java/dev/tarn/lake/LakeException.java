package dev.tarn.lake;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/** Tells a user what is wrong with a table or a write, and what to do about it. */
public final class LakeException extends RuntimeException {
    /** What is wrong, for callers that map it to codes of their own. */
    public enum Kind {
        /** The options or columns of a write cannot make a table, whatever is in it already. */
        INVALID_WRITE,
        /** DuckDB refuses the SQL of a condition or query, or a column that it names is not there. */
        INVALID_SQL,
        /** The rows do not fit the table's schema or partitioning. */
        SCHEMA_MISMATCH,
        /** A column has a type that Delta does not have. */
        UNSUPPORTED_TYPE,
        /** The rows have a value that Delta cannot hold, such as an infinite date. */
        UNSUPPORTED_VALUE,
        /** The rows have a NULL where the table forbids it. */
        NOT_NULL,
        /** A row breaks a constraint of the table. */
        CONSTRAINT,
        /** Several rows of a merge's source match one row of the table. */
        MULTIPLE_MATCHES,
        /** The table uses a feature that is not supported. */
        UNSUPPORTED_FEATURE,
        /** The table is there already. */
        TABLE_EXISTS,
        /** There is no table. */
        TABLE_NOT_FOUND,
        /** The table is there, but not in this version. */
        VERSION_NOT_FOUND,
        /** The table's log or files are damaged. */
        CORRUPT_TABLE,
        /** Another writer was first, with a change that excludes this one. */
        CONFLICT,
        /** The file system refused. */
        IO
    }

    private final Kind kind;
    private final String message;
    private final String help;

    LakeException(Kind kind, String message, String help) {
        this(kind, message, help, null);
    }

    LakeException(Kind kind, String message, String help, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.message = message;
        this.help = help;
    }

    static LakeException corrupt(String message) {
        return new LakeException(
                Kind.CORRUPT_TABLE,
                message,
                "Restore the file from a backup, or read an earlier version of the table.");
    }

    static LakeException io(String doing, IOException cause) {
        return new LakeException(
                Kind.IO,
                doing + ": " + reason(cause),
                "Check the path, the permissions and the free space of the disk.",
                cause);
    }

    static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied for '" + cause.getMessage() + "'";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Whether the commit that failed may be in the log nevertheless, so that its files must stay. */
    boolean mayBeCommitted() {
        return getCause() instanceof CommitFile.UncertainException;
    }

    /** What is wrong, as a sentence for the user. */
    @Override
    public String getMessage() {
        return message;
    }

    /** What is wrong, as a kind. */
    public Kind kind() {
        return kind;
    }

    /** What the user can do, as a sentence. */
    public String help() {
        return help;
    }
}
