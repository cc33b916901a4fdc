package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ProblemJson;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.core.connection.Redaction;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.EngineFactory;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.Planner;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * A project with its engine and plan, and everything that is wrong with it.
 *
 * @param whole the plan of all nodes
 * @param plan the plan of the selected ones; can be run only if {@code problems} has no error
 */
record LoadedProject(Project project, Engine engine, Plan whole, Plan plan, Problems problems)
        implements AutoCloseable {

    /** @param engineName the engine to take, whatever the project says */
    static LoadedProject load(
            Path path, Optional<String> environment, Optional<String> engineName, Redaction redaction) {
        List<EngineFactory> factories = factories();
        // The engine that most projects want gets ready while the project is read.
        Engine usual = factories.get(0).create();
        Problems problems = new Problems();
        refuseUnknown(engineName, factories);
        Project project =
                new ProjectLoader(System.getenv(), Clock.systemUTC(), redaction).load(path, environment, problems);
        Engine engine = engine(project, engineName.orElse(project.engine()), factories, usual, problems);
        Plan plan = Planner.plan(project, engine, problems);
        return new LoadedProject(project, engine, plan, plan, problems);
    }

    /** The engines that there are, the one that is wanted most first. */
    static List<EngineFactory> factories() {
        List<EngineFactory> factories = new ArrayList<>();
        ServiceLoader.load(EngineFactory.class).forEach(factories::add);
        if (factories.isEmpty()) {
            throw new IllegalStateException("no engine on the class path");
        }
        String first = SparkProcess.isThis() ? SparkProcess.ENGINE : "";
        factories.sort(Comparator.comparing(factory -> !factory.names().contains(first)));
        return factories;
    }

    private static void refuseUnknown(Optional<String> engine, List<EngineFactory> factories) {
        List<String> names = new ArrayList<>(
                factories.stream().flatMap(f -> f.names().stream()).toList());
        names.add(SparkProcess.ENGINE);
        if (engine.isPresent() && !names.contains(engine.get())) {
            throw new UsageException(
                    "unknown engine " + Names.quoted(engine.get()),
                    Names.didYouMean(engine.get(), names)
                            .orElse("engines are "
                                    + String.join(
                                            ", ", names.stream().distinct().toList())));
        }
    }

    /** The wanted engine; for an unknown one the usual one, so that the rest can be checked all the same. */
    private static Engine engine(
            Project project, String name, List<EngineFactory> factories, Engine usual, Problems problems) {
        Optional<EngineFactory> wanted =
                factories.stream().filter(f -> f.names().contains(name)).findFirst();
        if (wanted.isEmpty() && name.equals(SparkProcess.ENGINE)) {
            usual.close();
            throw new SparkNeededException(project.spark().version());
        }
        EngineFactory factory = wanted.orElseGet(() -> unknown(project, factories, problems));
        if (factory == factories.get(0)) {
            return usual;
        }
        usual.close();
        return factory.create();
    }

    private static EngineFactory unknown(Project project, List<EngineFactory> factories, Problems problems) {
        List<String> names = factories.stream().flatMap(f -> f.names().stream()).toList();
        problems.error(
                ProblemCode.UNKNOWN_ENGINE,
                project.span(),
                "unknown engine '" + project.engine() + "'",
                Names.didYouMean(project.engine(), names).orElse("engines are " + String.join(", ", names)));
        return factories.get(0);
    }

    /** Prints what is wrong, for a command that cannot do its work because of it. */
    int invalid(Console console, String schema, boolean json) {
        if (json) {
            new ProblemJson(console).invalid(schema, problems);
        }
        new ProblemText(console).print(problems);
        return ExitCode.INVALID;
    }

    /** The same project with a plan of the selected nodes. */
    LoadedProject only(Set<NodeId> nodes) {
        return nodes.size() == whole.nodes().size()
                ? this
                : new LoadedProject(project, engine, whole, whole.only(nodes, problems), problems);
    }

    String historyName() {
        return historyName(project);
    }

    /** Each environment has a history of its own: what is up to date in one says nothing of another. */
    static String historyName(Project project) {
        return project.name() + (project.environment().isEmpty() ? "" : "@" + project.environment());
    }

    @Override
    public void close() {
        engine.close();
    }
}
