package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.cli.render.RunJson;
import dev.tarn.core.source.Counted;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tarn validate}: finds what is wrong with a project without running it. */
@Command(
        name = "validate",
        addMethodSubcommands = false,
        description = "Find everything that is wrong with a project, without running it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ValidateCommand implements Callable<Integer> {

    private final Console console;
    private final ProjectLoading loading;

    @Mixin
    private ProjectOptions project = new ProjectOptions();

    ValidateCommand(Console console, ProjectLoading loading) {
        this.console = console;
        this.loading = loading;
    }

    @Override
    public Integer call() {
        try (LoadedProject loaded = loading.load(project)) {
            boolean valid = !loaded.problems().hasErrors();
            new ProblemText(console).print(loaded.problems());
            if (project.json()) {
                new RunJson(console).validation(loaded.project(), loaded.plan(), loaded.problems());
            } else if (valid) {
                int nodes = loaded.plan().nodes().size();
                console.out().println("'" + loaded.project().name() + "' is valid: " + Counted.of(nodes, "node"));
            }
            return valid ? ExitCode.OK : ExitCode.INVALID;
        }
    }
}
