package dev.tarn.lake;

import java.util.Optional;

/**
 * Says how an operation is committed, whatever it does.
 *
 * @param engineInfo who writes, for the table's history
 * @param userMetadata free text for the table's history
 * @param transaction makes the operation happen once: see {@link AppTransaction}
 * @param isolation the level for this commit; empty for the table's own
 */
public record CommitOptions(
        String engineInfo,
        Optional<String> userMetadata,
        Optional<AppTransaction> transaction,
        Optional<IsolationLevel> isolation) {
    /** Nothing special, by {@code Tarn}. */
    public static final CommitOptions DEFAULT =
            new CommitOptions("Tarn", Optional.empty(), Optional.empty(), Optional.empty());

    /** The same with another name for who writes. */
    public CommitOptions withEngineInfo(String name) {
        return new CommitOptions(name, userMetadata, transaction, isolation);
    }

    /** The same with a text for the table's history. */
    public CommitOptions withUserMetadata(String text) {
        return new CommitOptions(engineInfo, Optional.of(text), transaction, isolation);
    }

    /** The same, at most once. */
    public CommitOptions withTransaction(String appId, long version) {
        return new CommitOptions(engineInfo, userMetadata, Optional.of(new AppTransaction(appId, version)), isolation);
    }

    /** The same at a level of its own. */
    public CommitOptions withIsolation(IsolationLevel level) {
        return new CommitOptions(engineInfo, userMetadata, transaction, Optional.of(level));
    }
}
