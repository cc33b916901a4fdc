package dev.tarn.cli;

import dev.tarn.cli.log.RunLogs;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.Progress;
import dev.tarn.cli.render.ProgressMode;
import dev.tarn.cli.render.RecordText;
import dev.tarn.core.project.LogLevel;
import dev.tarn.core.project.Logging;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.run.RunListener;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a command that runs something takes about what it says meanwhile. */
final class ReportOptions {

    /** The form of a log. */
    enum LogFormat {
        TEXT,
        JSON
    }

    @Option(
            names = "--progress",
            paramLabel = "MODE",
            defaultValue = "auto",
            description = "auto, tty (live lines), plain, json (a line for each event) or quiet (default: "
                    + "${DEFAULT-VALUE}).")
    private ProgressMode progress = ProgressMode.AUTO;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "debug, info, warn or error, for all nodes (default: as the project says; info if there is a "
                    + "log at all).")
    private Optional<LogLevel> level = Optional.empty();

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "text or json, in which case all on standard error is JSON (default: as the project says, "
                    + "else text).")
    private Optional<LogFormat> format = Optional.empty();

    /** Whether standard error is for programs. */
    boolean isJson(Project project) {
        return format.map(f -> f == LogFormat.JSON)
                .or(() -> project.logging().json())
                .orElse(false);
    }

    RunLogs openLog(Console console, Project project) {
        Logging logging = project.logging();
        Map<NodeId, LogLevel> ofNodes = new HashMap<>();
        if (level.isEmpty()) {
            project.pipelines().stream()
                    .flatMap(pipeline -> pipeline.nodes().stream())
                    .forEach(node -> node.logLevel().ifPresent(own -> ofNodes.put(node.id(), own)));
        }
        return RunLogs.open(
                new RecordText(console, isJson(project), logging.metadata()),
                level.or(logging::level).or(() -> isAsked(logging) ? Optional.of(LogLevel.INFO) : Optional.empty()),
                ofNodes,
                Clock.systemUTC());
    }

    /** Progress and report say the same to people: nobody wants it twice who has not asked. */
    private boolean isAsked(Logging logging) {
        return format.isPresent() || !logging.equals(Logging.NONE);
    }

    RunListener progress(Console console, Project project) {
        ProgressMode mode = progress != ProgressMode.AUTO
                ? progress
                : isJson(project) ? ProgressMode.QUIET : console.live() ? ProgressMode.TTY : ProgressMode.PLAIN;
        return Progress.on(console, mode);
    }
}
