package dev.tarn.core.project;

import dev.tarn.core.connection.Connection;
import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.source.SourceSpan;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The whole declaration of what a user wants to run.
 *
 * @param engine the engine's name, such as {@code duckdb}
 * @param environment the environment that it is loaded for; empty for none
 * @param spark which Spark the engine {@code spark} is
 * @param directory the project file's folder: relative paths start here, state is kept under its {@code .tarn}
 * @param span the project's name in the file
 */
public record Project(
        String name,
        String description,
        String version,
        String owner,
        String engine,
        String environment,
        Path directory,
        List<Connection> connections,
        List<SecretScope> secrets,
        Retry retry,
        Logging logging,
        List<Pipeline> pipelines,
        List<StreamDeclaration> streams,
        StorySettings story,
        SparkSettings spark,
        SourceSpan span) {

    /** A project that says nothing of secrets, stories and logs. */
    public Project(
            String name,
            String description,
            String version,
            String owner,
            String engine,
            String environment,
            Path directory,
            List<? extends Connection> connections,
            Retry retry,
            List<Pipeline> pipelines,
            SourceSpan span) {
        this(
                name,
                description,
                version,
                owner,
                engine,
                environment,
                directory,
                List.copyOf(connections),
                List.of(),
                retry,
                Logging.NONE,
                pipelines,
                List.of(),
                StorySettings.in(directory),
                SparkSettings.NONE,
                span);
    }

    public Project {
        connections = List.copyOf(connections);
        secrets = List.copyOf(secrets);
        pipelines = List.copyOf(pipelines);
        streams = List.copyOf(streams);
    }

    /** The same project with other pipelines. */
    public Project with(List<Pipeline> others) {
        return new Project(
                name,
                description,
                version,
                owner,
                engine,
                environment,
                directory,
                connections,
                secrets,
                retry,
                logging,
                others,
                streams,
                story,
                spark,
                span);
    }

    /** The pipeline that a node of this project is in. */
    public Pipeline pipelineOf(NodeId node) {
        return pipelines.stream()
                .filter(pipeline -> pipeline.name().equals(node.pipeline()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no pipeline of " + node + " in project " + name));
    }

    /** A node's tags: its pipeline's and its own. */
    public List<String> tagsOf(Node node) {
        return Stream.concat(pipelineOf(node.id()).tags().stream(), node.tags().stream())
                .distinct()
                .toList();
    }
}
