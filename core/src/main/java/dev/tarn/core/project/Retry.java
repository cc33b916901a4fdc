package dev.tarn.core.project;

import java.time.Duration;

/**
 * How often a node is tried again after a transient failure.
 *
 * @param maxAttempts tries in all, the first one included; 1 to 10
 */
public record Retry(boolean enabled, int maxAttempts, Backoff backoff) {

    /** Three tries, 1 s and 2 s apart. */
    public static final Retry DEFAULT = new Retry(true, 3, Backoff.EXPONENTIAL);

    public Retry {
        if (maxAttempts < 1 || maxAttempts > 10) {
            throw new IllegalStateException("maxAttempts " + maxAttempts);
        }
    }

    /** Whether a node whose {@code attempt}th try (from 1) failed may be tried again. */
    public boolean allowsAnother(int attempt) {
        return enabled && attempt < maxAttempts;
    }

    /** How long to wait after the {@code attempt}th try (from 1). */
    public Duration pauseAfter(int attempt) {
        return switch (backoff) {
            case CONSTANT -> Duration.ofSeconds(1);
            case LINEAR -> Duration.ofSeconds(attempt);
            case EXPONENTIAL -> Duration.ofSeconds(1L << (attempt - 1));
        };
    }

    /** How the pause between tries grows. */
    public enum Backoff {
        EXPONENTIAL,
        LINEAR,
        CONSTANT
    }
}
