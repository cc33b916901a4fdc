package dev.tarn.engine.spark.app;

import dev.tarn.core.connection.Redaction;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunListener;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** Tells of a run in lines for the log of a job. */
final class Lines implements RunListener {

    private final PrintStream out;
    private final Redaction redaction;

    Lines(PrintStream out, Redaction redaction) {
        this.out = out;
        this.redaction = redaction;
    }

    void problems(Problems problems) {
        for (Problem problem : problems.all()) {
            String severity = problem.severity().name().toLowerCase(Locale.ROOT);
            print(severity + "[" + problem.code().id() + "]: " + problem.span() + ": " + problem.message()
                    + problem.help().map(help -> "; " + help).orElse(""));
        }
    }

    String text(Failure failure) {
        return redaction.apply("error[" + failure.code().id() + "]: "
                + failure.span().map(span -> span + ": ").orElse("") + failure.message()
                + failure.help().map(help -> "; " + help).orElse(""));
    }

    @Override
    public void nodeRetrying(NodeId node, int attempt, Failure failure, Duration pause) {
        print("retry   " + node + "  try " + attempt + ": " + text(failure));
    }

    @Override
    public void nodeFinished(NodeResult result) {
        if (result instanceof NodeResult.Succeeded node) {
            String rejected = node.rowsRejected() == 0 ? "" : ", " + node.rowsRejected() + " rejected";
            print("ok      " + node.node() + "  " + count(node.rowsOut()) + " rows" + rejected + "  "
                    + seconds(node.duration()));
        } else if (result instanceof NodeResult.Failed node) {
            print("failed  " + node.node() + "  " + seconds(node.duration()));
            print(text(node.failure()));
        } else if (result instanceof NodeResult.Skipped node) {
            print("skipped " + node.node() + "  " + node.reason());
        }
    }

    @Override
    public void runFinished(RunResult result) {
        print("run " + result.runId() + (result.succeeded() ? " succeeded in " : " failed in ")
                + seconds(result.duration()) + ": " + result.successes().count() + " ok, "
                + result.failures().count() + " failed");
    }

    private static String count(OptionalLong rows) {
        return rows.isPresent() ? String.valueOf(rows.getAsLong()) : "-";
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1e3);
    }

    private synchronized void print(String line) {
        out.println(redaction.apply(line));
    }
}
