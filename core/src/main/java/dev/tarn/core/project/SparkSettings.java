package dev.tarn.core.project;

import java.util.Map;
import java.util.Optional;

/**
 * Which Spark a project wants, and how.
 *
 * @param version such as {@code 4.1}
 * @param master where it runs; on this machine when absent
 * @param config Spark's settings by their own names
 */
public record SparkSettings(String version, Optional<String> master, Map<String, String> config) {

    /** The version that is used when a project does not say. */
    public static final String DEFAULT_VERSION = "4.1";

    /** What a project has that says nothing of Spark. */
    public static final SparkSettings NONE = new SparkSettings(DEFAULT_VERSION, Optional.empty(), Map.of());

    public SparkSettings {
        config = Map.copyOf(config);
    }
}
