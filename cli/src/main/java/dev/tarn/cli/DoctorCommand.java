package dev.tarn.cli;

import dev.tarn.cli.doctor.Finding;
import dev.tarn.cli.doctor.Finding.Status;
import dev.tarn.cli.doctor.Machine;
import dev.tarn.cli.doctor.MachineChecks;
import dev.tarn.cli.doctor.ProjectChecks;
import dev.tarn.cli.doctor.ServiceChecks;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.DoctorText;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.connection.LocalConnection;
import dev.tarn.core.engine.Engine;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.source.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tarn doctor}: says whether the machine and the project are fit for a run, and what to do if not. */
@Command(
        name = "doctor",
        description = {
            "Check the machine and the project: Java, engine, folders, disks, connections, services, history.",
            "Looks and connects only, and changes nothing. The exit code is 1 if something is broken."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DoctorCommand implements Callable<Integer> {

    private final Console console;
    private final Supplier<Machine> machine;

    @Mixin
    private ProjectOptions options = new ProjectOptions();

    DoctorCommand(Console console) {
        this(console, () -> Machine.current(DoctorCommand::engineVersion));
    }

    /** Looks at another machine. */
    DoctorCommand(Console console, Supplier<Machine> machine) {
        this.console = console;
        this.machine = machine;
    }

    static String engineVersion() {
        try (Engine engine = LoadedProject.factories().get(0).create()) {
            return engine.version();
        }
    }

    @Override
    public Integer call() {
        MachineChecks checks = new MachineChecks(machine.get());
        Finding engine = checks.engine();
        List<Finding> findings = new ArrayList<>(List.of(checks.java(), engine, checks.cache()));
        findings.addAll(checks.temporary());
        findings.addAll(project(checks, engine.status() == Status.OK));
        findings.add(checks.terminal(console.live(), console.colours()));
        if (options.json()) {
            new DoctorText(console).json(findings, Version.number());
        } else {
            new DoctorText(console).print(findings);
        }
        return findings.stream().anyMatch(finding -> finding.status() == Status.ERROR) ? ExitCode.FAILED : ExitCode.OK;
    }

    private List<Finding> project(MachineChecks checks, boolean engineLoads) {
        if (!engineLoads) {
            return withoutEngine(checks);
        }
        try (LoadedProject loaded =
                LoadedProject.load(options.path(), options.environment, options.engine, console.redaction())) {
            return project(checks, loaded.whole(), loaded.problems());
        }
    }

    /** The texts alone: what only the engine knows to be wrong is not found. */
    private List<Finding> withoutEngine(MachineChecks checks) {
        Problems problems = new Problems();
        Project project = new ProjectLoader(System.getenv(), Clock.systemUTC(), console.redaction())
                .load(options.path(), options.environment, problems);
        return project(checks, new Plan(project, List.of()), problems);
    }

    private List<Finding> project(MachineChecks checks, Plan plan, Problems problems) {
        if (hasNoProject(problems)) {
            String message = "there is no project in '" + options.path() + "'; name one to have it checked, too";
            return List.of(Finding.ok("project", message));
        }
        Project project = plan.project();
        int nodes = project.pipelines().stream().mapToInt(p -> p.nodes().size()).sum();
        List<Finding> findings = new ArrayList<>();
        findings.add(ProjectChecks.validity(project, nodes, problems));
        Path directory = project.directory();
        if (Files.isDirectory(directory)) {
            findings.addAll(ProjectChecks.connections(plan));
            findings.addAll(servers(project));
            findings.addAll(ServiceChecks.of(directory, System.getenv()));
            findings.add(checks.space("disk space", directory));
            findings.add(ProjectChecks.state(directory));
            findings.add(ProjectChecks.history(directory));
        }
        return findings;
    }

    /** Connects to the servers that the project names. */
    private List<Finding> servers(Project project) {
        Connections all = new ProjectConnections(options.path(), project, console.redaction()).all();
        return project.connections().stream()
                .filter(connection -> !(connection instanceof LocalConnection))
                .map(connection -> ConnectionTrial.of(connection, all))
                .toList();
    }

    /** A folder without a project file, which the loader reports at the folder itself. */
    private boolean hasNoProject(Problems problems) {
        return Files.isDirectory(options.path())
                && problems.all().stream()
                        .anyMatch(p ->
                                p.span().file().name().equals(options.path().toString()));
    }
}
