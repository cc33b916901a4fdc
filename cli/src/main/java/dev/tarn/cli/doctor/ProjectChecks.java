package dev.tarn.cli.doctor;

import dev.tarn.core.connection.LocalConnection;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.Project;
import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.Severity;
import dev.tarn.core.state.history.HistoryException;
import dev.tarn.core.state.history.RunHistory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks at what a project says, and at the folders that it names. */
public final class ProjectChecks {

    private ProjectChecks() {}

    /** Whether it can be run; the first thing that is wrong stands for all. */
    public static Finding validity(Project project, int nodes, Problems problems) {
        long errors = problems.all().stream()
                .filter(p -> p.severity() == Severity.ERROR)
                .count();
        long warnings = problems.all().stream()
                .filter(p -> p.severity() == Severity.WARNING)
                .count();
        Optional<Problem> first = problems.all().stream()
                .filter(p -> p.severity() == (errors > 0 ? Severity.ERROR : Severity.WARNING))
                .findFirst();
        String help = "'tarn validate' shows all that is wrong";
        if (errors > 0) {
            return Finding.error(
                    "project",
                    count(errors, "error") + first.map(ProjectChecks::text).orElse(""),
                    help);
        }
        String valid = "'" + project.name() + "' is valid: " + count(nodes, "node");
        return warnings > 0
                ? Finding.warning(
                        "project",
                        valid + ", " + count(warnings, "warning")
                                + first.map(ProjectChecks::text).orElse(""),
                        help)
                : Finding.ok("project", valid);
    }

    private static String text(Problem problem) {
        return ", first " + problem.span() + ": " + problem.message();
    }

    private static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /** Each connection's folder, by what nodes do there; of a project without a plan that is not known. */
    public static List<Finding> connections(Plan plan) {
        if (plan.nodes().isEmpty()
                && plan.project().pipelines().stream().anyMatch(p -> !p.nodes().isEmpty())) {
            return List.of(Finding.warning(
                    "connections",
                    "not looked at, because the nodes could not be planned",
                    "mend what is broken first"));
        }
        return plan.project().connections().stream()
                .filter(LocalConnection.class::isInstance)
                .map(LocalConnection.class::cast)
                .map(connection -> connection(connection, plan))
                .toList();
    }

    private static Finding connection(LocalConnection connection, Plan plan) {
        String check = "connection " + connection.name();
        Folder folder = new Folder(connection.basePath());
        Optional<PlannedNode> reader =
                plan.nodes().stream().filter(n -> reads(n, connection, plan)).findFirst();
        Optional<PlannedNode> writer =
                plan.nodes().stream().filter(n -> writes(n, connection)).findFirst();
        String declared = "base_path at " + connection.span();
        if (reader.isPresent() && folder.unreadable().isPresent()) {
            return Finding.error(
                    check,
                    folder.unreadable().get() + ", and " + reader.get().id() + " reads from it",
                    "make it readable, or correct " + declared);
        }
        if (writer.isPresent() && folder.unwritable().isPresent()) {
            return Finding.error(
                    check,
                    folder.unwritable().get() + ", and " + writer.get().id() + " writes to it",
                    "make it writable, or correct " + declared);
        }
        if (folder.exists()) {
            return Finding.ok(
                    check, "'" + folder.path() + "'" + (writer.isPresent() ? " is writable" : " is readable"));
        }
        return writer.isPresent()
                ? Finding.ok(check, "'" + folder.path() + "' will be made by the first run")
                : Finding.warning(
                        check,
                        folder.unreadable().orElse("'" + folder.path() + "' is no folder"),
                        "make it, or correct " + declared);
    }

    /** What nodes write themselves need not be there. */
    private static boolean reads(PlannedNode node, LocalConnection connection, Plan plan) {
        return node.inputs().stream()
                .anyMatch(input -> input instanceof Input.External external
                        && external.read().location().connection().equals(connection.name())
                        && !plan.writes(external.read().location().path()));
    }

    private static boolean writes(PlannedNode node, LocalConnection connection) {
        return node.writes().stream()
                .anyMatch(write -> write.location().connection().equals(connection.name()));
    }

    /** The folder in which runs keep their state. */
    public static Finding state(Path projectDirectory) {
        Folder folder = new Folder(projectDirectory.resolve(".tarn"));
        return folder.unwritable()
                .map(why -> Finding.error("state", why, "runs keep their state there: make it a writable folder"))
                .orElseGet(() -> Finding.ok(
                        "state",
                        "'" + folder.path() + "' "
                                + (folder.exists() ? "is writable" : "will be made by the first run")));
    }

    /** The database of runs. */
    public static Finding history(Path projectDirectory) {
        try {
            return Finding.ok(
                    "history",
                    RunHistory.check(projectDirectory)
                            .map(runs -> count(runs, "run") + ", the database is sound")
                            .orElse("nothing ran here so far"));
        } catch (HistoryException e) {
            return Finding.error("history", String.valueOf(e.getMessage()), e.help());
        }
    }
}
