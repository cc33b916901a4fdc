package dev.tarn.core.project;

import dev.tarn.core.connection.LocalConnection;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.util.List;

/**
 * The whole declaration of what a user wants to run.
 *
 * @param engine the engine's name, such as {@code duckdb}
 * @param directory the project file's folder: relative paths start here, state is kept under its {@code .tarn}
 * @param span the project's name in the file
 */
public record Project(
        String name,
        String description,
        String version,
        String owner,
        String engine,
        Path directory,
        List<LocalConnection> connections,
        Retry retry,
        List<Pipeline> pipelines,
        SourceSpan span) {

    public Project {
        connections = List.copyOf(connections);
        pipelines = List.copyOf(pipelines);
    }
}
