package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.FetchProgress;
import dev.tarn.cli.render.ProblemJson;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.cli.render.ServicesText;
import dev.tarn.core.source.Problems;
import dev.tarn.provision.Provisioner;
import dev.tarn.services.ServerState;
import dev.tarn.services.ServerStatus;
import dev.tarn.services.ServiceSpec;
import dev.tarn.services.Stack;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tarn up}: starts local services. */
@Command(
        name = "up",
        description = "Start local services: databases, brokers, monitoring. They stay until 'tarn down'.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class UpCommand implements Callable<Integer> {

    private static final String SCHEMA = "tarn/services/v1";

    private final Console console;

    @Mixin
    private StackOptions options = new StackOptions();

    @Option(names = "--fetch", description = "Only fetch what the services need, and start nothing.")
    private boolean fetchOnly;

    @Option(names = "--compose", description = "Print the same services as a compose file for Docker; start nothing.")
    private boolean compose;

    @Option(names = "--offline", description = "Fetch nothing (also: TARN_OFFLINE=1).")
    private boolean offline;

    UpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        LocalStack local = new LocalStack(options, console);
        Problems problems = new Problems();
        List<ServiceSpec> wanted = local.wanted(problems);
        if (problems.hasErrors()) {
            if (options.json()) {
                new ProblemJson(console).invalid(SCHEMA, problems);
            }
            new ProblemText(console).print(problems);
            return ExitCode.INVALID;
        }
        if (compose) {
            new ServicesText(console).compose(wanted, options.json());
            return ExitCode.OK;
        }
        return local.run(() -> {
            Stack stack = local.stack();
            stack.fetch(
                    wanted,
                    new Provisioner(
                            Provisioner.userCache(System.getenv()),
                            offline || Provisioner.isOffline(System.getenv()),
                            System.getenv(),
                            new FetchProgress(console)));
            if (fetchOnly) {
                new ServicesText(console)
                        .fetched(wanted.stream().map(ServiceSpec::name).toList(), options.json());
                return ExitCode.OK;
            }
            ServicesText text = new ServicesText(console);
            return finish(text, stack.up(wanted, text::changed));
        });
    }

    private int finish(ServicesText text, List<ServerStatus> statuses) {
        boolean well = statuses.stream().allMatch(status -> status.state() == ServerState.HEALTHY);
        text.print(statuses, options.json());
        text.failures(statuses);
        return well ? ExitCode.OK : ExitCode.FAILED;
    }
}
