package dev.tarn.core.project;

import java.util.Map;
import java.util.Optional;

/**
 * How a project wants its runs logged.
 *
 * @param level empty where the project does not say
 * @param json whether each record is a line of JSON; empty where the project does not say
 * @param metadata added to each record of JSON
 */
public record Logging(Optional<LogLevel> level, Optional<Boolean> json, Map<String, String> metadata) {

    public static final Logging NONE = new Logging(Optional.empty(), Optional.empty(), Map.of());

    public Logging {
        metadata = Map.copyOf(metadata);
    }
}
