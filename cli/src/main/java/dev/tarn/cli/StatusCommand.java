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

/** {@code tarn status}: says how local services are. */
@Command(
        name = "status",
        description = {
            "Show local services: state, endpoint, memory, and how to reach them.",
            "The exit code is 1 if one has failed."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class StatusCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private StackOptions options = new StackOptions();

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        LocalStack local = new LocalStack(options, console);
        return local.run(() -> {
            Stack stack = local.stack();
            List<String> services = local.existing(stack);
            List<ServerStatus> statuses = stack.status().stream()
                    .filter(status -> services.contains(status.service()))
                    .toList();
            ServicesText text = new ServicesText(console);
            text.print(statuses, options.json());
            if (!options.json()) {
                text.clients(statuses);
            }
            text.failures(statuses);
            return statuses.stream().anyMatch(status -> status.state() == ServerState.FAILED)
                    ? ExitCode.FAILED
                    : ExitCode.OK;
        });
    }
}
