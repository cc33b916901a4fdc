package dev.tarn.lake;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The actions of one version (Delta protocol, "Delta Log Entries"). */
record LogCommit(long version, List<Map<String, Object>> actions) {
    LogCommit {
        actions = List.copyOf(actions);
    }

    /** The actions of a kind, such as {@code add}. */
    Stream<Map<String, Object>> of(String kind) {
        return actions.stream().flatMap(action -> Json.child(action, kind).stream());
    }

    Map<String, Object> info() {
        return of("commitInfo").findFirst().orElse(Map.of());
    }
}
