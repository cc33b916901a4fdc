package dev.tarn.cli;

import dev.tarn.cli.doctor.Finding;
import dev.tarn.cli.doctor.Finding.Status;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.DoctorText;
import dev.tarn.cli.render.ProblemJson;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.core.connection.Connection;
import dev.tarn.core.connection.Connections;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.Problems;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn connection}: tries the connections of a project. */
@Command(
        name = "connection",
        description = "Try the connections of a project.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class ConnectionCommand implements Runnable {

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConnectionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "connection needs: test");
    }

    @Command(
            name = "test",
            description = {
                "Connect, and say who answers or why not. Reads and writes nothing.",
                "The exit code is 1 if a connection fails."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int test(
            @Parameters(arity = "0..*", paramLabel = "NAME", description = "Connections by name (default: all).")
                    List<String> names,
            @Mixin CommonOptions options) {
        Path path = ProjectPath.of(Optional.empty(), options.project);
        Problems problems = new Problems();
        Project project = new ProjectLoader(System.getenv(), Clock.systemUTC(), console.redaction())
                .load(path, options.environment, problems);
        if (problems.hasErrors()) {
            if (options.json()) {
                new ProblemJson(console).invalid("tarn/connections/v1", problems);
            }
            new ProblemText(console).print(problems);
            return ExitCode.INVALID;
        }
        List<Connection> wanted = wanted(names == null ? List.of() : names, project.connections());
        Connections all = new ProjectConnections(path, project, console.redaction()).all();
        List<Finding> findings =
                wanted.stream().map(c -> ConnectionTrial.of(c, all)).toList();
        if (options.json()) {
            new DoctorText(console).json(findings, Version.number());
        } else {
            new DoctorText(console).print(findings);
        }
        return findings.stream().anyMatch(f -> f.status() == Status.ERROR) ? ExitCode.FAILED : ExitCode.OK;
    }

    private static List<Connection> wanted(List<String> names, List<Connection> declared) {
        List<String> known = declared.stream().map(Connection::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new UsageException(
                        "there is no connection " + Names.quoted(name),
                        Names.didYouMean(name, known).orElse("declared: " + String.join(", ", known)));
            }
        }
        return declared.stream()
                .filter(c -> names.isEmpty() || names.contains(c.name()))
                .toList();
    }
}
