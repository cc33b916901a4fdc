package dev.tarn.cli.log;

import dev.tarn.core.source.Problem;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs what is wrong with a project, where no person reads it. */
public final class ProblemLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.tarn.project");

    public void log(Problems problems) {
        problems.all().forEach(ProblemLog::log);
    }

    /** An error outside the project. */
    public void error(ProblemCode code, String message, String help) {
        LOG.atError().addKeyValue("code", code.id()).addKeyValue("help", help).log(message);
    }

    public void warning(String message, String help) {
        LOG.atWarn().addKeyValue("help", help).log(message);
    }

    private static void log(Problem problem) {
        Level level = switch (problem.severity()) {
            case ERROR -> Level.ERROR;
            case WARNING -> Level.WARN;
            case NOTE -> Level.INFO;
        };
        LOG.atLevel(level)
                .addKeyValue("code", problem.code().id())
                .addKeyValue("file", problem.span().file().name())
                .addKeyValue("line", problem.span().line())
                .addKeyValue("column", problem.span().column())
                .addKeyValue("help", problem.help().orElse(null))
                .log(problem.message());
    }
}
