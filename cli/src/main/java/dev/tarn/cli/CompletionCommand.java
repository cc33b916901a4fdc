package dev.tarn.cli;

import dev.tarn.cli.complete.Completion;
import dev.tarn.cli.complete.Shell;
import dev.tarn.cli.render.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn completion}: prints a script that completes commands, options and nodes in a shell. */
@Command(
        name = "completion",
        description = "Print a script that lets a shell complete tarn's commands, options and nodes.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class CompletionCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish.")
    private Shell shell = Shell.BASH;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.out().print(Completion.script(shell, spec.root()));
        console.out().flush();
        return ExitCode.OK;
    }
}
