package dev.tarn.cli.render;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceSpan;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The results of {@code run} and {@code validate} as JSON. The schema's number changes when a field changes meaning. */
public final class RunJson {

    private static final String RUN = "tarn/run/v1";

    private final Console console;

    public RunJson(Console console) {
        this.console = console;
    }

    /** A run that did not start, because the project is wrong. */
    public void invalid(Problems problems) {
        Map<String, Object> json = start(RUN, "invalid");
        json.put("problems", problems(problems));
        print(json);
    }

    public void plan(Plan plan, Problems problems) {
        Map<String, Object> json = start("tarn/dry-run/v1", "planned");
        json.put("project", plan.project().name());
        json.put("nodes", plan.nodes().stream().map(RunJson::planned).toList());
        json.put("problems", problems(problems));
        print(json);
    }

    public void validation(Project project, Plan plan, Problems problems) {
        Map<String, Object> json = start("tarn/validate/v1", problems.hasErrors() ? "invalid" : "valid");
        json.put("project", project.name());
        json.put("nodes", plan.nodes().stream().map(n -> n.id().toString()).toList());
        json.put("problems", problems(problems));
        print(json);
    }

    public void result(Project project, RunResult result, Problems problems) {
        Map<String, Object> json = start(RUN, status(result));
        json.put("run_id", result.runId());
        json.put("project", project.name());
        json.put("started_at", result.started().toString());
        json.put("seconds", seconds(result.duration()));
        json.put("nodes", result.nodes().stream().map(RunJson::node).toList());
        json.put("problems", problems(problems));
        print(json);
    }

    private void print(Map<String, Object> json) {
        console.out().println(Json.text(json));
    }

    private static Map<String, Object> start(String schema, String status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", schema);
        json.put("status", status);
        return json;
    }

    private static String status(RunResult result) {
        if (result.interrupted()) {
            return "interrupted";
        }
        return result.succeeded() ? "succeeded" : "failed";
    }

    private static Map<String, Object> planned(PlannedNode node) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", node.id().toString());
        json.put("needs", sorted(node.needs()));
        json.put("after", sorted(node.after()));
        json.put("writes", node.node().write().map(w -> w.location().toString()).orElse(null));
        return json;
    }

    private static List<String> sorted(java.util.Set<NodeId> nodes) {
        return nodes.stream().map(NodeId::toString).sorted().toList();
    }

    private static Map<String, Object> node(NodeResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", result.node().toString());
        if (result instanceof NodeResult.Succeeded succeeded) {
            json.put("status", "succeeded");
            json.put("rows_in", number(succeeded.rowsIn()));
            json.put("rows_out", number(succeeded.rowsOut()));
            json.put("rows_rejected", succeeded.rowsRejected());
            json.put("attempts", succeeded.attempts());
            json.put(
                    "written",
                    succeeded.written().stream().map(RunJson::written).toList());
        } else if (result instanceof NodeResult.Failed failed) {
            json.put("status", failed.ignored() ? "failed_ignored" : "failed");
            json.put("attempts", failed.attempts());
            json.put("failure", failure(failed.failure()));
        } else if (result instanceof NodeResult.UpToDate upToDate) {
            json.put("status", "up_to_date");
            json.put("made_by", upToDate.madeBy());
        } else if (result instanceof NodeResult.Skipped skipped) {
            json.put("status", "skipped");
            json.put("reason", skipped.reason());
        }
        json.put("seconds", seconds(result.duration()));
        json.put("checks", result.checks().stream().map(RunJson::check).toList());
        return json;
    }

    private static Map<String, Object> written(NodeResult.Written written) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("target", written.target());
        json.put("version", number(written.version()));
        return json;
    }

    private static @Nullable Long number(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Map<String, Object> check(CheckResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("check", result.check().name());
        json.put("rule", result.check().rule());
        json.put("status", result.status().name().toLowerCase(Locale.ROOT));
        json.put("violations", result.violations());
        json.put("rows", result.rows());
        return json;
    }

    private static Map<String, Object> failure(Failure failure) {
        return described(failure.code().id(), failure.message(), failure.help(), failure.span());
    }

    private static List<Map<String, Object>> problems(Problems problems) {
        return problems.all().stream().map(RunJson::problem).toList();
    }

    private static Map<String, Object> problem(Problem problem) {
        Map<String, Object> json =
                described(problem.code().id(), problem.message(), problem.help(), Optional.of(problem.span()));
        json.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
        return json;
    }

    private static Map<String, Object> described(
            String code, String message, Optional<String> help, Optional<SourceSpan> span) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", code);
        json.put("message", message);
        json.put("help", help.orElse(null));
        json.put("file", span.map(s -> s.file().name()).orElse(null));
        json.put("line", span.map(SourceSpan::line).orElse(null));
        json.put("column", span.map(SourceSpan::column).orElse(null));
        return json;
    }
}
