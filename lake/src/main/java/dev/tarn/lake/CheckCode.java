package dev.tarn.lake;

/** What {@link TableCheck} can find; the ids stay what they are. */
public enum CheckCode {
    /** A commit is not what a commit must be. */
    UNREADABLE_COMMIT("unreadable-commit", "Restore the file from a backup, or save the rows of a version before it."),
    /** An action lacks what it must have. */
    INVALID_ACTION("invalid-action", "Restore the table to a version before it."),
    /** Commits between others are not there. */
    LOG_GAP("log-gap", "Restore the files from a backup."),
    /** Nobody can know how to read the table. */
    NO_PROTOCOL("no-protocol", "Restore the first commit from a backup."),
    /** Nobody can know what columns the table has. */
    NO_METADATA("no-metadata", "Restore the first commit from a backup."),
    /** A commit says two things about one file. */
    CONTRADICTORY_COMMIT("contradictory-commit", "Restore the table to a version before it."),
    /** A file counts twice. */
    DUPLICATE_FILE("duplicate-file", "Restore the table to a version before it came in again."),
    /** A commit has no time, or one that is not after the one before. */
    WRONG_COMMIT_TIME("wrong-commit-time", "Travel to versions by their number."),
    /** A checkpoint cannot be read. */
    BROKEN_CHECKPOINT("broken-checkpoint", "Delete it; --repair does, where the log tells the same without it."),
    /** Parts of a checkpoint are missing, because its writer died. */
    INCOMPLETE_CHECKPOINT("incomplete-checkpoint", "Delete the parts; --repair does."),
    /** A checkpoint says something else than the commits up to it. */
    WRONG_CHECKPOINT("wrong-checkpoint", "Delete it; --repair does."),
    /** The hint at the last checkpoint cannot be read. */
    BROKEN_CHECKPOINT_HINT("broken-checkpoint-hint", "Delete it; --repair does. It is only a hint."),
    /** The hint at the last checkpoint leads nowhere. */
    DANGLING_CHECKPOINT_HINT("dangling-checkpoint-hint", "Delete it; --repair does. It is only a hint."),
    /** A file of the newest version is not there. */
    MISSING_FILE("missing-file", "Restore the file from a backup, or the table to a version that has all its files."),
    /** A file has another size than the log says, and readers may take it for empty. */
    WRONG_SIZE("wrong-size", "--repair writes the size into the log if the file has all its rows; else restore it."),
    /** A file is not Parquet, or damaged. */
    UNREADABLE_FILE("unreadable-file", "Restore the file from a backup, or the table to a version without it."),
    /** A column in a file has a type that cannot be read as the table's. */
    WRONG_SCHEMA("wrong-schema", "Restore the table to a version without the file."),
    /** The log says something of the rows that is not so, and readers skip or count rows by it. */
    WRONG_STATISTICS("wrong-statistics", "--repair computes them anew."),
    /** Nobody can read what the log says of the rows; readers go without. */
    UNREADABLE_STATISTICS("unreadable-statistics", "--repair computes them anew."),
    /** The file of a deletion vector is not there. */
    MISSING_DELETION_VECTOR("missing-deletion-vector", "Restore the file from a backup, or the table."),
    /** A deletion vector is not what the log says. */
    DAMAGED_DELETION_VECTOR("damaged-deletion-vector", "Restore the file from a backup, or the table."),
    /** A deletion vector deletes rows that the file does not have. */
    DELETION_VECTOR_OUT_OF_RANGE("deletion-vector-out-of-range", "Restore the table to a version before it."),
    /** The value of a partition column is none of its type, or not there. */
    BAD_PARTITION_VALUE("bad-partition-value", "Restore the table to a version without the file."),
    /** A column that forbids NULL has one. */
    NULL_IN_REQUIRED_COLUMN("null-in-required-column", "Update or delete the rows."),
    /** Rows break a check constraint, an invariant, or have NULL inside a list or map that forbids it. */
    CONSTRAINT_VIOLATED("constraint-violated", "Update or delete the rows."),
    /** A file of the change data feed is not there, though no vacuum can have deleted it. */
    MISSING_CHANGE_FILE("missing-change-file", "Read the change data feed from a later version on."),
    /** An old file belongs to no version. It harms nobody. */
    ORPHAN_FILE("orphan-file", "Vacuum the table."),
    /** Something could not be looked at. */
    NOT_CHECKED("not-checked", "Look at it with Spark.");

    private final String id;
    private final String help;

    CheckCode(String id, String help) {
        this.id = id;
        this.help = help;
    }

    /** The name that programs may rely on. */
    public String id() {
        return id;
    }

    /** What to do about it. */
    public String help() {
        return help;
    }
}
