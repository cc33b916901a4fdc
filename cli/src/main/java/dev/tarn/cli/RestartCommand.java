package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ServicesText;
import dev.tarn.services.ServerState;
import dev.tarn.services.ServerStatus;
import dev.tarn.services.Stack;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tarn restart}: stops services and starts them again. */
@Command(
        name = "restart",
        description = "Stop running services and start them again, as they were.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RestartCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private StackOptions options = new StackOptions();

    RestartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        LocalStack local = new LocalStack(options, console);
        return local.run(() -> {
            Stack stack = local.stack();
            ServicesText text = new ServicesText(console);
            List<ServerStatus> statuses = stack.restart(local.existing(stack), text::changed);
            text.print(statuses, options.json());
            text.failures(statuses);
            boolean well = statuses.stream().allMatch(status -> status.state() == ServerState.HEALTHY);
            return well ? ExitCode.OK : ExitCode.FAILED;
        });
    }
}
