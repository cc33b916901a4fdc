package dev.tarn.core.select;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be said of a node's result in a run; of one result several may hold. */
public enum Outcome {
    /** It failed, for whatever reason. */
    ERROR,
    /** It failed because a check did not hold. */
    FAIL,
    /** A check did not hold that only warns. */
    WARN,
    /** It ran, or was up to date. */
    SUCCESS,
    /** It did not run, because something else failed or the run was stopped. */
    SKIPPED,
    /** It was planned, and the run ended without it: that was killed, or still goes on. */
    UNFINISHED;

    static Optional<Outcome> of(String id) {
        return Arrays.stream(values())
                .filter(outcome -> outcome.id().equals(id))
                .findFirst();
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(Outcome::id).toList();
    }
}
