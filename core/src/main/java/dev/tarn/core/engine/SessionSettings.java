package dev.tarn.core.engine;

import dev.tarn.core.connection.Connections;
import java.nio.file.Path;

/**
 * What a session needs of its surroundings.
 *
 * @param runId stored with each table version that the run writes
 * @param workFolder empty folder of this run for temporary files; the session's maker deletes it
 * @param connections the databases that nodes read and write
 */
public record SessionSettings(String runId, Path workFolder, Connections connections) {

    /** A session of a project that has nothing but folders. */
    public SessionSettings(String runId, Path workFolder) {
        this(runId, workFolder, Connections.NONE);
    }
}
