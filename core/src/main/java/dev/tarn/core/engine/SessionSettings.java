package dev.tarn.core.engine;

import java.nio.file.Path;

/**
 * What a session needs of its surroundings.
 *
 * @param runId stored with each table version that the run writes
 * @param workFolder empty folder of this run for temporary files; the session's maker deletes it
 */
public record SessionSettings(String runId, Path workFolder) {}
