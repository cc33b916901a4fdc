package dev.tarn.core.engine;

import dev.tarn.core.connection.Connections;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a session needs of its surroundings.
 *
 * @param runId stored with each table version that the run writes
 * @param workFolder empty folder of this run for temporary files; the session's maker deletes it
 * @param connections the databases that nodes read and write
 * @param settings the engine's own, by its own names
 */
public record SessionSettings(String runId, Path workFolder, Connections connections, Map<String, String> settings) {

    public SessionSettings {
        settings = Map.copyOf(settings);
    }

    /** A session that leaves all settings to the engine. */
    public SessionSettings(String runId, Path workFolder, Connections connections) {
        this(runId, workFolder, connections, Map.of());
    }

    /** A session of a project that has nothing but folders. */
    public SessionSettings(String runId, Path workFolder) {
        this(runId, workFolder, Connections.NONE);
    }
}
