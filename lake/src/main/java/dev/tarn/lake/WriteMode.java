package dev.tarn.lake;

/** Says what a write does with the rows that are in the table already. */
public enum WriteMode {
    /** Replaces them. */
    OVERWRITE("Overwrite"),
    /** Keeps them. */
    APPEND("Append"),
    /** Refuses to write when the table exists, even if it has no rows. */
    ERROR_IF_EXISTS("ErrorIfExists");

    private final String sparkName;

    WriteMode(String sparkName) {
        this.sparkName = sparkName;
    }

    String sparkName() {
        return sparkName;
    }
}
