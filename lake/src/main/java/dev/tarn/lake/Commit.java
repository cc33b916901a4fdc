package dev.tarn.lake;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells about one version in a table's history: what Spark's {@code DESCRIBE HISTORY} shows of it.
 *
 * <p>Only version and timestamp are certain; a writer may leave all else out.
 *
 * @param timestamp when the version was made, as time travel takes it
 * @param operation such as {@code WRITE}; empty text if unknown
 * @param parameters what the operation was asked to do; lists are texts of JSON arrays
 * @param metrics what it did, as texts
 * @param readVersion the version that it started from
 * @param isBlindAppend whether it added rows without looking at the table
 */
public record Commit(
        long version,
        Instant timestamp,
        String operation,
        Map<String, String> parameters,
        Map<String, String> metrics,
        OptionalLong readVersion,
        Optional<String> isolationLevel,
        Optional<Boolean> isBlindAppend,
        Optional<String> userMetadata,
        Optional<String> engineInfo) {
    public Commit {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    static Commit of(LogCommit commit, Instant timestamp) {
        Map<String, Object> info = commit.info();
        return new Commit(
                commit.version(),
                timestamp,
                Json.string(info, "operation").orElse(""),
                texts(info, "operationParameters"),
                texts(info, "operationMetrics"),
                Json.number(info, "readVersion").map(OptionalLong::of).orElse(OptionalLong.empty()),
                Json.string(info, "isolationLevel"),
                info.get("isBlindAppend") instanceof Boolean blind ? Optional.of(blind) : Optional.empty(),
                Json.string(info, "userMetadata"),
                Json.string(info, "engineInfo"));
    }

    private static Map<String, String> texts(Map<String, Object> info, String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        Json.child(info, key)
                .orElse(Map.of())
                .forEach((name, value) -> texts.put(
                        name, value instanceof Map || value instanceof Iterable ? Json.any(value) : value + ""));
        return texts;
    }
}
