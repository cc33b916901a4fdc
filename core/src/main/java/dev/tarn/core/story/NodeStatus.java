package dev.tarn.core.story;

/** How a node ended. */
public enum NodeStatus {
    SUCCEEDED,
    FAILED,
    FAILED_IGNORED,
    SKIPPED,
    UP_TO_DATE;

    /** The word for people. */
    public String word() {
        return switch (this) {
            case SUCCEEDED -> "ok";
            case FAILED -> "failed";
            case FAILED_IGNORED -> "failed (ignored)";
            case SKIPPED -> "skipped";
            case UP_TO_DATE -> "up to date";
        };
    }

    public boolean isFailure() {
        return this == FAILED || this == FAILED_IGNORED;
    }
}
