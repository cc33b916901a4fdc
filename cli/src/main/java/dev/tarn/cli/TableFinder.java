package dev.tarn.cli;

import dev.tarn.core.connection.LocalConnection;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Node;
import dev.tarn.core.project.Pipeline;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.project.Quarantine;
import dev.tarn.core.project.Write;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.lake.DeltaTable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the table that a command line names: a folder, or of a project's tables the one that a node writes or that a
 * connection has. The project need not be valid.
 */
final class TableFinder {

    private final Path place;
    private final Optional<String> environment;

    TableFinder(Path place, Optional<String> environment) {
        this.place = place;
        this.environment = environment;
    }

    DeltaTable find(String name) {
        Optional<Path> folder = path(name);
        if (folder.isPresent() && DeltaTable.isDeltaTable(folder.get())) {
            return DeltaTable.forPath(folder.get());
        }
        // With a colon it may be a path below a connection.
        boolean isPath = name.startsWith(".") || (name.matches(".*[/\\\\].*") && !name.contains(":"));
        boolean isThere = folder.filter(Files::exists).isPresent();
        if (isPath || folder.filter(TableFinder::hasLog).isPresent()) {
            throw noTable(name, folder);
        }
        Project project = project();
        if (project.name().isEmpty()) {
            throw isThere
                    ? noTable(name, folder)
                    : new UsageException(
                            "there is no Delta table at " + Names.quoted(name) + ", and no project in "
                                    + Names.quoted(place.toString()) + " that could know it",
                            "name a folder, or the project by '--project'");
        }
        return ofProject(project, name);
    }

    private static boolean hasLog(Path folder) {
        return Files.isDirectory(folder.resolve("_delta_log"));
    }

    private static UsageException noTable(String name, Optional<Path> folder) {
        String message = "there is no Delta table at " + Names.quoted(name);
        return folder.filter(TableFinder::hasLog).isPresent()
                ? new UsageException(
                        message + ": its '_delta_log' has no version in it",
                        "restore '_delta_log' from a backup if there was one; a write makes the first version")
                : new UsageException(message, "name the folder that has '_delta_log' in it");
    }

    private static Optional<Path> path(String name) {
        try {
            return Optional.of(Path.of(name));
        } catch (InvalidPathException isNone) {
            return Optional.empty();
        }
    }

    /** Whatever else is wrong with it, a wrong environment would mean the tables of another. */
    private Project project() {
        Problems problems = new Problems();
        Project project = new ProjectLoader(System.getenv(), Clock.systemUTC()).load(place, environment, problems);
        problems.all().stream()
                .filter(problem -> problem.code() == ProblemCode.UNKNOWN_ENVIRONMENT)
                .findFirst()
                .ifPresent(problem -> {
                    throw new UsageException(problem.message(), problem.help().orElse("name another by '--env'"));
                });
        return project;
    }

    private static DeltaTable ofProject(Project project, String name) {
        Map<String, Path> tables = tables(project);
        Path found = Optional.ofNullable(tables.get(name))
                .or(() -> ofConnection(project, name))
                .orElseThrow(() -> notFound(project, name, tables));
        if (!DeltaTable.isDeltaTable(found)) {
            throw new UsageException(
                    "table " + Names.quoted(name) + " has not been written yet: there is none at '" + found + "'",
                    "run the project first: tarn run");
        }
        return DeltaTable.forPath(found);
    }

    private static UsageException notFound(Project project, String name, Map<String, Path> tables) {
        List<String> nodes = nodes(project);
        List<String> called =
                nodes.stream().filter(node -> node.endsWith("." + name)).toList();
        if (called.size() > 1) {
            return new UsageException(
                    Names.quoted(name) + " is the name of " + called.size() + " nodes of project '" + project.name()
                            + "'",
                    "write " + String.join(" or ", called));
        }
        return new UsageException(
                "project '" + project.name() + "' has no Delta table " + Names.quoted(name),
                Names.didYouMean(name, tables.keySet())
                        .orElse(tables.isEmpty() ? "it writes none" : "it writes " + String.join(", ", nodes)));
    }

    /** The tables that nodes write, by each name that means one: the node's, with and without its pipeline, and its own. */
    private static Map<String, Path> tables(Project project) {
        Map<String, Path> tables = new LinkedHashMap<>();
        Set<String> ambiguous = new HashSet<>();
        for (Pipeline pipeline : project.pipelines()) {
            for (Node node : pipeline.nodes()) {
                node.write().filter(TableFinder::isDelta).ifPresent(write -> {
                    Path path = Path.of(write.location().path());
                    tables.put(node.id().toString(), path);
                    for (String each :
                            List.of(node.id().node(), write.location().declared())) {
                        Path other = tables.putIfAbsent(each, path);
                        if (other != null && !other.equals(path)) {
                            ambiguous.add(each);
                        }
                    }
                    addQualified(tables, write);
                });
                node.validation()
                        .quarantine()
                        .map(Quarantine::write)
                        .filter(TableFinder::isDelta)
                        .ifPresent(write -> {
                            tables.putIfAbsent(
                                    write.location().declared(),
                                    Path.of(write.location().path()));
                            addQualified(tables, write);
                        });
            }
        }
        ambiguous.forEach(tables::remove);
        return tables;
    }

    private static void addQualified(Map<String, Path> tables, Write write) {
        Path path = Path.of(write.location().path());
        tables.putIfAbsent(write.location().toString(), path);
        tables.putIfAbsent(
                write.location().connection() + "." + write.location().declared(), path);
    }

    private static boolean isDelta(Write write) {
        return write.format() == Format.DELTA;
    }

    private static List<String> nodes(Project project) {
        return project.pipelines().stream()
                .flatMap(pipeline -> pipeline.nodes().stream())
                .filter(node -> node.write().filter(TableFinder::isDelta).isPresent())
                .map(node -> node.id().toString())
                .toList();
    }

    /** A table that no node writes but that is below a connection's folder. */
    private static Optional<Path> ofConnection(Project project, String name) {
        return project.connections().stream()
                .filter(LocalConnection.class::isInstance)
                .map(LocalConnection.class::cast)
                .filter(connection ->
                        name.startsWith(connection.name() + ".") || name.startsWith(connection.name() + ":"))
                .flatMap(connection -> path(below(connection, name)).stream())
                .filter(DeltaTable::isDeltaTable)
                .findFirst();
    }

    private static String below(LocalConnection connection, String name) {
        return connection.basePath() + "/"
                + name.substring(connection.name().length() + 1).replace('.', '/');
    }
}
