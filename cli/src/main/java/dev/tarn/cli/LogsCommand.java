package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.LogText;
import dev.tarn.core.run.Cancellation;
import dev.tarn.services.Stack;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tarn logs}: prints what services have logged. */
@Command(
        name = "logs",
        description = "Print the last lines that services have logged.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class LogsCommand implements Callable<Integer> {

    private static final long LOOK_MILLIS = 200;

    private final Console console;
    private final Cancellation interrupt;

    @Mixin
    private StackOptions options = new StackOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with new lines until interrupted.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "Lines of each server (default: ${DEFAULT-VALUE}).")
    private int lines = 50;

    LogsCommand(Console console, Cancellation interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() throws InterruptedException {
        LocalStack local = new LocalStack(options, console);
        return local.run(() -> {
            Stack stack = local.stack();
            Map<String, Path> logs = new TreeMap<>();
            for (String service : local.existing(stack)) {
                logs.putAll(stack.logs(service));
            }
            LogText text = new LogText(console, logs);
            text.last(lines);
            while (follow && !interrupt.isRequested()) {
                text.added();
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            return ExitCode.OK;
        });
    }
}
