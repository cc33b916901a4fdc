package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.FetchProgress;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn stream}: lets Delta tables follow tables of a database. */
@Command(
        name = "stream",
        description = "Let Delta tables follow tables of a database, change by change.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class StreamCommand implements Runnable {

    private final Console console;
    private final Cancellation interrupt;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StreamCommand(Console console, Cancellation interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "stream needs one of: " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(
            name = "run",
            description = {
                "Follow until interrupted; what fails and may go away by itself is tried again.",
                "The exit code is 1 if the stream cannot go on."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int run(
            @Parameters(paramLabel = "STREAM", description = "The stream.") String stream,
            @Option(names = "--resync", description = "Read all tables again from the beginning.") boolean resync,
            @Mixin CommonOptions options)
            throws InterruptedException {
        return work(options, streams -> {
            Path debezium = fetch();
            return streams.runner(streams.find(stream), interrupt).run(debezium, resync);
        });
    }

    @Command(
            name = "start",
            description = {
                "Follow in the background. Returns when the streams are at work.",
                "The exit code is 1 if one does not come up."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int start(@Mixin StreamOptions options) throws InterruptedException {
        return work(options.common, streams -> {
            fetch();
            return streams.start(streams.wanted(options.streams), false);
        });
    }

    @Command(
            name = "stop",
            description =
                    "End streams in order. Their tables are whole; they go on where they were when started again.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int stop(@Mixin StreamOptions options) throws InterruptedException {
        return work(options.common, streams -> streams.stop(streams.wanted(options.streams)));
    }

    @Command(
            name = "status",
            description = {"Show how streams are.", "The exit code is 1 if one has failed."},
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int status(@Mixin StreamOptions options) throws InterruptedException {
        return work(options.common, streams -> streams.status(streams.wanted(options.streams)));
    }

    @Command(
            name = "lag",
            description = {
                "Show how far streams are behind their source, in seconds.",
                "With --max, the exit code is 1 if one is further behind, or does not run."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int lag(
            @Mixin StreamOptions options,
            @Option(names = "--max", paramLabel = "SECONDS", description = "What is still fine.") Optional<Double> max)
            throws InterruptedException {
        Optional<Double> limit = max == null ? Optional.empty() : max;
        return work(options.common, streams -> streams.lag(streams.wanted(options.streams), limit));
    }

    @Command(
            name = "verify",
            description = {
                "Compare the tables of streams with their source, by checksums of ranges of the key.",
                "The exit code is 1 if one is different."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int verify(
            @Mixin StreamOptions options,
            @Option(
                            names = "--wait",
                            paramLabel = "SECONDS",
                            defaultValue = "30",
                            description =
                                    "How long a table may be different before it counts (default: ${DEFAULT-VALUE}).")
                    int seconds)
            throws InterruptedException {
        return work(
                options.common,
                streams -> streams.verify(streams.wanted(options.streams), fetch(), Duration.ofSeconds(seconds)));
    }

    @Command(
            name = "resync",
            description = {
                "Read all tables of a stream again, and follow on from there in the background.",
                "The tables keep their rows until the new ones are whole."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int resync(
            @Parameters(paramLabel = "STREAM", description = "The stream; it must not run.") String stream,
            @Mixin CommonOptions options)
            throws InterruptedException {
        return work(options, streams -> {
            fetch();
            return streams.resync(streams.find(stream));
        });
    }

    private Path fetch() throws ProvisionException, IOException, InterruptedException {
        return StreamProcess.fetched(new Provisioner(
                Provisioner.userCache(System.getenv()),
                Provisioner.isOffline(System.getenv()),
                System.getenv(),
                new FetchProgress(console)));
    }

    /** What a command does with the streams of a project. */
    private interface Work {
        int on(Streams streams) throws ProvisionException, ConnectionException, IOException, InterruptedException;
    }

    private int work(CommonOptions options, Work work) throws InterruptedException {
        Optional<Streams> streams = Streams.load(options, console);
        if (streams.isEmpty()) {
            return ExitCode.INVALID;
        }
        try {
            return work.on(streams.get());
        } catch (ProvisionException e) {
            return failed(ProblemCode.NOT_PROVISIONED, String.valueOf(e.getMessage()), e.help(), options);
        } catch (ConnectionException e) {
            return failed(ProblemCode.CONNECTION_FAILED, String.valueOf(e.getMessage()), e.help(), options);
        } catch (IOException e) {
            return failed(
                    ProblemCode.STATE_UNWRITABLE,
                    "cannot work under .tarn/streams: " + e.getMessage(),
                    "check that the disk is not full and that you may write there",
                    options);
        }
    }

    private int failed(ProblemCode code, String message, String help, CommonOptions options) {
        new ErrorText(console).environment(code, message, help, options.json());
        return ExitCode.FAILED;
    }
}
