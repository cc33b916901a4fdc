package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ServicesText;
import dev.tarn.services.Stack;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tarn down}: stops local services. */
@Command(
        name = "down",
        description = "Stop local services. Their data stay for the next 'tarn up'.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DownCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private StackOptions options = new StackOptions();

    @Option(
            names = {"-v", "--volumes"},
            description = "Remove their data, too.")
    private boolean removeData;

    DownCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        LocalStack local = new LocalStack(options, console);
        return local.run(() -> {
            Stack stack = local.stack();
            List<String> services = local.existing(stack);
            stack.down(options.services, removeData);
            new ServicesText(console).stopped(services, removeData, options.json());
            return ExitCode.OK;
        });
    }
}
