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

    static LoadedProject load(Path path, Optional<String> environment, Redaction redaction) {
        List<EngineFactory> factories = factories();
        // The engine that most projects want gets ready while the project is read.
        Engine usual = factories.get(0).create();
        Problems problems = new Problems();
        Project project =
                new ProjectLoader(System.getenv(), Clock.systemUTC(), redaction).load(path, environment, problems);
        Engine engine = engine(project, factories, usual, problems);
        Plan plan = Planner.plan(project, engine, problems);
        return new LoadedProject(project, engine, plan, plan, problems);
    }

    /** The engines that there are, the usual one first. */
    static List<EngineFactory> factories() {
        List<EngineFactory> factories = new ArrayList<>();
        ServiceLoader.load(EngineFactory.class).forEach(factories::add);
        if (factories.isEmpty()) {
            throw new IllegalStateException("no engine on the class path");
        }
        return factories;
    }

    /** The project's engine; for an unknown one the usual one, so that the rest can be checked all the same. */
    private static Engine engine(Project project, List<EngineFactory> factories, Engine usual, Problems problems) {
        EngineFactory wanted = factories.stream()
                .filter(f -> f.names().contains(project.engine()))
                .findFirst()
                .orElseGet(() -> unknown(project, factories, problems));
        if (wanted == factories.get(0)) {
            return usual;
        }
        usual.close();
        return wanted.create();
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
