package dev.tarn.cli;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.EngineFactory;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.Planner;
import dev.tarn.core.plan.PortablePart;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * What of a project every engine runs, planned for one of them.
 *
 * @param rest the nodes that were left out, and why
 */
record PortableProject(LoadedProject loaded, Map<NodeId, String> rest) implements AutoCloseable {

    static PortableProject load(ProjectOptions options, EngineFactory factory, Redaction redaction) {
        Problems problems = new Problems();
        Project whole = new ProjectLoader(System.getenv(), Clock.systemUTC(), redaction)
                .load(options.path(), options.environment, problems);
        Engine engine = factory.create();
        PortablePart part = PortablePart.of(whole, engine);
        boolean nothing = part.project().pipelines().stream()
                .allMatch(pipeline -> pipeline.nodes().isEmpty());
        if (nothing && !part.rest().isEmpty()) {
            reportNothing(whole, part.rest(), problems);
        }
        Plan plan = nothing ? new Plan(part.project(), List.of()) : Planner.plan(part.project(), engine, problems);
        return new PortableProject(new LoadedProject(part.project(), engine, plan, plan, problems), part.rest());
    }

    private static void reportNothing(Project project, Map<NodeId, String> rest, Problems problems) {
        Map.Entry<NodeId, String> first = rest.entrySet().iterator().next();
        problems.error(
                ProblemCode.NOTHING_TO_DO,
                project.span(),
                "no node of project '" + project.name() + "' runs on both engines: " + first.getKey() + " "
                        + first.getValue(),
                "write SQL that both understand, and say 'dialect: common' for the project or the node");
    }

    @Override
    public void close() {
        loaded.close();
    }
}
