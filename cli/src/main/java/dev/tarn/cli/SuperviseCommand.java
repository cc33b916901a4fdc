package dev.tarn.cli;

import dev.tarn.core.run.Cancellation;
import dev.tarn.services.SupervisorProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What {@code tarn up} leaves behind: watches the services of a project. */
@Command(name = SuperviseCommand.NAME, hidden = true, description = "Watch the services of a project.")
final class SuperviseCommand implements Callable<Integer> {

    static final String NAME = "supervise";

    private final Cancellation interrupt;

    @Parameters(index = "0", paramLabel = "FOLDER", description = "The project's folder.")
    private Path folder = Path.of(".");

    SuperviseCommand(Cancellation interrupt) {
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() throws Exception {
        SupervisorProcess.run(folder, System.getenv(), Clock.systemUTC(), interrupt::isRequested);
        return ExitCode.OK;
    }
}
