package dev.tarn.cli.render;

import dev.tarn.core.check.CheckResult;
import dev.tarn.core.engine.Failure;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Project;
import dev.tarn.core.run.NodeResult;
import dev.tarn.core.run.RunResult;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The results of {@code run} and {@code validate} as JSON. */
public final class RunJson {

    private final Console console;

    public RunJson(Console console) {
        this.console = console;
    }

    public void plan(Plan plan, Problems problems) {
        Map<String, Object> json = Json.answer("tarn/dry-run/v1", "planned");
        json.put("project", plan.project().name());
        json.put("environment", environment(plan.project()));
        json.put("nodes", plan.nodes().stream().map(RunJson::planned).toList());
        json.put("problems", ProblemJson.list(problems));
        print(json);
    }

    public void validation(Project project, Plan plan, Problems problems) {
        Map<String, Object> json = Json.answer("tarn/validate/v1", problems.hasErrors() ? "invalid" : "valid");
        json.put("project", project.name());
        json.put("environment", environment(project));
        json.put("nodes", plan.nodes().stream().map(n -> n.id().toString()).toList());
        json.put("problems", ProblemJson.list(problems));
        print(json);
    }

    /**
     * What came of a run.
     *
     * @param story the page that tells of it
     */
    public void result(Project project, RunResult result, Optional<Path> story, Problems problems) {
        Map<String, Object> json = Json.answer("tarn/run/v1", status(result));
        json.put("run_id", result.runId());
        json.put("project", project.name());
        json.put("environment", environment(project));
        json.put("started_at", result.started().toString());
        json.put("seconds", seconds(result.duration()));
        json.put("story", story.map(Path::toString).orElse(null));
        json.put("nodes", result.nodes().stream().map(RunJson::node).toList());
        json.put("problems", ProblemJson.list(problems));
        print(json);
    }

    /** The answer of a run, or of a dry one, that has nothing to do. */
    public void nothing(Project project, boolean dry, Problems problems) {
        Map<String, Object> json = Json.answer(dry ? "tarn/dry-run/v1" : "tarn/run/v1", "nothing_to_do");
        json.put("project", project.name());
        json.put("environment", environment(project));
        json.put("nodes", List.of());
        json.put("problems", ProblemJson.list(problems));
        print(json);
    }

    private static @Nullable String environment(Project project) {
        return project.environment().isEmpty() ? null : project.environment();
    }

    private void print(Map<String, Object> json) {
        console.out().println(Json.text(json));
    }

    static String status(RunResult result) {
        if (result.interrupted()) {
            return "interrupted";
        }
        return result.succeeded() ? "succeeded" : "failed";
    }

    private static Map<String, Object> planned(PlannedNode node) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", node.id().toString());
        json.put("helper", node.helper());
        json.put("needs", sorted(node.needs()));
        json.put("after", sorted(node.after()));
        json.put("writes", node.node().write().map(w -> w.location().toString()).orElse(null));
        json.put("pre_sql", texts(node.node().statements().before()));
        json.put("post_sql", texts(node.node().statements().after()));
        return json;
    }

    private static List<String> texts(List<MappedText> statements) {
        return statements.stream().map(MappedText::text).toList();
    }

    private static List<String> sorted(java.util.Set<NodeId> nodes) {
        return nodes.stream().map(NodeId::toString).sorted().toList();
    }

    static Map<String, Object> node(NodeResult result) {
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
        return ProblemJson.described(failure.code().id(), failure.message(), failure.help(), failure.span());
    }
}
